import { describe, expect, it } from 'vitest'
import { type Fallback, nanosecondsOf, RecordTimes } from '../../src/envelopes/time.ts'
import { recordOfLine } from '../../src/event/published.ts'

const NOW = 1_760_000_000_123_456_789n

function timesOf(events: readonly object[], fallback: Fallback = { as: 'reject' }): readonly string[] {
  const times = new RecordTimes(fallback, () => NOW)
  return events.map((event) => {
    const time = times.of(recordOfLine(JSON.stringify({ v: 1, kind: 'trace', capture: { path: 'a' }, ...event })))
    return 'unfit' in time ? time.unfit : `${time.source} ${nanosecondsOf(time)}`
  })
}

const DROP = { ts: '2026-01-01T00:00:00.000000001Z', clock: { id: 'realtime', ns: '1767225600000000001' } }

describe('the time of a record', () => {
  it('is its ts, to the nanosecond', () => {
    expect(timesOf([DROP, { ts: '1970-01-01T00:00:00.000000007Z' }])).toEqual(['ts 1767225600000000001', 'ts 7'])
  })

  it('is that of the record before it in its capture, where it has no time of its own', () => {
    const loss = { kind: 'loss' }
    expect(timesOf([DROP, loss, { ...loss, capture: { path: 'b' } }])).toEqual([
      'ts 1767225600000000001',
      'inherited 1767225600000000001',
      expect.stringMatching(/^no ts/),
    ])
  })

  it('is not inherited by a record with a clock: its time is another one', () => {
    expect(timesOf([DROP, { clock: { id: 'perf', ns: '5' } }])[1]).toMatch(/^no ts/)
  })

  it.each([
    [{ as: 'now' }, `now ${NOW}`],
    [{ as: 'start', ns: NOW - 1n }, `start ${NOW - 1n}`],
  ] as const)('falls back to %s', (fallback, time) => {
    expect(timesOf([{ clock: { id: 'perf', ns: '5' } }], fallback)).toEqual([time])
  })

  it('is none outside what platforms can keep', () => {
    for (const ts of ['1969-12-31T23:59:59.999999999Z', '2300-01-01T00:00:00.000000000Z'])
      expect(timesOf([{ ts }])[0]).toMatch(/1970 to 2262/)
  })
})
