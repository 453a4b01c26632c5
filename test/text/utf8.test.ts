import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latin1, replaced, utf8 } from '../../src/text/utf8.ts'

const anyBytes = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1'))

describe('bytes become text', () => {
  it.each([
    ['ASCII', 'curl', 'curl', false],
    ['nothing', '', '', false],
    ['a control byte other than NUL', 'a\x1b[1m\r\t', 'a\x1b[1m\r\t', false],
    ['UTF-8', 'gr\xc3\xbc\xc3\x9fe \xe2\x82\xac \xf0\x9f\x90\xa7', 'grüße € 🐧', false],
    ['a byte order mark', '\xef\xbb\xbfx', '\ufeffx', false],
    ['U+FFFD itself', '\xef\xbf\xbd', '\ufffd', false],
    ['NUL', 'a\0b', 'a\ufffdb', true],
    ['latin1', 'gr\xfc\xdfe', 'gr\ufffd\ufffde', true],
    ['a sequence that is cut', '\xe2\x82', '\ufffd', true],
    ['a surrogate', '\xed\xa0\x80', '\ufffd\ufffd\ufffd', true],
    ['an overlong slash', '\xc0\xaf', '\ufffd\ufffd', true],
  ])('%s', (_, bytes, text, isReplaced) => {
    expect(utf8(bytes)).toBe(text)
    expect(replaced(bytes)).toBe(isReplaced)
  })

  it('and replaced says whether any bytes were replaced', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(replaced(bytes)).toBe(latin1(utf8(bytes)) !== bytes)
        expect(utf8(bytes)).not.toContain('\0')
      }),
    )
  })

  it('and text becomes the bytes that it was', () => {
    const text = fc.string({ unit: 'binary' }).filter((one) => !one.includes('\0'))
    fc.assert(
      fc.property(text, (one) => {
        expect(utf8(latin1(one))).toBe(one)
      }),
    )
  })
})
