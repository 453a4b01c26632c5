import { describe, expect, it } from 'vitest'
import { type Announced, type Capture, type Counts, captures, jsonLines, zoneNameOf } from './captures.ts'
import { type Converted, convertText, type Event } from './convert-text.ts'

const all = captures() ?? []
const withOutput = all.filter(({ meta }) => meta.primary !== null)
const counted = withOutput.filter(
  ({ meta }) =>
    meta.expected?.packet !== undefined || meta.expected?.summary !== undefined || meta.expected?.session !== undefined,
)

const readings = new Map<string, Promise<Converted>>()
function convert(capture: Capture): Promise<Converted> {
  const reading =
    readings.get(capture.name) ?? convertText(capture.read(capture.meta.primary ?? ''), { zone: zoneNameOf(capture) })
  readings.set(capture.name, reading)
  return reading
}

const packets = ({ drops }: Converted): readonly Event[] => drops.filter(({ capture }) => capture.format === 'packet')
const summaries = ({ drops }: Converted): readonly Event[] =>
  drops.filter(({ capture }) => capture.format === 'summary')

function countBy(events: readonly Event[], key: (event: Event) => string | undefined): Counts {
  const counts: Record<string, number> = {}
  for (const event of events) {
    const name = key(event)
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** A pager chopped its lines; or other tools' lines are in it, which the dropwatch reader alone does not know. */
const isMixed = ({ meta }: Capture): boolean => meta.category === 'mixed'
/** tmux cut a line in its address, which meta.json counts as a cut symbol. */
const isWrapped = ({ name }: Capture): boolean => name.endsWith('-06-rh-curl-tmux')

describe.skipIf(all.length === 0)('the captures of four kernels', () => {
  it.each(counted.map((capture) => [capture.name, capture] as const))(
    '%s has the counts of its meta.json',
    async (_, capture) => {
      const { packet, summary, session } = capture.meta.expected ?? {}
      const converted = await convert(capture)
      const alerts = packets(converted)
      // In a mixed capture, drops of other tools are rejected.
      if (!isMixed(capture)) expect(converted.rejected).toEqual([])
      expect(alerts).toHaveLength(packet?.alerts ?? 0)
      expect(
        countBy(alerts, ({ flags }) => (flags?.includes('incomplete') ? 'incomplete' : undefined)).incomplete ?? 0,
      ).toBe(packet?.incomplete_alerts ?? 0)
      expect(countBy(alerts, ({ drop }) => drop?.reason)).toEqual(packet?.by_reason ?? {})
      // The last line of a killed one is `origin: softw`.
      const { softw: _cut, ...origins } = packet?.by_origin ?? {}
      expect(countBy(alerts, ({ drop }) => drop?.origin)).toEqual(origins)
      const cut = alerts.filter(({ flags }) => flags?.includes('symbol_cut'))
      if (!isWrapped(capture)) expect(cut).toHaveLength(packet?.cut_symbols ?? 0)
      expect(alerts.filter(({ drop }) => drop?.cookie !== undefined)).toHaveLength(packet?.cookies ?? 0)
      expect(alerts.filter(({ device }) => device?.name !== undefined)).toHaveLength(packet?.port_names ?? 0)

      expect(summaries(converted)).toHaveLength(summary?.summary_lines ?? 0)
      expect(summaries(converted).reduce((sum, { drop }) => sum + (drop?.count ?? 0), 0)).toBe(
        summary?.summary_drops ?? 0,
      )

      const losses = converted.events.filter(({ kind }) => kind === 'loss')
      expect(losses.filter(({ loss }) => loss?.cause === 'socket_full')).toHaveLength(session?.enobufs_lines ?? 0)
      const tail = losses.filter(({ loss }) => loss?.cause === 'queue_full').map(({ loss }) => loss?.count)
      expect(tail).toEqual((session?.tail_dropped ?? []).filter((count) => count > 0))
    },
  )

  const announced = counted.filter(({ meta, has }) => {
    const same = meta.expected?.field_by_field
    return (
      same !== undefined &&
      same.same_in_order === same.stdout_alerts &&
      same.stdout_alerts === same.netlink_alerts &&
      has('truth-netlink.jsonl')
    )
  })

  it.each(announced.map((capture) => [capture.name, capture] as const))(
    '%s equals what the kernel announced, field by field',
    async (_, capture) => {
      const truth = jsonLines<Announced>(capture.read('truth-netlink.jsonl'))
      const alerts = packets(await convert(capture))
      expect(alerts.map(toldBy)).toEqual(truth.map((alert) => announcedIn(alert, capture)))
      for (const [index, { ts, flags }] of alerts.entries()) {
        if (ts === undefined) expect(flags).toContain('time_ambiguous')
        else expect(nsOf(ts)).toBe(truth[index]?.timestamp_ns)
      }
    },
  )

  it('are all looked at: these have no counts', () => {
    expect(counted.length).toBeGreaterThanOrEqual(184)
    expect(announced.length).toBeGreaterThan(80)
    const uncounted = all.filter((capture) => !counted.includes(capture)).map(({ name }) => name)
    console.log(`captures of other tools, without counts for dropwatch: ${uncounted.join(', ')}`)
    // dwdump writes pcap, the seeds are of perf and bpftrace, and a pager chopped the lines of the sessions 83.
    expect(
      uncounted.filter((name) => !/-(6[0-2]-dwdump|8[01]-seed|84-perf|83-mixed-terminal-pager)/.test(name)),
    ).toEqual([])
  })

  it.each(withOutput.filter((capture) => !isMixed(capture)).map((capture) => [capture.name, capture] as const))(
    '%s is understood: no line of dropwatch is foreign',
    async (_, capture) => {
      const { events, outcome } = await convert(capture)
      expect(outcome.notUnderstood).toBe(false)
      expect(events.filter(({ stream, message }) => stream === 'foreign' && !isSurroundings(message ?? ''))).toEqual([])
    },
  )
})

/** What script, expect, tmux and bash print around a session. */
function isSurroundings(message: string): boolean {
  return /^(Script (started|done) on |spawn dropwatch|bash-5\.\d#|\d+$)/.test(message)
}

/** The members of an event that the kernel's announcement has, in its words. */
function toldBy({ drop, location, skb, device, payload, flags }: Event): object {
  const isCut = flags?.includes('symbol_cut') === true
  return {
    origin: drop?.origin,
    address: location?.address,
    symbol: isCut ? payload : location && symbolText(location),
    reason: drop?.reason,
    trap: drop?.trap,
    group: drop?.trap_group,
    cookie: drop?.cookie,
    ifindex: device?.ifindex,
    protocol: skb?.protocol,
    length: skb?.len,
    original: skb?.orig_len,
  }
}

function symbolText({ symbol, offset, size, module }: NonNullable<Event['location']>): string {
  return `${symbol}+0x${offset?.toString(16)}/0x${size?.toString(16)}${module === undefined ? '' : ` [${module}]`}`
}

function announcedIn(alert: Announced, { meta }: Capture): object {
  const { origin, pc, symbol, trap, trap_group, cookie, ifindex, proto, length, orig_len } = alert
  // dropwatch before 1.5.4 does not print the kernel's reason.
  const reason = meta.tool_version.includes('1.5.3') ? undefined : alert.reason
  return {
    origin,
    address: pc === undefined ? undefined : `0x${BigInt(pc).toString(16)}`,
    symbol,
    reason,
    trap,
    group: trap_group,
    cookie,
    ifindex,
    protocol: proto === undefined ? undefined : Number(proto),
    length,
    original: orig_len,
  }
}

function nsOf(ts: string): string {
  const [seconds = '', fraction = ''] = ts.slice(0, -1).split('.')
  return `${Date.parse(`${seconds}Z`) / 1000}${fraction}`
}
