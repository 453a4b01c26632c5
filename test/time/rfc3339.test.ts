import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offsetSeconds, parseRfc3339, rfc3339Of, secondsOfLocal, splitNs, TimeText } from '../../src/time/rfc3339.ts'

/** Years 0000 to 9999 in nanoseconds. */
const FIRST = -62_167_219_200_000_000_000n
const LAST = 253_402_300_799_999_999_999n
const times = fc.bigInt({ min: FIRST, max: LAST })

describe('epoch nanoseconds as RFC 3339', () => {
  it.each([
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [1677175416370138884n, '2023-02-23T18:03:36.370138884Z'],
    [1n, '1970-01-01T00:00:00.000000001Z'],
    [999_999_999n, '1970-01-01T00:00:00.999999999Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [951_782_400_000_000_000n, '2000-02-29T00:00:00.000000000Z'],
    [(1n << 64n) - 1n, '2554-07-21T23:34:33.709551615Z'],
    [FIRST, '0000-01-01T00:00:00.000000000Z'],
    [LAST, '9999-12-31T23:59:59.999999999Z'],
  ])('writes %s as %s', (ns, text) => {
    expect(rfc3339Of(ns)).toBe(text)
    expect(parseRfc3339(text)).toBe(ns)
  })

  it.each([FIRST - 1n, LAST + 1n])('refuses %s, whose year has no four digits', (ns) => {
    expect(rfc3339Of(ns)).toBeUndefined()
  })

  it('agrees with Date on every millisecond and keeps what Date cannot hold', () => {
    fc.assert(
      fc.property(times, (ns) => {
        const text = rfc3339Of(ns) ?? ''
        const { seconds, nanoseconds } = splitNs(ns)
        const date = new Date(seconds * 1000).toISOString()
        expect(text).toBe(`${date.slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`)
        expect(parseRfc3339(text)).toBe(ns)
      }),
    )
  })

  it('does not mind in which order times come', () => {
    const near = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 2 })
    fc.assert(
      fc.property(near, (steps) => {
        const text = new TimeText()
        let seconds = 1_700_000_000
        for (const step of steps) {
          seconds += step
          expect(text.of(seconds, 7)).toBe(rfc3339Of(BigInt(seconds) * 1_000_000_000n + 7n))
        }
      }),
    )
  })
})

describe('RFC 3339 text', () => {
  it.each([
    ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00.000000000Z'],
    ['2026-11-23 12:00:00.5Z', '2026-11-23T12:00:00.500000000Z'],
    ['2026-11-23t12:00:00z', '2026-11-23T12:00:00.000000000Z'],
    ['2026-11-23T12:00:00+05:45', '2026-11-23T06:15:00.000000000Z'],
    ['2026-11-23T12:00:00-09:30', '2026-11-23T21:30:00.000000000Z'],
  ])('reads %s', (text, utc) => {
    expect(rfc3339Of(parseRfc3339(text) ?? 0n)).toBe(utc)
  })

  it.each([
    '',
    '2026-11-23',
    '2026-11-23T12:00:00',
    '2026-11-23T12:00Z',
    '2026-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-11-23T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-11-23T12:00:00+24:00',
    '2026-11-23T12:00:00+0545',
    '2026-11-23T12:00:00.1234567890Z',
    '2026-11-23T12:00:00Z\n',
    ' 2026-11-23T12:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseRfc3339(text)).toBeUndefined()
  })
})

describe('a clock face', () => {
  it('counts days as Date does, and knows which days there are', () => {
    const pad = (n: number, width: number): string => String(n).padStart(width, '0')
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 14 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 25 }),
      fc.integer({ min: 0, max: 61 }),
      fc.integer({ min: 0, max: 61 }),
    )
    fc.assert(
      fc.property(parts, ([year, month, day, hour, minute, second]) => {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`
        const date = new Date(`${text}Z`)
        const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
        expect(secondsOfLocal(text)).toBe(exists ? date.getTime() / 1000 : undefined)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['', '2026-11-23T12:00:0', '2026-11-23T12:00: 1', '2026-11-2xT12:00:00', '２026-11-23T12:00:00'])(
    'is nothing in %j',
    (text) => {
      expect(secondsOfLocal(text)).toBeUndefined()
    },
  )
})

describe('an offset from UTC', () => {
  it.each([
    ['+00:00', 0],
    ['+05:45', 20_700],
    ['-09:30', -34_200],
    ['-00:01', -60],
    ['+23:59', 86_340],
  ])('reads %s', (text, seconds) => {
    expect(offsetSeconds(text)).toBe(seconds)
  })

  it.each(['', '5:45', '+5:45', '+0545', '+24:00', '+05:60', 'Z'])('refuses %j', (text) => {
    expect(offsetSeconds(text)).toBeUndefined()
  })
})
