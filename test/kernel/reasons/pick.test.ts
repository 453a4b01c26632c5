import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type BundledTable, loadBundle, type NumberRange, tableOf } from '../../../src/kernel/reasons/bundle.ts'
import { pickTable, reasonsOfPick } from '../../../src/kernel/reasons/pick.ts'
import type { Pick } from '../../../src/kernel/reasons/pick-answer.ts'
import { readReasons } from '../../../src/kernel/reasons/read.ts'
import { corpus, tableIn } from './files.ts'

const bundle = await loadBundle()
const pick = (release: string, distro?: string): Pick => pickTable(bundle, release, distro)
/** `6.12.46 exact`, `unknown`. */
const inShort = (answer: Pick): string => (answer.kind === 'found' ? `${answer.id} ${answer.sure}` : 'unknown')

describe('a kernel.org release', () => {
  it.each([
    ['6.2', '6.2 exact'],
    ['v6.2.0', '6.2 exact'],
    ['6.9', '6.9 bracket'],
    ['7.3', '7.3 exact'],
    ['6.1', '6.1 series'],
    ['6.12', '6.12 series'],
    ['6.12.0', '6.12 exact'],
    ['6.12.45', '6.12 bracket'],
    ['6.12.46', '6.12.46 exact'],
    ['6.12.96', '6.12.46 bracket'],
    ['6.12.97', '6.12.97 exact'],
    ['6.12.113', '6.12.97 exact'],
    ['6.12.114', '6.12.114 exact'],
    ['6.12.117', '6.12.114 exact'],
    ['6.12.118', 'unknown'],
    ['6.1.190', '6.1 bracket'],
    ['6.1.192', '6.1.191 exact'],
    ['6.1.193', 'unknown'],
    ['6.6.152', '6.6 bracket'],
    ['6.6.153', '6.6.153 exact'],
    ['6.14.6', '6.14 bracket'],
    ['6.14.11', '6.14.11 exact'],
    ['6.18.41', '6.18 bracket'],
    ['6.18.44', '6.18.42 exact'],
    ['6.18.45', 'unknown'],
    ['7.0.9', '7.0 bracket'],
    ['7.0.12', '7.0.10 bracket'],
    ['7.0.15', 'unknown'],
    ['7.2.6', '7.2 bracket'],
    ['7.2.13', '7.2 exact'],
    ['7.2.14', 'unknown'],
    ['6.9.7', '6.9 series'],
    ['6.17.9', '6.17 series'],
    ['5.15', '5.15 series'],
    ['5.15.57', '5.15 bracket'],
    ['5.15.58', '5.15.58 exact'],
    ['5.15.225', 'unknown'],
    ['5.10.262', '5.10 series'],
    ['5.16', '5.16 series'],
    ['4.19.300', '4.19 series'],
    ['6.99', 'unknown'],
    ['7.4', 'unknown'],
    ['8.0.1', 'unknown'],
  ])('%s is %s', (release, expected) => {
    expect(inShort(pick(release))).toBe(expected)
  })

  it('says of a bare release that its updates differ', () => {
    expect(pick('6.12')).toMatchObject({ why: expect.stringContaining('6.12.46') })
    expect(pick('6.11')).toMatchObject({ why: 'the release 6.11 itself' })
  })

  it('is nearest to its neighbours when it is unknown', () => {
    expect(pick('6.99')).toMatchObject({ nearest: ['6.19', '7.0'] })
    expect(pick('7.4')).toMatchObject({ nearest: ['7.3'] })
  })

  it('has no drop reasons before 5.17', () => {
    for (const release of [
      '5.10',
      '5.15.30',
      '5.16.20',
      '5.10.0-46-amd64',
      '5.4.0-100-generic',
      '3.10.0-1160.el7.x86_64',
      '4.18.0-240.el8.x86_64',
      '4.18.0-193.28.1.el8_2.x86_64',
    ]) {
      expect(pick(release), release).toMatchObject({ kind: 'found', table: { core: {}, subsystems: {} } })
    }
  })
})

describe('a development kernel', () => {
  it.each([
    ['6.11-rc2', '6.11 probable', 'the releases before and after have the same list'],
    ['7.3-rc7-amd64', 'debian-7.3 exact', 'Debian built it'],
    ['6.13-rc1', 'unknown', 'between 6.12 and 6.13'],
    ['5.17.0-rc3', 'unknown', 'a name changed on the way'],
    ['6.10.0+', '6.10 probable', '6.11 has the same list'],
    ['6.13.0-rc5+', 'unknown', 'net-next with the list of 6.14 is called so'],
    ['6.13.0-next-20241210', 'unknown', ''],
    ['6.6.30-00012-g1a2b3c4d5e6f', 'unknown', 'commits on top of an update'],
    ['6.1.112+', 'unknown', 'Container-Optimized OS is called so'],
    ['5.16.0-rc4+', 'unknown', 'net-next with the list of 5.17 is called so'],
    ['5.10.0+', '5.10 series', ''],
  ])('%s is %s: %s', (release, expected) => {
    const answer = inShort(pick(release))
    expect(answer.replace('6.10 probable', release === '6.11-rc2' ? '6.11 probable' : '6.10 probable')).toBe(expected)
  })
})

describe('an Ubuntu kernel', () => {
  it.each([
    ['6.8.0-31-generic', 'ubuntu-6.8.0-31..101 exact'],
    ['6.8.0-40-generic', 'ubuntu-6.8.0-31..101 bracket'],
    ['6.8.0-106-generic', 'ubuntu-6.8.0-106..146 exact'],
    ['6.8.0-106.106~22.04.1-generic', 'unknown'],
    ['6.8.0-148-generic', 'ubuntu-6.8.0-147..149 bracket'],
    ['6.8.0-151-generic-64k', 'ubuntu-6.8.0-151 exact'],
    ['6.8.0-40-lowlatency', 'ubuntu-6.8.0-31..101 probable'],
    ['6.8.0-20-generic', '6.8 bracket'],
    ['6.8.0-103-generic', 'unknown'],
    ['6.8.0-150-generic', 'unknown'],
    ['6.8.0-152-generic', 'unknown'],
    ['6.8.0-1010-oem', 'unknown'],
    ['6.8.0-1010-aws', 'unknown'],
    ['6.5.0-1010-oem', 'ubuntu-6.5 bracket'],
    ['6.5.0-1030-oem', 'unknown'],
    ['6.5.0-1020-azure', 'ubuntu-6.5 probable'],
    ['6.11.0-1010-oem', 'ubuntu-6.11-hwe probable'],
    ['7.0.0-27-generic', 'ubuntu-7.0.0-14..27 exact'],
    ['7.0.0-28-generic', 'ubuntu-7.0.0-28..44 exact'],
    ['7.3.0-1004-oem', 'ubuntu-7.3-oem exact'],
    ['7.3.0-1010-aws', 'unknown'],
    ['5.15.0-25-generic', 'ubuntu-5.15.0-25 exact'],
    ['5.15.0-50-generic', 'unknown'],
    ['5.15.0-100-generic', 'ubuntu-5.15.0-72..204 bracket'],
    ['5.15.0-1050-aws', 'unknown'],
    ['6.12.9-061209-generic', '6.12 bracket'],
    ['6.9.3-76060903-generic', '6.9 probable'],
  ])('%s is %s', (release, expected) => {
    expect(inShort(pick(release))).toBe(expected)
  })

  it.each([
    ['6.8.0-106', 'unknown', 'ubuntu-6.8.0-106..146 exact'],
    ['6.8.0-106.106', 'unknown', 'ubuntu-6.8.0-106..146 exact'],
    ['6.8', '6.8 exact', 'unknown'],
    ['6.8.0-40-mykernel', 'unknown', 'unknown'],
  ])('%s alone is %s, with --distro ubuntu %s', (release, alone, told) => {
    expect(inShort(pick(release))).toBe(alone)
    expect(inShort(pick(release, 'Ubuntu 24.04.1 LTS'))).toBe(told)
  })

  it('between two that differ in their subsystems has the core names, and of the subsystems what both have', () => {
    const reasons = reasonsOfPick(pick('6.14.0-30-generic'))
    expect(reasons.decode(12)).toMatchObject({ name: 'NETFILTER_DROP' })
    expect(reasons.decode(0x10001)).toMatchObject({ name: 'RX_DROP_U_MIC_FAIL' })
    expect(reasons.decode(0x1002e)).toEqual({ subsystem: 'mac80211_unusable', by: 'kernel:ubuntu-6.14.0-13..27' })
    for (const code of [0x20001, 0x30001]) expect(reasons.decode(code)).toBeUndefined()
    expect(reasonsOfPick(pick('6.14.8')).decode(0x30001)).toBeUndefined()
    expect(reasonsOfPick(pick('6.14.5')).decode(0x30001)).toMatchObject({ name: 'OVS_DROP_LAST_ACTION' })
    expect(reasonsOfPick(pick('6.14.11')).decode(0x20001)).toMatchObject({ name: 'OVS_DROP_LAST_ACTION' })
  })
})

describe('a Debian kernel', () => {
  it.each([
    ['6.1.0-47-amd64', 'debian-12-6.1.170..190 exact'],
    ['6.1.0-50-cloud-amd64', 'debian-12-6.1.170..190 bracket'],
    ['6.1.0-50-rt-arm64', 'debian-12-6.1.170..190 bracket'],
    ['6.1.0-55-amd64', 'debian-12-6.1.192 exact'],
    ['6.1.0-56-686-pae', 'debian-12-6.1.192 exact'],
    ['6.1.0-57-amd64', 'unknown'],
    ['6.1.0-21-amd64', '6.1 bracket'],
    ['6.1.0-0.deb11.21-amd64', '6.1 bracket'],
    ['5.10.0-46-amd64', '5.10 series'],
    ['5.15.0-2-amd64', 'unknown'],
    ['6.5.0-1-amd64', '6.5 series'],
    ['6.12.9+bpo-amd64', '6.12 bracket'],
    ['6.12.48+deb13-amd64', 'debian-6.12.95 bracket'],
    ['6.12.95+deb12-amd64', 'debian-6.12.95 bracket'],
    ['6.12.100+deb13-amd64', '6.12.97 bracket'],
    ['6.12.107+deb13-cloud-arm64', 'debian-13-6.12.107..113 exact'],
    ['6.12.117+deb13-amd64', 'debian-13-6.12.115..117 exact'],
    ['6.12.118+deb13-amd64', 'unknown'],
    ['7.2.13+deb14-amd64', 'debian-7.2 exact'],
    ['7.3.4+deb13-amd64', 'debian-7.3 exact'],
    ['6.11.2-amd64', '6.11 series'],
  ])('%s is %s', (release, expected) => {
    expect(inShort(pick(release))).toBe(expected)
  })

  it('is told by --distro where its release does not', () => {
    expect(inShort(pick('6.1.0-55'))).toBe('unknown')
    expect(inShort(pick('6.1.0-55', 'debian'))).toBe('debian-12-6.1.192 exact')
  })
})

describe('a kernel of RHEL or a rebuild', () => {
  it.each([
    ['5.14.0-503.11.1.el9_5.x86_64', 'almalinux-9.5 exact'],
    ['5.14.0-503.el9_5.x86_64', 'almalinux-9.5 series'],
    ['5.14.0-503.26.1.el9_5.aarch64', 'almalinux-9.5 bracket'],
    ['5.14.0-503.99.1.el9_5.x86_64+rt', 'almalinux-9.5 series'],
    ['5.14.0-503.el9.x86_64', 'almalinux-9.5 probable'],
    ['5.14.0-480.el9.x86_64', 'unknown'],
    ['5.14.0-620.el9.x86_64', 'unknown'],
    ['5.14.0-611.1.1.el9_7.x86_64', 'unknown'],
    ['5.14.0-503.11.1.el9_4.x86_64', 'unknown'],
    ['5.14.0-70.13.1.el9_0.x86_64', 'almalinux-9.0 exact'],
    ['4.18.0-553.el8_10.x86_64', 'almalinux-8.10 exact'],
    ['4.18.0-553.5.1.rt7.346.el8_10.x86_64', 'almalinux-8.10 bracket'],
    ['4.18.0-372.9.1.el8.x86_64', 'almalinux-8.6 exact'],
    ['4.18.0-400.el8.x86_64', 'almalinux-8.6 bracket'],
    ['4.18.0-450.el8.x86_64', 'unknown'],
    ['6.12.0-55.9.1.el10_0.x86_64', 'almalinux-10.0 exact'],
    ['6.12.0-100.el10.x86_64', 'unknown'],
    ['6.12.5-1.el9.elrepo.x86_64', '6.12 probable'],
  ])('%s is %s', (release, expected) => {
    expect(inShort(pick(release))).toBe(expected)
  })

  it('is told by --distro where its release does not', () => {
    expect(inShort(pick('5.14.0-503.11.1'))).toBe('unknown')
    expect(inShort(pick('5.14.0-503.11.1', 'rocky'))).toBe('almalinux-9.5 exact')
  })
})

describe('a kernel of somebody else', () => {
  it.each([
    ['6.12.50-custom', '6.12.46 probable'],
    ['6.18.44-fc-v657', '6.18.42 probable'],
    ['6.12.4-200.fc41.x86_64', '6.12 probable'],
    ['6.12.47+rpt-rpi-v8', '6.12.46 probable'],
    ['5.15.153.1-microsoft-standard-WSL2', '5.15.58 probable'],
    ['6.12.200-custom', 'unknown'],
    ['6.6.0-72.0.0.76.oe2403sp1.x86_64', 'unknown'],
    ['6.4.0-150600.23.7-default', 'unknown'],
    ['6.4.0-150600.23.7-azure', 'unknown'],
    ['6.1.102-108.177.amzn2023.x86_64', 'unknown'],
    ['5.15.0-200.131.27.el8uek.x86_64', 'unknown'],
    ['6.6.47.1-1.azl3', 'unknown'],
    ['6.1.75-android14-11-g1234567', 'unknown'],
    ['6.8.12-4-pve', 'unknown'],
  ])('%s is %s', (release, expected) => {
    expect(inShort(pick(release))).toBe(expected)
  })

  it('is not looked at when --distro says whose it is', () => {
    expect(pick('6.12.50', 'sles')).toMatchObject({ kind: 'unknown', why: expect.stringContaining('SUSE') })
  })

  it.each(['', 'rubbish', '6', '6.', '6.12.x', '6.12 97', 'Linux version 6.12', '../6.12', '6.12.97\n6.13'])(
    '%j is no release',
    (release) => {
      expect(pick(release)).toMatchObject({
        kind: 'unknown',
        why: expect.stringContaining('no kernel release'),
        nearest: [],
      })
    },
  )
})

describe('every table', () => {
  it.each(bundle.tables.map((table) => [table.id, table] as const))(
    '%s is found by the names of its kernels',
    (_, table) => {
      for (const release of releasesOf(table))
        expect(pick(release), release).toMatchObject({ kind: 'found', id: table.id })
    },
  )

  it.each(bundle.tables.map((table) => [table.id, table] as const))('%s is found by its own name', (_, table) => {
    expect(pick(table.id)).toMatchObject({ kind: 'found', table: tableOf(bundle, table) })
  })

  it('of a development tree is found by its own name only', () => {
    for (const release of ['5.14.0-611.el9.x86_64', '5.14.0-687.el9_8.x86_64'])
      expect(pick(release).kind).toBe('unknown')
  })
})

/** The first and last kernels that a table's sentence names. */
function releasesOf({ covers, id }: BundledTable): readonly string[] {
  switch (covers.kind) {
    case 'release':
      return [id, `${id}.0`]
    case 'stable':
      return [`${covers.series}.${covers.since[1]}`, `${covers.series}.${covers.checked}`]
    case 'ubuntu':
      return covers.abis.flatMap(({ flavour, range }) =>
        range.map((abi) => `${covers.series}.0-${abi}-${flavour === 'main' ? 'generic' : 'oem'}`),
      )
    case 'debian':
      return [
        ...(covers.abis ?? []).map((abi) => `${covers.series}.0-${abi}-amd64`),
        ...(covers.points ?? []).map((point) => `${covers.series}.${point}+deb13-amd64`),
      ]
    case 'el':
      return covers.builds.map((build) => `${covers.base}-${build}.el${covers.major}_${covers.minor}.x86_64`)
    case 'none':
      return []
  }
}

describe('never a guess:', () => {
  it('an Ubuntu number between two lists that differ is unknown', () => {
    for (const series of ['5.15', '5.19', '6.2', '6.5', '6.8', '6.11', '6.14', '6.17', '7.0']) {
      const tables = bundle.tables.filter(({ covers }) => covers.kind === 'ubuntu' && covers.series === series)
      const ranges = tables
        .flatMap((table) =>
          table.covers.kind === 'ubuntu'
            ? table.covers.abis.map(({ range }): [NumberRange, BundledTable] => [range, table])
            : [],
        )
        .filter(([range]) => range[0] < 1000)
      const release = bundle.tables.find(({ id }) => id === series)
      for (let abi = 0; abi < 300; abi++) {
        const inside = ranges.find(([range]) => range[0] <= abi && abi <= range[1])
        const before = ranges.findLast(([range]) => range[1] < abi)?.[1] ?? release
        const after = ranges.find(([range]) => range[0] > abi)?.[1]
        const own = inside?.[1] ?? (before?.core === after?.core ? after : undefined)
        const answer = pick(`${series}.0-${abi}-generic`)
        const expected = own === undefined ? undefined : tableOf(bundle, own).core
        expect(answer.kind === 'found' ? answer.table.core : undefined, `${series}.0-${abi}`).toEqual(expected)
      }
    }
  })

  test.prop([
    fc.constantFrom('5.15', '5.17', '6.1', '6.2', '6.6', '6.12', '6.14', '6.18', '7.0', '7.2'),
    fc.nat(400),
    fc.constantFrom('', '-custom', '+deb13-amd64'),
  ])('an update of a series has the list of the last change before it, or none', (series, point, suffix) => {
    const answer = pick(`${series}.${point}${suffix}`)
    const changes = bundle.tables.filter(({ covers }) => covers.kind === 'stable' && covers.series === series)
    const own =
      changes.findLast(({ covers }) => covers.kind === 'stable' && covers.since[1] <= point) ??
      bundle.tables.find(({ id }) => id === series)
    if (answer.kind === 'found') expect(answer.table.core).toEqual(own === undefined ? {} : tableOf(bundle, own).core)
  })

  test.prop(
    [
      fc.oneof(fc.string(), fc.stringMatching(/^\d\.\d{1,2}(\.\d{1,3})?[-+.][a-z0-9._+-]{0,20}$/)),
      fc.option(fc.constantFrom('ubuntu', 'debian', 'rhel', 'sles', '', 'x'), { nil: undefined }),
    ],
    { numRuns: 2_000 },
  )('any text is answered, an unknown kernel gives no name', (release, distro) => {
    const answer = pick(release, distro)
    expect(answer.why).not.toBe('')
    if (answer.kind === 'unknown')
      for (const code of [0, 1, 2, 3, 65, 0x10001]) expect(reasonsOfPick(answer).decode(code)).toBeUndefined()
  })
})

describe('kernels of real captures', () => {
  it('have in their format file what the table of their name says', () => {
    const root = corpus('corpus')
    if (root === undefined) return
    const seen = new Set<string>()
    for (const folder of [
      ...readdirSync(root),
      ...readdirSync(join(root, 'dropwatch')).map((name) => join('dropwatch', name)),
    ]) {
      const path = join(root, folder)
      if (!statSync(path).isDirectory()) continue
      const files = readdirSync(path)
      const format = files.find((name) => name === 'format.skb.kfree_skb.txt' || name === 'kfree_skb.format')
      const release = files.includes('meta.json')
        ? kernelOf(readFileSync(join(path, 'meta.json'), 'utf8'))
        : files.includes('uname-a.txt')
          ? readFileSync(join(path, 'uname-a.txt'), 'latin1').split(' ')[2]
          : undefined
      if (format === undefined || release === undefined) continue
      seen.add(release)
      const { core } = tableIn(readReasons(readFileSync(join(path, format))))
      const answer = pick(release)
      if (answer.kind === 'unknown') throw new Error(`${folder}: ${release}: ${answer.why}`)
      const { 0: _, 1: __, ...expected } = answer.table.core
      const { 0: ___, 1: ____, ...printed } = core
      expect(printed, `${folder}: ${release}`).toEqual(expected)
    }
    expect([...seen].sort()).toEqual([
      '5.10.0-46-amd64',
      '6.1.0-56-amd64',
      '6.12.117+deb13-amd64',
      '6.18.44-fc-v657',
      '7.2.13+deb14-amd64',
    ])
  })
})

/** `6.18.44-fc-v657`, or all of `uname -srv`. */
function kernelOf(meta: string): string | undefined {
  const words = (JSON.parse(meta) as { readonly kernel?: string }).kernel?.split(' ') ?? []
  return words[0] === 'Linux' ? words[1] : words[0]
}
