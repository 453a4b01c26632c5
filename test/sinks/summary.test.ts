import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFieldName } from '../../src/event/field-names.ts'
import { type Summary, summarySink } from '../../src/sinks/summary/collect.ts'
import { cutTo, widthOf } from '../../src/sinks/summary/columns.ts'
import { documentOf, unreadSentences } from '../../src/sinks/summary/document.ts'
import { renderSummary } from '../../src/sinks/summary/render.ts'
import { Timelines, WIDTHS_MS } from '../../src/sinks/summary/timeline.ts'
import { MOST_VALUES, type Ranking, ValueCounts } from '../../src/sinks/summary/value-counts.ts'
import { type Event, events, recordOf, valueAt } from '../stages/events.ts'
import { NEVER } from './never.ts'

function summaryOf(some: readonly Event[], by: readonly string[] = [], most = 1000): Summary {
  const sink = summarySink(
    by.map((field) => parseFieldName(field, '--by')),
    (event) => event === 'skb:kfree_skb',
    NEVER,
  )
  for (const event of some) sink.write(recordOf(event))
  return sink.summary(most)
}

const capture = { path: 'a.txt', line: 1 }
const drop = (reason: string, count: number, more: object = {}): Event => ({
  v: 1,
  kind: 'drop',
  ...more,
  drop: { count, reason },
  capture,
})

/** Packets by value, as a ranking has them. */
function packetsIn({ top }: Ranking): Readonly<Record<string, number>> {
  return Object.fromEntries(top.map(({ value, packets }) => [value, packets]))
}

describe('the counts of a summary', () => {
  it('are those of the events, recounted one by one', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (some) => {
        const summary = summaryOf(some, ['drop.reason', 'kind'])
        const drops = some.filter(({ kind }) => kind === 'drop')
        const packetsOf = (event: Event): number => Number(event.kind === 'drop' ? valueAt(event, 'drop.count') : 0)
        const sum = (list: readonly Event[]): number => list.reduce((total, event) => total + packetsOf(event), 0)
        expect(summary.packets).toBe(sum(some))
        for (const [kind, count] of Object.entries(summary.records))
          expect(count).toBe(some.filter((event) => event.kind === kind).length)
        const recount = (answer: (event: Event) => unknown): Readonly<Record<string, number>> => {
          const counts: Record<string, number> = {}
          for (const event of drops) {
            const value = answer(event)
            if (value !== undefined) counts[String(value)] = (counts[String(value)] ?? 0) + packetsOf(event)
          }
          return counts
        }
        const prefixed = (prefix: string, value: unknown): string | undefined =>
          value === undefined ? undefined : `${prefix}${value}`
        expect(packetsIn(summary.drops.reasons)).toEqual(
          recount(
            (event) =>
              valueAt(event, 'drop.reason') ??
              prefixed('code ', valueAt(event, 'drop.code')) ??
              prefixed('trap ', valueAt(event, 'drop.trap')),
          ),
        )
        expect(packetsIn(summary.drops.locations)).toEqual(
          recount((event) => valueAt(event, 'location.symbol') ?? valueAt(event, 'location.address')),
        )
        expect(packetsIn(summary.drops.processes)).toEqual(recount((event) => valueAt(event, 'process.comm')))
        expect(packetsIn(summary.drops.devices)).toEqual(
          recount((event) => valueAt(event, 'device.name') ?? prefixed('ifindex ', valueAt(event, 'device.ifindex'))),
        )
        for (const list of Object.values(summary.drops))
          expect(list.untold.packets + list.top.reduce((all, { packets }) => all + packets, 0)).toBe(summary.packets)
        const inBy = summary.by?.top ?? []
        expect(inBy.reduce((all, { records }) => all + records, 0)).toBe(some.length)
        for (const { value, packets, records } of inBy) {
          const same = some.filter(
            (event) => JSON.stringify([valueAt(event, 'drop.reason') ?? null, event.kind]) === value,
          )
          expect([packets, records]).toEqual([sum(same), same.length])
        }
        const timed = summary.timelines.flatMap(({ buckets }) => buckets)
        const spoken = some.filter(({ kind }) => kind !== 'message')
        expect(timed.reduce((all, { records }) => all + records, summary.untimed.records)).toBe(spoken.length)
      }),
      { numRuns: 150 },
    )
  })

  it('list the largest first, and say what the rest is', () => {
    const { reasons } = summaryOf([drop('A', 1), drop('B', 5), drop('C', 2), drop('B', 1), drop('D', 1)], [], 2).drops
    expect(reasons.top).toEqual([
      { value: 'B', packets: 6, records: 2 },
      { value: 'C', packets: 2, records: 1 },
    ])
    expect(reasons.others).toEqual({ values: 2, packets: 2, records: 2 })
  })

  it('are exact, and say how many records there was no room for', () => {
    const tally = new ValueCounts()
    const add = (value: string): void => {
      tally.countOf(value).records++
    }
    for (let round = 0; round < 2; round++) for (let at = 0; at < MOST_VALUES + 100; at++) add(`value ${at}`)
    add('x'.repeat(300))
    const { top, others, uncounted } = tally.rank(3)
    expect(top.map(({ records }) => records)).toEqual([2, 2, 2])
    expect(others).toEqual({ values: MOST_VALUES - 3, packets: 0, records: 2 * (MOST_VALUES - 3) })
    expect(uncounted.records).toBe(201)
  })
})

describe('losses', () => {
  const loss = (count: number | undefined, mode: 'delta' | 'total', path = 'a.txt'): Event => ({
    v: 1,
    kind: 'loss',
    loss: { ...(count !== undefined && { count }), unit: 'records', cause: 'ring_full', mode },
    capture: { path, line: 1 },
  })

  it('are added up only when each counts from the one before', () => {
    const some = [
      loss(3, 'delta'),
      loss(undefined, 'delta'),
      loss(4, 'delta', 'b.txt'),
      loss(10, 'total'),
      loss(25, 'total'),
      loss(7, 'total', 'b.txt'),
    ]
    expect(summaryOf(some).losses).toEqual([
      { unit: 'records', cause: 'ring_full', mode: 'delta', count: 7, records: 3, uncounted: 1 },
      { unit: 'records', cause: 'ring_full', mode: 'total', path: 'a.txt', count: 25, records: 2, uncounted: 0 },
      { unit: 'records', cause: 'ring_full', mode: 'total', path: 'b.txt', count: 7, records: 1, uncounted: 0 },
    ])
  })

  it('without any number have none', () => {
    expect(summaryOf([loss(undefined, 'delta')]).losses[0]?.count).toBeUndefined()
  })
})

describe('time', () => {
  const at = (ts: string): Event => drop('A', 1, { ts })
  const ns = (id: string, text: string): Event => drop('A', 1, { clock: { id, ns: text } })

  it('is divided as finely as there is room for, on each clock by itself', () => {
    const some = [
      at('2023-02-23T18:03:36.370138884Z'),
      at('2023-02-23T18:03:36.370999999Z'),
      at('2023-02-23T18:03:36.371000000Z'),
      ns('monotonic', '5066913230000'),
      ns('monotonic', '999999'),
      drop('A', 1, { clock: { id: 'realtime', local: '2023-02-23T18:03:36.37' } }),
      drop('A', 1, { clock: { id: 'unknown' } }),
      drop('A', 2),
    ]
    const { timelines, untimed } = summaryOf(some)
    const start = Date.parse('2023-02-23T18:03:36.370Z')
    expect(timelines).toEqual([
      {
        clock: 'ts',
        inputs: 1,
        widthMs: 1,
        buckets: [
          { startMs: start, packets: 2, records: 2 },
          { startMs: start + 1, packets: 1, records: 1 },
        ],
      },
      {
        clock: 'monotonic',
        inputs: 1,
        widthMs: 1,
        buckets: [
          { startMs: 0, packets: 1, records: 1 },
          { startMs: 5066913, packets: 1, records: 1 },
        ],
      },
      { clock: 'local', inputs: 1, widthMs: 1, buckets: [{ startMs: start, packets: 1, records: 1 }] },
    ])
    expect(untimed).toEqual({ packets: 3, records: 2 })
  })

  it('gives the same in any order, in a bounded number of buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000_000 }), { minLength: 1, maxLength: 2000 }), (times) => {
        const timelineOf = (ms: readonly number[]): unknown => {
          const timelines = new Timelines()
          for (const one of ms) timelines.add(recordOf(ns('perf', `${one}000000`)), 1)
          return timelines.timelines()[0]
        }
        const timeline = timelineOf(times)
        expect(timeline).toEqual(timelineOf(times.toSorted((a, b) => b - a)))
        expect(timeline).toMatchObject({ clock: 'perf' })
        const { buckets, widthMs } = JSON.parse(JSON.stringify(timeline))
        expect(buckets.length).toBeLessThanOrEqual(256)
        for (const { startMs, records } of buckets)
          expect(records).toBe(times.filter((ms) => ms >= startMs && ms < startMs + widthMs).length)
      }),
      { numRuns: 20 },
    )
  })

  it('has widths of which each divides the next', () => {
    for (const [place, width] of WIDTHS_MS.entries()) expect((WIDTHS_MS[place + 1] ?? width) % width).toBe(0)
  })
})

describe('the page', () => {
  const some: readonly Event[] = [
    drop('NO_SOCKET', 30, {
      ts: '2023-02-23T18:03:36.370138884Z',
      process: { comm: 'curl' },
      skb: { protocol: 2048, protocol_name: 'IPv4' },
      location: { symbol: 'tcp_v4_rcv' },
    }),
    drop('TCP_CSUM', 10, {
      ts: '2023-02-23T18:03:38.000000000Z',
      process: { comm: '漢字\x1b[31m' },
      skb: { protocol: 0x88b5 },
      device: { ifindex: 2 },
    }),
    { v: 1, kind: 'trace', ts: '2023-02-23T18:03:37.000000000Z', event_name: 'sched:sched_switch', capture },
    { v: 1, kind: 'loss', loss: { count: 3, unit: 'map_updates', cause: 'map_full', mode: 'delta' }, capture },
  ]
  const around = {
    explain: (reason: string) =>
      reason === 'NO_SOCKET'
        ? { meaning: 'Nobody listens on that address and port.', check: 'Look at the listeners with ss -lntup.' }
        : undefined,
    by: ['kind', 'device.ifindex'],
    unread: unreadSentences({ rejected: 1, undecoded: 0, ambiguous: 0, foreign: 2, failures: ['b.txt: no such file'] }),
  }

  it('says all of it in words', () => {
    expect(renderSummary(summaryOf(some, around.by), around, { width: undefined, colour: false })).toBe(
      `40 packets dropped
4 records: 2 drop, 1 trace, 1 loss

not read
  1 unit was rejected
  2 lines are of no known tool
  b.txt: no such file

dropped most: reason, place, thread
   75.0%  NO_SOCKET at tcp_v4_rcv while curl ran: 30 packets
          Nobody listens on that address and port.
          check first: Look at the listeners with ss -lntup.
   25.0%  TCP_CSUM while 漢字\\x1b[31m ran: 10 packets

reasons      packets       %
  NO_SOCKET       30    75.0  Nobody listens on that address and port.
  TCP_CSUM        10    25.0

locations     packets       %
  tcp_v4_rcv       30    75.0
  (unknown)        10    25.0

processes       packets       %
  curl               30    75.0
  漢字\\x1b[31m       10    25.0

devices      packets       %
  ifindex 2       10    25.0
  (unknown)       30    75.0

protocols  packets       %
  IPv4          30    75.0
  0x88b5        10    25.0

events                records
  sched:sched_switch        1

kind     device.ifindex  packets  records
  drop   -                    30        1
  drop   2                    10        1
  loss   -                     0        1
  trace  -                     0        1

packets over time, 200 ms a line (UTC)
  2023-02-23 18:03:36.200Z  30   150/s  ████████████████████████████████████████
  2023-02-23 18:03:36.400Z   0     0/s
  2023-02-23 18:03:36.600Z   0     0/s
  2023-02-23 18:03:36.800Z   0     0/s
  2023-02-23 18:03:37.000Z   0     0/s
  2023-02-23 18:03:37.200Z   0     0/s
  2023-02-23 18:03:37.400Z   0     0/s
  2023-02-23 18:03:37.600Z   0     0/s
  2023-02-23 18:03:37.800Z   0     0/s
  2023-02-23 18:03:38.000Z  10  50.0/s  ██████████████
1 record without a time

lost, as the tools report it
  3 map updates (map_full), reported in 1 record
`,
    )
  })

  it.each([40, 60, 80, 120])('keeps within %i columns', (width) => {
    const page = renderSummary(summaryOf(some, around.by), around, { width, colour: false })
    expect(page.split('\n').filter((line) => widthOf(line) > width)).toEqual([])
  })

  it.each([10, 20, 40, 60])('cuts names to fit into %i columns, and never a number', (width) => {
    const long = [
      drop('A_REASON_WITH_A_NAME_THAT_NO_TERMINAL_HOLDS', 123_456_789, { process: { comm: 'fifteen letters' } }),
      drop('SHORT', 4_242_424_242, { location: { symbol: 'a_function_of_the_kernel.constprop.0' } }),
    ]
    const by = ['drop.reason', 'process.comm', 'location.symbol']
    const page = renderSummary(summaryOf(long, by), { ...around, by }, { width, colour: false })
    expect(page.match(/ 123456789\b/g)).toHaveLength(5)
    expect(page.match(/ 4242424242\b/g)).toHaveLength(5)
    const tables = page.slice(page.indexOf('reasons'), page.indexOf('drop.re'))
    if (width >= 40) expect(tables.split('\n').filter((line) => widthOf(line) > width)).toEqual([])
  })

  it.each([40, 60, 80, 120])('cuts no sentence at %i columns', (width) => {
    const long = {
      ...around,
      explain: () => ({
        meaning: 'A meaning of many words, one after the other.',
        check: 'What to check, at length.',
      }),
    }
    const page = renderSummary(summaryOf(some, around.by), long, { width, colour: false })
    const flat = page.replace(/\s+/g, ' ')
    expect(flat).toContain('A meaning of many words, one after the other. check first: What to check, at length.')
    for (const sentence of around.unread) expect(flat).toContain(sentence)
  })

  it('has what was dropped most on its first screen, with what was not read', () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      drop(`REASON_${at}`, 100 - at, { process: { comm: `thread ${at}` }, location: { symbol: `place_${at}` } }),
    )
    const unread = ['1 unit was rejected']
    const long = { ...around, unread, explain: () => ({ meaning: 'm'.repeat(60), check: 'c '.repeat(90) }) }
    const screen = renderSummary(summaryOf(many), long, { width: 80, colour: false }).split('\n').slice(0, 24)
    for (const at of [0, 1, 2])
      expect(screen.join('\n')).toContain(`REASON_${at} at place_${at} while thread ${at} ran`)
    expect(screen.join('\n')).toContain('not read\n  1 unit was rejected\n')
    expect(screen.join('\n')).toMatch(/ 90\.\d% {2}all others: \d+ packets/)
  })

  it('explains a reason once, and says what is unknown', () => {
    const place = { location: { symbol: 'tcp_v4_rcv' } }
    const two = [drop('NO_SOCKET', 2, place), drop('NO_SOCKET', 1), { ...drop('', 1, place), drop: { count: 1 } }]
    const page = renderSummary(summaryOf(two), around, { width: 80, colour: false })
    expect(page.split('Nobody listens')).toHaveLength(3)
    expect(page).toContain('25.0%  unknown reason at tcp_v4_rcv: 1 packet\n')
  })

  it('has the entries of maps that count drops, as they were printed last', () => {
    const metric = (keys: readonly string[], value: number, more: object = {}): Event => ({
      v: 1,
      kind: 'metric',
      event_name: 'skb:kfree_skb',
      metric: { name: '@drops', keys: [...keys], type: 'count', value },
      capture,
      ...more,
    })
    const summary = summaryOf([
      metric(['NO_SOCKET', 'curl'], 3),
      metric(['TCP_CSUM', 'curl'], 4),
      metric(['NO_SOCKET', 'curl'], 9),
      metric(['x'], 77, { event_name: 'sched:sched_switch' }),
      metric(['y'], 88, { metric: { name: '@last', type: 'value', value: 88 } }),
    ])
    expect(summary.maps).toEqual([
      { path: 'a.txt', name: '@drops', keys: ['NO_SOCKET', 'curl'], value: 9, records: 2 },
      { path: 'a.txt', name: '@drops', keys: ['TCP_CSUM', 'curl'], value: 4, records: 1 },
    ])
    const page = renderSummary(summary, { ...around, unread: [] }, { width: 80, colour: false })
    expect(page).toMatch(/counted in bpftrace maps +as printed last\n {2}@drops\[NO_SOCKET, curl\] +9\n/)
  })

  it('cuts nothing where there is no terminal', () => {
    const symbol = 'a'.repeat(200)
    const page = renderSummary(
      summaryOf([drop('A', 1, { location: { symbol } })], ['location.symbol']),
      { ...around, by: ['location.symbol'] },
      { width: undefined, colour: false },
    )
    expect(page.split(symbol)).toHaveLength(4)
  })

  it('has the singular for one packet', () => {
    const loss = { count: 1, unit: 'packets', cause: 'ring_full', mode: 'delta' }
    const page = renderSummary(summaryOf([{ v: 1, kind: 'loss', loss, capture }]), around, {
      width: undefined,
      colour: false,
    })
    expect(page).toContain('\n  1 packet (ring_full), reported in 1 record\n')
  })

  it('has colours only when asked, and they are all that differs', () => {
    const plain = renderSummary(summaryOf(some), around, { width: 80, colour: false })
    const colourful = renderSummary(summaryOf(some), around, { width: 80, colour: true })
    expect(plain).not.toContain('\x1b')
    expect(colourful).toContain('\x1b[1m40 packets dropped\x1b[22m')
    expect(colourful.replace(/\x1b\[\d+m/g, '')).toBe(plain)
  })

  it('says that a list was cut', () => {
    const many = Array.from({ length: MOST_VALUES + 3 }, (_, at) => drop('A', 1, { process: { comm: `c${at}` } }))
    const page = renderSummary(summaryOf(many, [], 2), around, { width: undefined, colour: false })
    expect(page).toContain(`\n  ${MOST_VALUES - 2} more`)
    expect(page).toContain('the list was full: the values of 3 packets are not in it; its counts are exact')
  })

  it('says when there are no records', () => {
    expect(renderSummary(summaryOf([]), { ...around, unread: [] }, { width: 80, colour: false })).toBe(
      '0 packets dropped\nno records\n',
    )
  })
})

describe('the document', () => {
  it('has the same for programs', () => {
    const unread = { rejected: 0, undecoded: 0, ambiguous: 0, foreign: 0, failures: [] }
    const document = documentOf(summaryOf([drop('A', 2)], ['drop.reason', 'cpu']), ['drop.reason', 'cpu'], unread)
    expect(document).toMatchObject({
      v: 1,
      packets: 2,
      records: { drop: 1 },
      drops: { reasons: { top: [{ value: 'A', packets: 2, records: 1 }] } },
      by: { fields: ['drop.reason', 'cpu'], top: [{ values: ['A', null], packets: 2, records: 1 }] },
      unread,
    })
  })
})

describe('text on a terminal', () => {
  it('is cut by the columns that it takes', () => {
    expect(cutTo('abcdef', 6)).toBe('abcdef')
    expect(cutTo('abcdef', 4)).toBe('abc…')
    expect(cutTo('漢字漢字', 5)).toBe('漢字…')
    expect([widthOf('漢字'), widthOf('😀'), widthOf('e\u0301'), widthOf('é')]).toEqual([4, 2, 1, 1])
  })
})
