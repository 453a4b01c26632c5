import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../src/shapes/arena.ts'
import { Keys } from '../../src/shapes/keys.ts'
import { wordsOfText } from '../../src/text/byte-words.ts'

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
})

describe('keys', () => {
  it('are found by all of their bytes, and by no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(latin1, { minLength: 1, maxLength: 50 }), latin1, (texts, other) => {
        const keys = new Keys(new Arena())
        const numbers = texts.map((text) => keys.add(wordsOfText(text), 0, text.length))
        expect(texts.map((text) => keys.find(wordsOfText(text), 0, text.length))).toEqual(numbers)
        expect(keys.find(wordsOfText(other), 0, other.length)).toBe(numbers[texts.indexOf(other)] ?? -1)
      }),
    )
  })

  it('are not found in a table of none', () => {
    expect(new Keys(new Arena()).find(wordsOfText(''), 0, 0)).toBe(-1)
  })

  it('that differ in one byte are two', () => {
    const text = 'ffffffff95fc031b kfree_skb_reason+0x7b ([kernel.kallsyms])'.repeat(10)
    const keys = new Keys(new Arena())
    keys.add(wordsOfText(text), 0, text.length)
    for (let at = 0; at < text.length; at++) {
      const other = `${text.slice(0, at)}#${text.slice(at + 1)}`
      expect(keys.find(wordsOfText(other), 0, other.length)).toBe(-1)
    }
  })

  it('have an end', () => {
    const keys = new Keys(new Arena())
    const numbers = Array.from({ length: 5000 }, (_, at) =>
      keys.add(wordsOfText(`key ${at}`), 0, 5 + String(at).length - 1),
    )
    expect(numbers.at(-1)).toBe(-1)
    expect(numbers.indexOf(-1)).toBeGreaterThan(1000)
  })
})
