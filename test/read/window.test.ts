import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_UNIT_BYTES, Unclaimed, WINDOW_BYTES } from '../../src/read/window.ts'

describe('the bytes that nobody has claimed', () => {
  it('are what was appended, less what was dropped, for any steps', () => {
    const step = fc.record({
      bytes: fc.uint8Array({ maxLength: 5000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const unclaimed = new Unclaimed()
        let expected = ''
        for (const { bytes, share } of steps) {
          const taken = bytes.subarray(0, unclaimed.room)
          unclaimed.append(taken)
          expected += Buffer.from(taken).toString('latin1')
          expect(unclaimed.window(false).text).toBe(expected)
          const count = Math.floor(expected.length * share)
          unclaimed.drop(count)
          expected = expected.slice(count)
          expect(unclaimed.window(false).text).toBe(expected)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('keep nothing of a chunk that is filled anew', () => {
    const unclaimed = new Unclaimed()
    const chunk = Buffer.from('abc')
    unclaimed.append(chunk)
    chunk.fill('x')
    expect(unclaimed.window(false).text).toBe('abc')
  })

  it('take 16 KiB, then as much as there is, and 1 MiB in all', () => {
    const unclaimed = new Unclaimed()
    const chunk = Buffer.alloc(LONGEST_UNIT_BYTES, 'a')
    for (const room of [16, 16, 32, 64, 128, 256, 512]) {
      expect(unclaimed.isFull).toBe(false)
      expect(unclaimed.room).toBe(room * 1024)
      unclaimed.append(chunk.subarray(0, unclaimed.room))
    }
    expect([unclaimed.room, unclaimed.isFull, unclaimed.window(false).text.length]).toEqual([0, true, 1024 * 1024])
  })

  it('are right after a long unit, too', () => {
    const unclaimed = new Unclaimed()
    for (let n = 0; n < 10; n++) unclaimed.append(Buffer.alloc(WINDOW_BYTES, String(n)))
    unclaimed.drop(10 * WINDOW_BYTES - 3)
    expect(unclaimed.window(false).text).toBe('999')
    unclaimed.append(Buffer.from('end'))
    expect(unclaimed.window(false).text).toBe('999end')
  })
})
