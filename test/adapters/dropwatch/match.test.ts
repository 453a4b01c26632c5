import { describe, expect, it } from 'vitest'
import { adapter as dropwatch } from '../../../adapters/dropwatch/adapter.ts'
import { adapter as perf } from '../../../adapters/perf/adapter.ts'
import { type Capture, captures, jsonLines, zoneNameOf } from './captures.ts'
import { convertText, type Event } from './convert-text.ts'

/** A drop that dropwatch and perf both saw, by its place in dropwatch's output and its line in perf's. */
interface Match {
  readonly dropwatch_alert: number
  readonly perf_line?: number | null
  readonly perf_ns: string
}

/** The same drop has the same place, the same EtherType, and about the same time on the two clocks (docs/formats/). */
const NEAR_NS = 50_000_000n

const golden = (captures() ?? []).filter(({ has }) => has('golden-match.jsonl'))

describe.skipIf(golden.length === 0)('dropwatch and perf watching the same seconds', () => {
  it.each(golden.map((capture) => [capture.name, capture] as const))(
    '%s: tell of the same drops',
    async (name, capture) => {
      const pairs = await matchesIn(capture)
      const agreeing = pairs.filter(([alert, sample]) => agree(alert, sample))
      console.log(`${name}: ${agreeing.length} of ${pairs.length} drops agree`)
      expect(pairs.length).toBeGreaterThan(10)
      expect(pairs.filter(([alert, sample]) => !agree(alert, sample))).toEqual([])
      const distances = pairs.map(([alert, sample]) => nsOf(alert.ts) - BigInt(sample.clock?.ns ?? 0))
      const [median = 0n] = distances.toSorted((a, b) => (a < b ? -1 : 1)).slice(distances.length / 2)
      for (const distance of distances) expect(distance - median < NEAR_NS && median - distance < NEAR_NS).toBe(true)
    },
  )
})

const sessions = (captures() ?? []).filter(({ name }) => name.includes('-82-mixed-terminal-session'))

describe.skipIf(sessions.length === 0)('a terminal session in which both were run', () => {
  it.each(sessions.map((capture) => [capture.name, capture] as const))(
    '%s: changes readers where dropwatch begins',
    async (_, capture) => {
      const session = capture.read('stdout.txt')
      const { drops, outcome, rejected } = await convertText(session, { adapters: [dropwatch, perf] })
      expect(drops.filter((drop) => drop.capture.tool === 'dropwatch')).toHaveLength(
        session.toString('latin1').split('drop at: ').length - 1,
      )
      expect(drops.some((drop) => drop.capture.tool === 'perf')).toBe(true)
      expect(rejected).toEqual([])
      const begins = session
        .toString('latin1')
        .split('\n')
        .findIndex((line) => line.includes('Initializing kallsyms db'))
      expect(outcome.readers.map(({ name, line }) => [name, line])).toEqual([
        ['perf', 1],
        ['dropwatch', begins + 1],
      ])
    },
  )
})

async function matchesIn(capture: Capture): Promise<readonly (readonly [Event, Event])[]> {
  const alerts = await convertText(capture.read('dropwatch.stdout.txt'), {
    zone: zoneNameOf(capture),
    adapters: [dropwatch, perf],
  })
  const samples = await convertText(capture.read('perf-script-ns.txt'), { adapters: [dropwatch, perf] })
  const byLine = new Map(samples.drops.map((drop) => [drop.capture.line, drop]))
  return jsonLines<Match>(capture.read('golden-match.jsonl')).flatMap(({ dropwatch_alert, perf_line, perf_ns }) => {
    if (perf_line === undefined || perf_line === null) return []
    const alert = alerts.drops[dropwatch_alert]
    const sample = byLine.get(perf_line)
    if (alert === undefined || sample === undefined) throw new Error(`no drop ${dropwatch_alert}, line ${perf_line}`)
    expect(sample.clock?.ns).toBe(perf_ns)
    return [[alert, sample] as const]
  })
}

/**
 * What both tools print is the same: perf has an address or a symbol for the place, a name or a subsystem's number for
 * the reason.
 */
function agree(alert: Event, sample: Event): boolean {
  const { location: at, skb, drop } = alert
  const samePlace =
    sample.location?.address !== undefined
      ? sample.location.address === at?.address
      : sample.location?.symbol === at?.symbol && (at?.offset === undefined || at.offset === sample.location?.offset)
  const { reason } = sample.drop ?? {}
  return samePlace && sample.skb?.protocol === skb?.protocol && (reason === undefined || reason === drop?.reason)
}

function nsOf(ts: string | undefined): bigint {
  const [seconds = '', fraction = ''] = (ts ?? '').slice(0, -1).split('.')
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction)
}
