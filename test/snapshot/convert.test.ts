// `--snapshot FILE|self`, by the built program.
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname, release } from 'node:os'
import { describe, expect, it } from 'vitest'
import { spawned } from '../cli/processes.ts'
import { root, scratchFolder, tracenorm } from '../cli/program.ts'
import { schemaOf } from '../schemas/violations.ts'

const scratch = scratchFolder()

const [EXAMPLE = {}] =
  schemaOf<{ readonly examples?: readonly Readonly<Record<string, unknown>>[] }>('snapshot').examples ?? []

const SNAPSHOT = {
  ...EXAMPLE,
  host: { name: 'web-3', kernel: '6.1.0-55-amd64' },
  timezone: { zone: 'Asia/Kathmandu' },
  clocks: ['monotonic', 'perf'].map((id, index) => ({
    id,
    ns: '7814130105600',
    realtime_ns: String(1_795_590_283_044_465_991n + BigInt(index) * 1_000_000n),
    uncertainty_ns: 1,
    source: 'by hand',
  })),
  reasons: {
    core: { 2: 'NOT_SPECIFIED', 3: 'OURS_ALONE' },
    subsystems: { 2: { name: 'openvswitch', names: { 1: 'OVS_DROP_LAST_ACTION' } } },
  },
  network_namespace: { inode: 4026531840, is_alone: true },
  interfaces: { 1: 'lo', 2: 'eth0' },
}

function snapshotFile(changes: Readonly<Record<string, unknown>> = {}): string {
  const path = scratch.in('host.json')
  writeFileSync(path, JSON.stringify({ ...SNAPSHOT, ...changes }))
  return path
}

const drop = (reason: string): string =>
  `curl 26480 [001]  7814.130106: skb:kfree_skb: skbaddr=0xffff88815c05a0e0 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: ${reason}\n`
const header = (host: string, kernel: string): string =>
  `# ========\n# hostname : ${host}\n# os release : ${kernel}\n# perf version : 6.1.192\n# ========\n#\n`

interface Converted {
  readonly status: number | null
  readonly stderr: string
  /** As the tests look at them: parsed JSON. */
  readonly records: readonly unknown[]
  readonly report: { readonly inputs: readonly Readonly<Record<string, unknown>>[] }
}

async function convert(input: string, ...flags: readonly string[]): Promise<Converted> {
  const report = scratch.in('report.json')
  const { status, stderr, records } = await tracenorm(['convert', '--report', report, ...flags], { input })
  return { status, stderr, records, report: JSON.parse(readFileSync(report, 'utf8')) }
}

describe('--snapshot FILE', () => {
  it.each([
    ['0.11.4', [], 'monotonic', '2026-11-25T07:04:43.044466391Z'],
    ['v0.23.2', [], 'boottime', undefined],
    [undefined, [], 'unknown', undefined],
    // What the user says goes before.
    ['0.23.2', ['--bpftrace-version', '0.11'], 'monotonic', '2026-11-25T07:04:43.044466391Z'],
  ])('tells which clock nsecs of bpftrace %s is (%j)', async (version, flags, id, ts) => {
    const path = snapshotFile({ tools: version === undefined ? {} : { bpftrace: version } })
    const program = 'tracepoint:skb:kfree_skb { printf("drop %llu\\n", nsecs) }'
    const { stdout } = await tracenorm(['--snapshot', path, '-e', program, ...flags], { input: 'drop 7814130106000\n' })
    const record = JSON.parse(stdout.toString())
    expect([record.clock.id, record.ts]).toEqual([id, ts])
  })

  it('names reasons, subsystems, host and kernel, and gives ts by the named clock', async () => {
    const input = drop('0x3') + drop('0x20001') + drop('0x63')
    const { records, status } = await convert(input, '--snapshot', snapshotFile(), '--clock', 'perf')
    expect(status).toBe(0)
    expect(records).toMatchObject([
      {
        ts: '2026-11-25T07:04:43.045466391Z',
        clock: { id: 'perf', ns: '7814130106000' },
        host: { name: 'web-3', kernel: '6.1.0-55-amd64' },
        drop: { reason: 'OURS_ALONE', decoded_by: 'snapshot' },
      },
      { drop: { reason: 'OVS_DROP_LAST_ACTION', subsystem: 'openvswitch', decoded_by: 'snapshot' } },
      { drop: { code: 99 } },
    ])
    expect(records[2]).not.toHaveProperty('drop.reason')
  })

  it('gives ts to local times and names to interfaces of dropwatch', async () => {
    const input = readFileSync(`${root}/fixtures/dropwatch/text/modules/input.txt`, 'latin1')
    const all = await convert(input, '--snapshot', snapshotFile())
    const [first] = all.records
    expect(first).toMatchObject({
      ts: '2026-11-23T06:26:59.051911717Z',
      clock: { local: '2026-11-23T12:11:59.051911717', zone: 'Asia/Kathmandu' },
      device: { ifindex: 2, name: 'eth0' },
    })
    expect(all.report.inputs[0]).toHaveProperty('hints', [])
    const unsure = await convert(input, '--snapshot', snapshotFile({ network_namespace: { inode: 4026531840 } }))
    expect(unsure.records[0]).toHaveProperty('device.name', 'eth0')
    expect(unsure.report.inputs[0]).toHaveProperty('hints', [expect.stringContaining('interface indexes')])
    const others = { network_namespace: { inode: 4026531840, is_alone: false } }
    expect((await convert(input, '--snapshot', snapshotFile(others))).records[0]).not.toHaveProperty('device.name')
    // 12 is in no list of interfaces.
    const twelve = all.records.filter((record) => JSON.stringify(record).includes('"ifindex":12'))
    expect(twelve).not.toEqual([])
    for (const record of twelve) expect(record).not.toHaveProperty('device.name')
  })

  it('stands back behind --timezone, --reasons and --host, and goes before --kernel', async () => {
    const path = snapshotFile()
    const reasons = scratch.in('reasons.json')
    writeFileSync(reasons, JSON.stringify({ core: { 3: 'THEIRS' }, subsystems: {} }))
    const given = await convert(drop('0x3'), '--snapshot', path, '--reasons', reasons, '--host', 'edge')
    expect(given.records).toMatchObject([
      { host: { name: 'edge', kernel: '6.1.0-55-amd64' }, drop: { reason: 'THEIRS' } },
    ])
    const kernel = await convert(drop('0x3'), '--snapshot', path, '--kernel', '6.12')
    expect(kernel.records).toMatchObject([{ drop: { reason: 'OURS_ALONE' } }])
    expect(kernel.stderr).toContain('--kernel 6.12: the snapshot is of kernel 6.1.0-55-amd64')
    const input = readFileSync(`${root}/fixtures/dropwatch/text/modules/input.txt`, 'latin1')
    const zone = await convert(input, '--snapshot', path, '--timezone', '+01:00')
    expect(zone.records[0]).toMatchObject({ ts: '2026-11-23T11:11:59.051911717Z', clock: { zone: '+01:00' } })
  })

  it('without reasons names the kernel whose table is used', async () => {
    const path = snapshotFile({ reasons: undefined, reasons_from: undefined })
    const { records } = await convert(drop('0x3'), '--snapshot', path)
    expect(records).toMatchObject([
      { drop: { reason: 'PKT_TOO_SMALL', decoded_by: expect.stringMatching(/^kernel:/) } },
    ])
  })

  it('says which clock it has no pair of', async () => {
    const { records, stderr } = await convert(drop('0x3'), '--snapshot', snapshotFile({ clocks: [] }), '--clock', 'tai')
    expect(records[0]).not.toHaveProperty('ts')
    expect(stderr).toContain('times of the clock tai give no ts: the snapshot has no pair for it')
  })

  it.each([
    ['another host', header('web-4', '6.1.0-55-amd64'), { name: 'web-4', kernel: '6.1.0-55-amd64' }],
    ['another kernel', header('web-3', '6.1.0-56-amd64'), { name: 'web-3', kernel: '6.1.0-56-amd64' }],
  ])('is not used, and is a conflict, where a header names %s', async (_, head, host) => {
    const input = head + drop('0x3')
    const { records, status, report } = await convert(input, '--snapshot', snapshotFile(), '--clock', 'monotonic')
    expect(status).toBe(0)
    expect(records).toMatchObject([{ host, drop: { reason: 'PKT_TOO_SMALL' } }])
    expect(records[0]).not.toHaveProperty('ts')
    expect(JSON.stringify(report.inputs[0]?.conflicts)).toContain('the snapshot is not used: the capture is of ')
  })

  it('is used again in the next input', async () => {
    const files = ['other.txt', 'own.txt'].map(scratch.in)
    writeFileSync(files[0] ?? '', header('web-4', '6.1.0-55-amd64') + drop('0x3'))
    writeFileSync(files[1] ?? '', header('web-3.example.org', '6.1.0-55-amd64') + drop('0x3'))
    const { records } = await convert('', '--snapshot', snapshotFile(), ...files)
    expect(records).toMatchObject([
      { host: { name: 'web-4' }, drop: { reason: 'PKT_TOO_SMALL' } },
      { host: { name: 'web-3.example.org' }, drop: { reason: 'OURS_ALONE' } },
    ])
  })

  it('is forgotten by other readers of that input too', async () => {
    const dropwatch = readFileSync(`${root}/fixtures/dropwatch/text/modules/input.txt`, 'latin1')
    const input = `${dropwatch}\n${header('web-4', '6.1.0-56-amd64')}${drop('0x3')}${dropwatch}`
    const { records } = await convert(input, '--snapshot', snapshotFile())
    const hosts = records.map((record) => JSON.stringify(record).includes('web-3'))
    const change = hosts.indexOf(false)
    expect(change).toBeGreaterThan(0)
    expect(hosts.slice(change)).not.toContain(true)
    const after = records.slice(change + 1)
    expect(after.length).toBeGreaterThan(3)
    for (const record of after) {
      expect(record).not.toHaveProperty('ts')
      expect(record).not.toHaveProperty('device.name')
    }
  })

  it.each([
    ['what is no snapshot', '{}', 2, 'no snapshot'],
    ['an absent file', undefined, 1, 'nowhere.json'],
  ])('refuses %s', async (_, text, status, sentence) => {
    const path = scratch.in(text === undefined ? 'nowhere.json' : 'no-snapshot.json')
    if (text !== undefined) writeFileSync(path, text)
    const run = await tracenorm(['convert', '--snapshot', path], { input: drop('0x3') })
    expect(run).toMatchObject({ status, stderr: expect.stringContaining(sentence), records: [] })
  })

  it('gives the same bytes wherever the conversion runs', async () => {
    const input = `${header('web-3', '6.1.0-55-amd64')}${drop('0x3')}${readFileSync(`${root}/fixtures/dropwatch/text/modules/input.txt`, 'latin1')}`
    const words = ['convert', '--snapshot', snapshotFile(), '--clock', 'perf']
    const [utc, kathmandu] = await Promise.all(
      ['UTC', 'Asia/Kathmandu'].map((TZ) => spawned(words, { input, env: { TZ } })),
    )
    expect(utc?.stdout.length).toBeGreaterThan(1000)
    expect(utc?.stdout.toString('latin1')).toBe(kathmandu?.stdout.toString('latin1'))
  })
})

describe.runIf(process.platform === 'linux')('--snapshot self', () => {
  it('is of this host', async () => {
    const { records, status } = await convert(drop('0x3'), '--snapshot', 'self', '--clock', 'monotonic')
    expect(status).toBe(0)
    expect(records).toMatchObject([{ ts: expect.any(String), host: { name: hostname(), kernel: release() } }])
  })

  it('may be of the host that a header names', async () => {
    const { records, status } = await convert(header(hostname(), release()) + drop('0x3'), '--snapshot', 'self')
    expect({ status, count: records.length }).toEqual({ status: 0, count: 1 })
  })

  it.each([
    ['another host', header('elsewhere', release())],
    ['another kernel', header(hostname(), '6.1.0-55-amd64')],
  ])('is refused where a header names %s', async (_, head) => {
    const { records, status, stderr } = await convert(head + drop('0x3'), '--snapshot', 'self')
    expect({ status, records }).toEqual({ status: 1, records: [] })
    expect(stderr).toContain('--snapshot self is refused: the capture is of ')
  })
})
