import { describe, expect, it } from 'vitest'
import type { ClockId } from '../../src/event/words.ts'
import { type ClockPair, type KnownTime, pairsOf, timekeeper } from '../../src/time/clock.ts'
import { parseRfc3339 } from '../../src/time/rfc3339.ts'
import { zoneOf } from '../../src/time/zone.ts'

/** From `perf script --header` of a recording with -k mono (perf 6.1). */
const PAIR = { id: 'monotonic', ns: '3793978513923', realtimeNs: '1795433624408823000', uncertaintyNs: 1000 } as const

function inZone(name: string): KnownTime {
  const zone = zoneOf(name)
  return zone === undefined ? {} : { zone }
}

function localTimes(known: KnownTime, locals: readonly string[]): readonly string[] {
  const time = timekeeper(known)
  return locals.map((local) => {
    const { ts, flag, conflict } = time.localTs(local)
    return ts ?? flag ?? conflict ?? 'nothing'
  })
}

describe('the wall clock of a time', () => {
  it('is known of a realtime clock by itself', () => {
    expect(timekeeper({}).tsOf('realtime', '1795437537282292000')).toBe('2026-11-23T12:38:57.282292000Z')
  })

  it.each<ClockId>(['monotonic', 'boottime', 'tai', 'monotonic_raw', 'perf', 'unknown', 'relative'])(
    'is not known of %s alone',
    (id) => {
      const time = timekeeper({})
      expect(time.tsOf(id, '340799805000')).toBeUndefined()
      expect([...time.hints]).toEqual([])
    },
  )

  it('comes from a pair that a header gives, for that clock alone', () => {
    const time = timekeeper({})
    time.learn(PAIR)
    // What perf's own tod column says of this sample: 2026-11-23 11:33:44.496363557.
    expect(time.tsOf('monotonic', '3794066054480')).toBe('2026-11-23T11:33:44.496363557Z')
    expect(time.tsOf('monotonic', '3793978513923')).toBe('2026-11-23T11:33:44.408823000Z')
    expect(time.tsOf('monotonic', '0')).toBe('2026-11-23T10:30:30.430309077Z')
    expect(time.tsOf('boottime', '3794066054480')).toBeUndefined()
    expect(time.tsOf('perf', '3794066054480')).toBeUndefined()
  })

  it('comes from the pairs of a snapshot, tai included', () => {
    const time = timekeeper({
      pairs: pairsOf([
        { id: 'perf', ns: '1000000000', realtime_ns: '1700000000000000000', uncertainty_ns: 3000 },
        { id: 'tai', ns: '1700000037000000000', realtime_ns: '1700000000000000000', uncertainty_ns: 1 },
      ]),
    })
    expect(time.tsOf('perf', '1500000001')).toBe('2023-11-14T22:13:20.500000001Z')
    expect(time.tsOf('tai', '1700000038000000005')).toBe('2023-11-14T22:13:21.000000005Z')
    expect(time.tsOf('monotonic', '1500000001')).toBeUndefined()
  })

  it('is no longer known by a snapshot that is withdrawn; what a header or the user said stays', () => {
    const ids = ['monotonic', 'perf', 'tai', 'boottime'] as const
    const pairs = ids.map((id): ClockPair => ({ ...PAIR, id }))
    const zone = zoneOf('+05:45')
    const time = timekeeper({ pairs, ...(zone !== undefined && { snapshotZone: zone }) })
    time.learn({ ...PAIR, id: 'perf' })
    expect(time.localTs('2026-11-23T12:00:00').ts).toBe('2026-11-23T06:15:00.000000000Z')
    time.withdraw()
    const known = (['monotonic', 'perf', 'tai', 'boottime', 'realtime'] as const).filter((id) => time.tsOf(id, '1'))
    expect(known).toEqual(['perf', 'realtime'])
    expect(time.localTs('2026-11-23T12:00:00').ts).toBeUndefined()
    const byHand = timekeeper({ pairs, bootNs: 1n })
    byHand.withdraw()
    expect(byHand.tsOf('monotonic', '1')).toBe('1970-01-01T00:00:00.000000002Z')
    expect(byHand.tsOf('tai', '1')).toBeUndefined()
  })

  it('is told to be missing where a snapshot has no pair of a clock', () => {
    const time = timekeeper({ pairs: [] })
    for (const id of ['tai', 'unknown', 'relative', 'realtime'] as const) time.tsOf(id, '1')
    expect([...time.hints]).toEqual([expect.stringContaining('times of the clock tai give no ts')])
  })

  it('is told to be vague far from a pair, of clocks that nobody steers', () => {
    const hour = 3_600_000_000_000n
    const hints = (id: ClockId, hours: bigint): readonly string[] => {
      const time = timekeeper({ pairs: [{ ...PAIR, id, ns: String(10n * hour) }] })
      for (const times of [0n, 1n]) time.tsOf(id, String((10n + hours) * hour + times))
      return [...time.hints]
    }
    for (const id of ['perf', 'monotonic_raw'] as const) {
      expect(hints(id, 2n)).toEqual([expect.stringContaining('more than an hour')])
      expect(hints(id, -2n)).toHaveLength(1)
      expect(hints(id, 0n)).toEqual([])
    }
    for (const id of ['monotonic', 'boottime', 'tai'] as const) expect(hints(id, 9n)).toEqual([])
  })

  it('is not known where nothing names the clock, whatever pairs there are; the user hears of it once', () => {
    const time = timekeeper({ pairs: [{ ...PAIR, id: 'perf' }] })
    for (const ns of ['1', '340799805000', '1795437537282292000']) {
      expect(time.tsOf(time.idOf('unknown'), ns)).toBeUndefined()
    }
    expect([...time.hints]).toEqual([expect.stringContaining('--clock')])
  })

  it('follows --clock where the source leaves the clock open, and nowhere else', () => {
    const time = timekeeper({ clock: 'perf', pairs: [{ ...PAIR, id: 'perf' }] })
    expect(time.idOf('unknown')).toBe('perf')
    for (const id of ['perf', 'monotonic', 'boottime', 'realtime', 'tai', 'monotonic_raw', 'relative'] as const) {
      expect(time.idOf(id)).toBe(id)
    }
    expect(time.tsOf(time.idOf('unknown'), '3793978513923')).toBe('2026-11-23T11:33:44.408823000Z')
  })

  it('never comes from a relative time', () => {
    const time = timekeeper({ bootNs: 1_700_000_000_000_000_000n })
    time.learn({ ...PAIR, id: 'relative' })
    expect(time.tsOf('relative', '5')).toBeUndefined()
  })

  it.each<ClockId>(['monotonic', 'boottime', 'perf', 'monotonic_raw', 'unknown'])(
    'comes from a boot time by hand, for %s',
    (id) => {
      const bootNs = parseRfc3339('2026-11-23T10:00:00Z') ?? 0n
      expect(timekeeper({ bootNs }).tsOf(id, '340799805000')).toBe('2026-11-23T10:05:40.799805000Z')
    },
  )

  it('does not count an epoch time, or an atomic one, from boot', () => {
    const time = timekeeper({ bootNs: 1_700_000_000_000_000_000n })
    expect(time.tsOf('unknown', '1795437537282292000')).toBeUndefined()
    expect(time.tsOf('unknown', '999999999999999999')).toBe('2055-07-23T23:59:59.999999999Z')
    expect(time.tsOf('tai', '1795437574282292000')).toBeUndefined()
  })

  it('trusts the header before the boot time, and the boot time before the snapshot', () => {
    const bootNs = parseRfc3339('2026-11-23T10:00:00Z') ?? 0n
    const time = timekeeper({ bootNs, pairs: [PAIR] })
    expect(time.tsOf('monotonic', '3793978513923')).toBe('2026-11-23T11:03:13.978513923Z')
    time.learn(PAIR)
    expect(time.tsOf('monotonic', '3793978513923')).toBe('2026-11-23T11:33:44.408823000Z')
  })

  it('is before boot on a host whose clock was not set', () => {
    const time = timekeeper({ pairs: [{ id: 'monotonic', ns: '90000000000', realtimeNs: '5' }] })
    expect(time.tsOf('monotonic', '1')).toBe('1969-12-31T23:58:30.000000006Z')
  })

  it('is nothing beyond the year 9999', () => {
    const time = timekeeper({ pairs: [{ id: 'monotonic', ns: '0', realtimeNs: '253402300799999999999' }] })
    expect(time.tsOf('monotonic', '0')).toBe('9999-12-31T23:59:59.999999999Z')
    expect(time.tsOf('monotonic', '1')).toBeUndefined()
  })

  it('holds for all of 64 bits', () => {
    expect(timekeeper({}).tsOf('realtime', '18446744073709551615')).toBe('2554-07-21T23:34:33.709551615Z')
  })
})

describe('a local time', () => {
  it('gets no ts without a zone, and that is known', () => {
    const time = timekeeper({})
    expect(time.localTs('2023-02-23T18:03:36.370138884')).toEqual({})
    expect(time.localTs('2023-02-23T18:03:37')).toEqual({})
    expect(time.lacks('zone')).toBe(true)
  })

  it.each([
    ['UTC', '2023-02-23T18:03:36.370138884', '2023-02-23T18:03:36.370138884Z'],
    ['America/New_York', '2023-02-23T18:03:36.370138884', '2023-02-23T23:03:36.370138884Z'],
    ['Asia/Kathmandu', '2026-01-01T05:45:04.293432750', '2026-01-01T00:00:04.293432750Z'],
    ['-03:30', '2026-12-31T23:59:59', '2027-01-01T03:29:59.000000000Z'],
    ['UTC', '2026-11-23T11:33:44.5', '2026-11-23T11:33:44.500000000Z'],
    ['UTC', '2026-11-23T11:33:44.080536', '2026-11-23T11:33:44.080536000Z'],
    ['Africa/Monrovia', '1971-06-01T00:00:00.5', '1971-06-01T00:44:30.500000000Z'],
    ['Asia/Kathmandu', '0000-01-01T00:00:00', 'nothing'],
    ['America/New_York', '9999-12-31T23:59:59', 'nothing'],
  ])('in %s %s is %s', (name, local, ts) => {
    expect(localTimes(inZone(name), [local])).toEqual([ts])
  })

  it('says which zone made it', () => {
    expect(timekeeper(inZone('Asia/Kathmandu')).localTs('2026-01-01T05:45:04').zone).toBe('Asia/Kathmandu')
  })

  it.each([
    ['America/New_York', '2027-03-14T02:30:00.5', 'the local time 2027-03-14T02:30 does not exist in America/New_York'],
    ['UTC', '2026-02-30T12:00:00', 'the time 2026-02-30T12:00:00 is on no calendar'],
    ['+05:45', '2016-12-31T23:59:60', 'the time 2016-12-31T23:59:60 is on no calendar'],
  ])('in %s %s is a conflict', (name, local, sentence) => {
    const { conflict, ...rest } = timekeeper(inZone(name)).localTs(local)
    expect(conflict).toContain(sentence)
    expect(rest).toEqual({})
  })

  it('never exists twice, and never not at all, with a fixed offset', () => {
    expect(localTimes(inZone('-05:00'), ['2026-11-01T01:30:00', '2027-03-14T02:30:00'])).toEqual([
      '2026-11-01T06:30:00.000000000Z',
      '2027-03-14T07:30:00.000000000Z',
    ])
  })
})

describe('the hour that happens twice', () => {
  const day = '2026-11-01T'
  const times = (...faces: readonly string[]): readonly string[] =>
    localTimes(
      inZone('America/New_York'),
      faces.map((face) => day + face),
    ).map((text) => text.replace(/^2026-11-01T|\.0{9}Z$/g, ''))
  const either = 'time_ambiguous'

  it('is ambiguous until the clock steps back, and the second from there on', () => {
    expect(times('00:59:59', '01:59:57', '01:59:59', '01:00:00', '01:00:01', '01:45:00', '02:00:00')).toEqual([
      '04:59:59',
      either,
      either,
      '06:00:00',
      '06:00:01',
      '06:45:00',
      '07:00:00',
    ])
  })

  it('is told by a step back over a pause', () => {
    expect(times('01:50:00', '01:10:00', '01:20:00')).toEqual([either, '06:10:00', '06:20:00'])
  })

  it('stays ambiguous where the clock was set, or lines are out of order', () => {
    expect(times('01:30:09', '01:30:01', '01:30:02')).toEqual([either, either, either])
    expect(times('01:30:00', '01:10:00')).toEqual([either, either])
  })

  it('stays ambiguous after a step back from beyond it', () => {
    expect(times('02:10:00', '01:05:00')).toEqual(['07:10:00', either])
  })

  it('is not told by the evening before', () => {
    expect(localTimes(inZone('America/New_York'), ['2026-10-31T23:00:00', '2026-11-01T01:30:00'])[1]).toBe(either)
    expect(
      localTimes(inZone('America/New_York'), ['2025-11-02T01:59:00', '2025-11-02T01:00:00', '2026-11-01T01:30:00']),
    ).toEqual([either, '2025-11-02T06:00:00.000000000Z', either])
  })

  it('does not take a straggler from before the step for the second', () => {
    expect(times('01:59:58', '01:00:00', '01:59:59', '01:00:01', '01:00:02')).toEqual([
      either,
      '06:00:00',
      either,
      '06:00:01',
      '06:00:02',
    ])
  })

  it('goes to its end', () => {
    expect(times('01:59:58', '01:00:00', '01:59:50', '01:59:58', '02:00:00')).toEqual([
      either,
      '06:00:00',
      '06:59:50',
      '06:59:58',
      '07:00:00',
    ])
  })

  it('is half an hour on Lord Howe Island', () => {
    const faces = ['2026-04-05T01:59:00', '2026-04-05T01:31:00', '2026-04-05T02:00:00']
    expect(localTimes(inZone('Australia/Lord_Howe'), faces)).toEqual([
      either,
      '2026-04-04T15:01:00.000000000Z',
      '2026-04-04T15:30:00.000000000Z',
    ])
  })

  it('is each reader’s own', () => {
    const known = inZone('America/New_York')
    timekeeper(known).localTs('2026-11-01T01:59:59')
    expect(timekeeper(known).localTs('2026-11-01T01:00:00').flag).toBe(either)
  })
})

describe('a minute is steady', () => {
  const time = timekeeper(inZone('Europe/Berlin'))

  it.each([
    ['2026-10-25T01:59:00', true],
    ['2026-10-25T02:00:59', false],
    ['2026-10-25T02:59:00', false],
    ['2026-10-25T03:00:00', true],
    ['2026-03-29T02:30:00', false],
    ['2026-13-29T02:30:00', false],
  ])('%s: %s', (local, isSteady) => {
    expect(time.hasSteadyMinute(local)).toBe(isSteady)
  })

  it('where no zone is known', () => {
    expect(timekeeper({}).hasSteadyMinute('2026-10-25T02:00:59')).toBe(true)
  })
})
