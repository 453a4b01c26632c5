import { describe, expect, it } from 'vitest'
import { putDigits, putHex, putNumber } from '../../src/text/put.ts'

function put(length: number, fill: (bytes: Uint8Array) => boolean): string | undefined {
  const bytes = Buffer.from('.'.repeat(length + 2))
  return fill(bytes) ? bytes.toString('latin1') : undefined
}

describe('a number that is put into bytes', () => {
  it.each([0, 7, 10, 4294967295, 999_999_999, 1_000_000_000, 123_456_789_012, 2 ** 53 - 1])(
    'has its digits: %d',
    (n) => {
      const { length } = String(n)
      expect(put(length, (bytes) => putNumber(bytes, 1, length, n))).toBe(`.${n}.`)
      expect(put(length + 1, (bytes) => putNumber(bytes, 1, length + 1, n))).toBeUndefined()
      if (length > 1) expect(put(length - 1, (bytes) => putNumber(bytes, 1, length - 1, n))).toBeUndefined()
    },
  )

  it('has zeros before it, where all digits are wanted', () => {
    expect(put(9, (bytes) => putDigits(bytes, 1, 9, 1234))).toBe('.000001234.')
    expect(put(9, (bytes) => putDigits(bytes, 1, 9, 4_294_967_296))).toBeUndefined()
  })

  it('has 8 hexadecimal digits', () => {
    const bytes = Buffer.from('..........')
    putHex(bytes, 1, 0x8881e)
    expect(bytes.toString('latin1')).toBe('.0008881e.')
    putHex(bytes, 1, 0xffffffff)
    expect(bytes.toString('latin1')).toBe('.ffffffff.')
  })
})
