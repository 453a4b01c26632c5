import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areEqual, copy, findByte, SLACK } from '../../src/text/byte-words.ts'

/** The bytes, with others around them. */
function viewOf(bytes: Uint8Array, around: number): DataView {
  const all = new Uint8Array(bytes.length + around + SLACK).fill(around)
  all.set(bytes, around)
  return new DataView(all.buffer)
}

/** Of all lengths in UTF-8, and no half of a pair. */
const codePoint = fc.oneof(
  fc.nat({ max: 0x7f }),
  fc.integer({ min: 0x80, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0x10ffff }),
)

const around = fc.nat({ max: 20 })

describe('bytes in words', () => {
  it('are equal when each of them is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), around, around, (a, b, x, y) => {
        expect(areEqual(viewOf(a, x), x, viewOf(a, y), y, a.length)).toBe(true)
        const length = Math.min(a.length, b.length)
        const isSame = Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0
        expect(areEqual(viewOf(a, x), x, viewOf(b, y), y, length)).toBe(isSame)
      }),
    )
  })

  it('are found where they are first', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 255 }), around, (bytes, byte, x) => {
        const at = bytes.indexOf(byte)
        const end = x + bytes.length
        expect(findByte(viewOf(bytes, x), byte, x, end)).toBe(at < 0 ? end : x + at)
      }),
    )
  })

  it('of text are copied as they are', () => {
    fc.assert(
      fc.property(fc.array(codePoint, { maxLength: 60 }), around, around, (points, x, y) => {
        const bytes = Buffer.from(String.fromCodePoint(...points), 'utf8')
        const to = viewOf(new Uint8Array(bytes.length + 8), y)
        copy(viewOf(bytes, x), x, to, y, bytes.length)
        expect(Buffer.from(to.buffer, y, bytes.length).equals(bytes)).toBe(true)
      }),
    )
  })
})
