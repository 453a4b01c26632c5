import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { loadBundle } from '../../../src/kernel/reasons/bundle.ts'
import { pickTable } from '../../../src/kernel/reasons/pick.ts'
import { readReasons } from '../../../src/kernel/reasons/read.ts'
import { readBtf } from '../../../src/kernel/reasons/read-btf.ts'
import { type WrittenEnum, writeBtf } from './btf-writer.ts'
import { corpus, fixture, refusalIn, tableIn } from './files.ts'

const CORE: WrittenEnum = {
  name: 'skb_drop_reason',
  values: [
    ['SKB_NOT_DROPPED_YET', 0],
    ['SKB_CONSUMED', 1],
    ['SKB_DROP_REASON_NOT_SPECIFIED', 2],
    ['SKB_DROP_REASON_NO_SOCKET', 3],
    ['SKB_DROP_REASON_MAX', 4],
    ['SKB_DROP_REASON_SUBSYS_MASK', 0xffff0000],
  ],
}
const SUBSYSTEMS: WrittenEnum = {
  name: 'skb_drop_reason_subsys',
  values: [
    ['SKB_DROP_REASON_SUBSYS_CORE', 0],
    ['SKB_DROP_REASON_SUBSYS_MAC80211_UNUSABLE', 1],
    ['SKB_DROP_REASON_SUBSYS_OPENVSWITCH', 2],
    ['SKB_DROP_REASON_SUBSYS_NUM', 3],
  ],
}
const OVS: WrittenEnum = {
  name: 'ovs_drop_reason',
  values: [
    ['__OVS_DROP_REASON', 0x20000],
    ['OVS_DROP_LAST_ACTION', 0x20001],
    ['OVS_DROP_MAX', 0x20002],
  ],
}
const MAC80211: readonly WrittenEnum[] = [
  {
    name: '___mac80211_drop_reason',
    values: [
      ['___RX_CONTINUE', 1],
      ['___RX_DROP_UNUSABLE', 0x10000],
      ['___RX_DROP_U_MIC_FAIL', 0x10001],
    ],
  },
  {
    name: 'mac80211_drop_reason',
    values: [
      ['RX_CONTINUE', 1],
      ['RX_DROP_UNUSABLE', 0x10000],
      ['RX_DROP_U_MIC_FAIL', 0x10001],
    ],
  },
]
const TABLE = {
  core: { 0: 'NOT_DROPPED_YET', 1: 'CONSUMED', 2: 'NOT_SPECIFIED', 3: 'NO_SOCKET' },
  subsystems: {
    1: { name: 'mac80211_unusable', names: { 0: 'RX_DROP_UNUSABLE', 1: 'RX_DROP_U_MIC_FAIL' } },
    2: { name: 'openvswitch', names: { 1: 'OVS_DROP_LAST_ACTION' } },
  },
}
const ALL = [OVS, CORE, SUBSYSTEMS, ...MAC80211]

describe('raw BTF', () => {
  it.each([
    ['little-endian', { order: 'little' }],
    ['big-endian', { order: 'big' }],
    ['with a longer header than today', { headerExtra: 8 }],
  ] as const)('gives the reasons of all subsystems, %s', (_, shape) => {
    expect(readReasons(writeBtf(ALL, shape))).toEqual({ table: TABLE, by: 'btf' })
  })

  it('reads 64-bit enums, and leaves out values that no reason can have', () => {
    expect(tableIn(readBtf(writeBtf([{ ...CORE, upper: 0 }]))).core).toEqual(TABLE.core)
    expect(tableIn(readBtf(writeBtf([{ ...CORE, upper: 1 }]))).core).toEqual({})
  })

  it('takes the reasons of modules from their own BTF', () => {
    const kernel = writeBtf([CORE, SUBSYSTEMS])
    const baseStringBytes = new DataView(kernel.buffer).getUint32(20, true)
    const module = (enums: readonly WrittenEnum[]): Uint8Array =>
      writeBtf(enums, { baseStringBytes, struct: 'sta_info' })
    expect(tableIn(readBtf(kernel, [module(MAC80211), module([OVS])]))).toEqual(TABLE)
  })

  it('says that a kernel has none when it knows packets but no reasons, and refuses what is no kernel', () => {
    expect(readBtf(writeBtf([]))).toEqual({ table: { core: {}, subsystems: {} }, by: 'btf' })
    expect(refusalIn(readBtf(writeBtf([], { struct: 'sta_info' })))).toContain('without enum skb_drop_reason')
  })

  it('takes an enum twice only when both are the same', () => {
    expect(tableIn(readBtf(writeBtf([CORE, CORE]))).core).toEqual(TABLE.core)
    const other = { ...CORE, values: CORE.values.slice(1) }
    expect(refusalIn(readBtf(writeBtf([CORE, other])))).toContain('two different enums skb_drop_reason')
  })

  it('refuses a kind of type that is not known, and another version', () => {
    const bytes = writeBtf(ALL)
    new DataView(bytes.buffer).setUint8(24 + 7, 31)
    expect(refusalIn(readBtf(bytes))).toContain('unknown kind 31')
    const later = writeBtf(ALL)
    later[2] = 2
    expect(refusalIn(readBtf(later))).toContain('version 2')
  })

  it('refuses every truncation', () => {
    const bytes = fixture('7.2.13/vmlinux.btf')
    for (let end = 0; end < bytes.length; end++)
      expect(readReasons(bytes.subarray(0, end)), `${end} bytes`).toHaveProperty('refused')
  })

  it('keeps little of a file that repeats one enum for ever', () => {
    const many = Array.from({ length: 30_000 }, () => OVS)
    expect(refusalIn(readBtf(writeBtf([CORE, ...many])))).toContain('more than 10000')
  })

  const sample = fixture('6.18.44/vmlinux.btf')
  test.prop([fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })], {
    numRuns: 2_000,
  })('survives changed bytes', (changes) => {
    const bytes = Uint8Array.from(sample)
    for (const [at, byte] of changes) bytes[at] = byte
    const read = readReasons(bytes)
    // Names are words, whatever was changed.
    if (!('refused' in read))
      expect(Object.values(read.table.core).every((name) => /^\w{1,128}$/.test(name))).toBe(true)
  })

  test.prop([fc.uint8Array({ maxLength: 300 }), fc.boolean()], { numRuns: 2_000 })(
    'survives rubbish behind its magic',
    (rubbish, little) => {
      const read = readReasons(
        Uint8Array.from([...(little ? [0x9f, 0xeb, 1, 0, 24, 0, 0, 0] : [0xeb, 0x9f, 1, 0, 0, 0, 0, 24]), ...rubbish]),
      )
      expect(read).toBeDefined()
    },
  )
})

describe('BTF of real kernels', () => {
  it.each([
    ['6.1.192', '6.1.0-56-amd64'],
    ['6.12.117', '6.12.117+deb13-amd64'],
    ['6.18.44', '6.18.44-fc-v657'],
    ['7.2.13', '7.2.13+deb14-amd64'],
  ])('of %s has the names of the bundled table', async (version, release) => {
    const { core, subsystems } = tableIn(readBtf(fixture(`${version}/vmlinux.btf`)))
    const pick = pickTable(await loadBundle(), release)
    expect(pick).toMatchObject({ kind: 'found', table: { core } })
    // Subsystems that are modules have ids here and no names.
    expect(pick).toMatchObject({
      table: { subsystems: Object.fromEntries(Object.entries(subsystems).map(([id, { name }]) => [id, { name }])) },
    })
    if (version === '7.2.13') expect(pick).toMatchObject({ table: { subsystems: { 3: subsystems[3] } } })
  })

  it('in full has the same names as its cut-down copy', () => {
    for (const [folder, version] of [
      ['k61', '6.1.192'],
      ['k612', '6.12.117'],
      ['k72', '7.2.13'],
    ] as const) {
      const path = corpus(`corpus/dropwatch/${folder}-00-kernel-info/vmlinux.btf.gz`)
      if (path === undefined) return
      expect(readReasons(gunzipSync(readFileSync(path)))).toEqual(readReasons(fixture(`${version}/vmlinux.btf`)))
    }
  })

  it('of 5.10 has no reasons', () => {
    const path = corpus('corpus/dropwatch/k510-00-kernel-info/vmlinux.btf.gz')
    if (path !== undefined)
      expect(readReasons(gunzipSync(readFileSync(path)))).toEqual({ table: { core: {}, subsystems: {} }, by: 'btf' })
  })

  it('is read as bpftool reads it', () => {
    const file = join(import.meta.dirname, '../../../fixtures/reasons/7.2.13/vmlinux.btf')
    const { status, stdout } = spawnSync('bpftool', ['btf', 'dump', 'file', file, '-j'], { maxBuffer: 1 << 28 })
    if (status !== 0) return console.log('skipped: no bpftool')
    expect(readReasons(stdout)).toEqual(readReasons(fixture('7.2.13/vmlinux.btf')))
  })
})
