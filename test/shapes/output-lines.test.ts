import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineNumber } from '../../src/shapes/output-lines.ts'
import { WallClock } from '../../src/shapes/wall-clock.ts'
import { wordsOfText } from '../../src/text/byte-words.ts'
import { timekeeper } from '../../src/time/clock.ts'

describe('the number of a line', () => {
  it('counts on in digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.array(fc.nat({ max: 30 }), { maxLength: 30 }),
        (first, steps) => {
          const line = new LineNumber()
          line.set(first)
          for (const step of steps) line.add(step)
          const bytes = Buffer.alloc(32)
          const end = line.writeTo(bytes, 0)
          expect(bytes.toString('latin1', 0, end)).toBe(String(steps.reduce((sum, step) => sum + step, first)))
        },
      ),
    )
  })
})

describe('the wall clock', () => {
  it('is that of the timekeeper', () => {
    const seconds = fc.integer({ min: 1, max: 999_999_999 })
    const fraction = fc.oneof(
      fc.integer({ min: 0, max: 999_999 }).map((us) => String(us).padStart(6, '0')),
      fc.integer({ min: 0, max: 999_999_999 }).map((ns) => String(ns).padStart(9, '0')),
    )
    const bootNs = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n })
    fc.assert(
      fc.property(fc.array(fc.tuple(seconds, fraction), { minLength: 1 }), bootNs, (times, boot) => {
        const time = timekeeper({ bootNs: boot })
        const clock = new WallClock(time.offsetOf('monotonic'))
        const bytes = Buffer.alloc(64)
        for (const [whole, below] of times) {
          const text = `${whole}.${below}`
          expect(clock.takes(wordsOfText(text), 0, String(whole).length, below.length)).toBe(true)
          const end = clock.writeTo(bytes, 0)
          expect(bytes.toString('latin1', 0, end)).toBe(time.tsOf('monotonic', `${whole}${below.padEnd(9, '0')}`))
        }
      }),
    )
  })

  it('does not take times of which more is to be said', () => {
    const time = timekeeper({ pairs: [{ id: 'perf', ns: '5000000000000', realtimeNs: '1700000000000000000' }] })
    const clock = new WallClock(time.offsetOf('perf'))
    const takes = (text: string): boolean => clock.takes(wordsOfText(text), 0, text.indexOf('.'), 6)
    expect([takes('5000.000000'), takes('1399.000000'), takes('8600.500000'), takes('8598.999999')]).toEqual([
      true,
      false,
      false,
      true,
    ])
  })
})
