// On the machine that runs the tests: what it has is compared with what else it says of itself.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, networkInterfaces, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownMachine } from '../../src/commands/snapshot.ts'
import type { Snapshot } from '../../src/event/generated/snapshot-types.ts'
import { readReasons } from '../../src/kernel/reasons/read.ts'
import { readBtf } from '../../src/kernel/reasons/read-btf.ts'
import { readSnapshot } from '../../src/kernel/snapshot.ts'
import { takeSnapshot } from '../../src/snapshot/take.ts'
import { writeBtf } from '../kernel/reasons/btf-writer.ts'

const isLinux = process.platform === 'linux'
if (!isLinux) console.log('skipped: snapshots are taken of Linux hosts')

const SCRIPT = fileURLToPath(new URL('../../scripts/snapshot.sh', import.meta.url))
const fixture = (path: string): string => fileURLToPath(new URL(`../../fixtures/reasons/${path}`, import.meta.url))

function parsed(text: string): Snapshot {
  const result = readSnapshot(text)
  if ('refused' in result) throw new Error(`${result.refused}: ${text}`)
  return result.snapshot
}

/** Wall clock less clock, and how far it may be off. */
function offsetsOf({ clocks }: Snapshot): ReadonlyMap<string, { readonly ns: bigint; readonly uncertainty: bigint }> {
  return new Map(
    clocks.map(({ id, ns, realtime_ns, uncertainty_ns }) => [
      id,
      { ns: BigInt(realtime_ns) - BigInt(ns), uncertainty: BigInt(uncertainty_ns) },
    ]),
  )
}

/**
 * Two snapshots of one boot differ by their uncertainties; clocks that nobody slews run away from the wall clock
 * meanwhile, by 500 ppm at most.
 */
function expectSameClocks(one: Snapshot, other: Snapshot): void {
  const offsets = offsetsOf(other)
  for (const [id, { ns, uncertainty }] of offsetsOf(one)) {
    const second = offsets.get(id)
    if (second === undefined) continue
    const difference = ns > second.ns ? ns - second.ns : second.ns - ns
    const drift = id === 'perf' || id === 'monotonic_raw' ? 20_000_000n : 0n
    expect(difference, id).toBeLessThanOrEqual(uncertainty + second.uncertainty + drift)
  }
}

describe.runIf(isLinux)('a snapshot of this host', () => {
  let snapshot: Snapshot

  beforeAll(() => {
    snapshot = takeSnapshot(ownMachine(process.env), { takenBy: 'a test', tools: true })
  })

  it('is what its schema says, and small', () => {
    const text = JSON.stringify(snapshot, undefined, 1)
    expect(parsed(text)).toEqual(snapshot)
    expect(text.length).toBeLessThan(100_000)
  })

  it('names the host, its kernel and interfaces', () => {
    expect(snapshot.host).toMatchObject({ name: hostname(), kernel: release() })
    const names = Object.values(snapshot.interfaces)
    if (!snapshot.missing.some(({ what }) => what === 'interfaces'))
      expect(names).toEqual(
        expect.arrayContaining(Object.keys(networkInterfaces()).filter((name) => !name.includes(':'))),
      )
  })

  it('knows the wall clock of the monotonic one', () => {
    const before = process.hrtime.bigint()
    const wall = BigInt(Date.now()) * 1_000_000n
    const after = process.hrtime.bigint()
    const { ns = 0n, uncertainty } = offsetsOf(snapshot).get('monotonic') ?? {}
    expect(uncertainty).toBeLessThan(1_000_000n)
    // Date.now() is cut to milliseconds, and the clocks drift apart a little.
    expect(wall + 2_000_000n).toBeGreaterThan(before + ns)
    expect(wall - 1_000_000n).toBeLessThan(after + ns)
  })

  it('says of every clock and of the reasons what it knows, or why not', () => {
    const said = [...snapshot.clocks.map(({ id }) => `clocks.${id}`), ...snapshot.missing.map(({ what }) => what)]
    for (const id of ['monotonic', 'boottime', 'tai', 'monotonic_raw', 'perf']) expect(said).toContain(`clocks.${id}`)
    expect(snapshot.reasons !== undefined || said.includes('reasons')).toBe(true)
  })

  it('has the drop reasons of the running kernel', () => {
    if (!existsSync('/sys/kernel/btf/vmlinux')) return console.log('skipped: no BTF of the kernel')
    const read = readReasons(readFileSync('/sys/kernel/btf/vmlinux'))
    expect('table' in read && read.table.core).toEqual(snapshot.reasons?.core)
    expect(snapshot.reasons_from).toBe('btf')
  })

  it('is the same a moment later', () => {
    const { clocks: _, taken: __, ...first } = snapshot
    const later = takeSnapshot(ownMachine(process.env), { takenBy: 'a test', tools: true })
    const { clocks: ___, taken: ____, ...second } = later
    expect(second).toEqual(first)
    expectSameClocks(snapshot, later)
  })

  it('leaves no trace buffer behind', () => {
    const buffers = '/sys/kernel/tracing/instances'
    if (!existsSync(buffers)) return console.log('skipped: no tracefs')
    expect(readdirSync(buffers).filter((name) => name.startsWith(`tracenorm-${process.pid}`))).toEqual([])
  })
})

/** Where a shell is; undefined: it is not here. Debian's `sh` is `dash`. */
function fileOf(program: string): string | undefined {
  const { stdout, status } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' })
  return status === 0 ? realpathSync(stdout.trim()) : undefined
}

/** Shells that are here, each once, with the words that start it. */
const SHELLS = [
  ['sh'],
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'sh'],
  ['mksh'],
  ['yash'],
  ['zsh', '--emulate', 'sh'],
].filter(([program = ''], at, all) => {
  const file = fileOf(program)
  return file !== undefined && all.findIndex(([other = '']) => fileOf(other) === file) === at
})

describe.runIf(isLinux)('scripts/snapshot.sh', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracenorm-snapshot-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function runScript(shell: readonly string[], env: Readonly<Record<string, string>> = {}): Snapshot {
    const [program = 'sh', ...words] = shell
    return parsed(execFileSync(program, [...words, SCRIPT], { encoding: 'utf8', env: { ...process.env, ...env } }))
  }

  /** A PATH of the named programs alone, with these contents, before or instead of all others. */
  function pathWith(name: string, scripts: Readonly<Record<string, string>>, others?: readonly string[]): string {
    const bin = join(folder, name)
    mkdirSync(bin)
    for (const [program, text] of Object.entries(scripts)) {
      writeFileSync(join(bin, program), text)
      chmodSync(join(bin, program), 0o755)
    }
    for (const program of others ?? [])
      symlinkSync(execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim(), join(bin, program))
    return others === undefined ? `${bin}:${process.env.PATH}` : bin
  }

  it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('says in %s what the command says', (_, shell) => {
    const own = takeSnapshot(ownMachine(process.env), { takenBy: 'a test', tools: true })
    const snapshot = runScript(shell)
    const { v, host, distribution, timezone, network_namespace, interfaces, tools } = own
    expect(snapshot).toMatchObject({ v, host, interfaces, tools })
    expect(snapshot.distribution).toEqual(distribution)
    expect(snapshot.timezone).toEqual(timezone)
    expect(snapshot.network_namespace).toEqual(network_namespace)
    expectSameClocks(own, snapshot)
    expect(snapshot.missing).toEqual(own.missing)
    expect(snapshot.reasons).toEqual(own.reasons)
    expect(snapshot.reasons_from).toBe(own.reasons_from)
  })

  /** What its head says that it needs, and the shell. */
  const needed = ['sed', 'awk', 'grep', 'sort', 'tr', 'od', 'tail', 'date', 'ls', 'uname', 'mkdir', 'rmdir', 'sh']

  /** A folder like /sys/kernel/btf. */
  function btfFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
    mkdirSync(join(folder, name))
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, name, file), bytes)
    return join(folder, name)
  }

  it.each(['6.1.192', '7.2.13'])('reads the BTF of %s as the command does', (version) => {
    const vmlinux = readFileSync(fixture(`${version}/vmlinux.btf`))
    const read = readBtf(vmlinux)
    const snapshot = runScript(['sh'], { TRACENORM_BTF: btfFolder(version, { vmlinux }) })
    expect(snapshot.reasons_from).toBe('btf')
    expect(snapshot.reasons).toEqual('table' in read && read.table)
  })

  it('reads the reasons of modules, and knows a kernel without reasons', () => {
    const kernel = writeBtf([
      { name: 'skb_drop_reason', values: [['SKB_CONSUMED', 1]] },
      {
        name: 'skb_drop_reason_subsys',
        values: [
          ['SKB_DROP_REASON_SUBSYS_CORE', 0],
          ['SKB_DROP_REASON_SUBSYS_OPENVSWITCH', 3],
        ],
      },
    ])
    const baseStringBytes = new DataView(kernel.buffer).getUint32(20, true)
    const openvswitch = writeBtf(
      [
        {
          name: 'ovs_drop_reason',
          values: [
            ['__OVS_DROP_REASON', 0x30000],
            ['OVS_DROP_LAST_ACTION', 0x30001],
            ['OVS_DROP_MAX', 0x30002],
          ],
          upper: 0,
        },
      ],
      { baseStringBytes },
    )
    const other = writeBtf([], { baseStringBytes })
    const read = readBtf(kernel, [openvswitch])
    const TRACENORM_BTF = btfFolder('modules', { vmlinux: kernel, other, openvswitch })
    expect(runScript(['sh'], { TRACENORM_BTF }).reasons).toEqual('table' in read && read.table)
    const without = btfFolder('without', { vmlinux: writeBtf([]) })
    expect(runScript(['sh'], { TRACENORM_BTF: without }).reasons).toEqual({ core: {}, subsystems: {} })
  })

  it('never takes a part of a BTF for all of it', () => {
    const vmlinux = readFileSync(fixture('7.2.13/vmlinux.btf'))
    const PATH = pathWith('for-cut-ones', {}, needed)
    for (const bytes of [10, vmlinux.length >> 1, vmlinux.length - 2]) {
      const TRACENORM_BTF = btfFolder(`cut-${bytes}`, { vmlinux: vmlinux.subarray(0, bytes) })
      expect(runScript(['sh'], { PATH, TRACENORM_BTF }).reasons_from, `${bytes} bytes`).not.toBe('btf')
    }
  })

  it('needs neither python3 nor perl', () => {
    const PATH = pathWith('bare', {}, needed)
    const own = takeSnapshot(ownMachine(process.env), { takenBy: 'a test', tools: false })
    const snapshot = runScript(['sh'], { PATH })
    expect(snapshot.clocks.map(({ source }) => source).join()).not.toMatch(/python3|perl/)
    expect(snapshot.clocks.map(({ id }) => id)).toContain('boottime')
    expectSameClocks(own, snapshot)
  })

  it.each([
    ['Asia/Kathmandu', { zone: 'Asia/Kathmandu' }],
    ['', { zone: 'UTC' }],
    ['/usr/share/zoneinfo/Asia/Kathmandu', { zone: 'Asia/Kathmandu' }],
    ['IST-5:30', { zone: '+05:30' }],
    ['<+0545>-5:45', { zone: '+05:45' }],
    ['AAA-4BBB,J1,J365/25', { utc_offset: '+05:00' }],
  ])('takes the zone of TZ=%s', (TZ, timezone) => {
    const PATH = pathWith(`zone-${TZ.replace(/\W/g, '-')}`, {}, needed)
    // No BTF to read: it takes a moment.
    expect(runScript(['sh'], { TZ, PATH, TRACENORM_BTF: folder }).timezone).toEqual(timezone)
  })

  it('says of a host without tracefs what is true, as the program does, and mounts nothing', () => {
    const script = `umount -a -t tracefs && sh "$0" && grep -c " tracefs " /proc/self/mounts`
    const run = spawnSync('unshare', ['-m', 'sh', '-c', script, SCRIPT], { encoding: 'utf8' })
    if (run.error !== undefined || !run.stdout.includes('"clocks.perf"'))
      return console.log('skipped: no mount namespace')
    const end = run.stdout.lastIndexOf('}') + 1
    const { missing } = parsed(run.stdout.slice(0, end))
    expect(missing.find(({ what }) => what === 'clocks.perf')?.why).toMatch(/^tracefs is not mounted: as root "mount /)
    expect(run.stdout.slice(end).trim()).toBe('0')
  })
})
