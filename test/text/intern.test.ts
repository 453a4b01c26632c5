import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intern, type Memo } from '../../src/text/intern.ts'

/** A memo that counts what it makes. */
function counted(): { readonly memo: Memo<{ readonly text: string }>; readonly made: () => number } {
  let made = 0
  const memo = intern((text) => {
    made++
    return { text }
  })
  return { memo, made: () => made }
}

describe('a table of remembered values', () => {
  it('makes a value once for each text', () => {
    const { memo, made } = counted()
    const first = memo.get('curl     883')
    expect(memo.get('curl     883')).toBe(first)
    expect(memo.of('  curl     883 [001]', 2, 14)).toBe(first)
    expect(memo.get('curl     884')).not.toBe(first)
    expect(made()).toBe(2)
  })

  it('knows a text that begins as the one before, or is the beginning of it', () => {
    const { memo } = counted()
    expect(memo.of('abcdef', 0, 3).text).toBe('abc')
    expect(memo.of('abcdef', 0, 4).text).toBe('abcd')
    expect(memo.of('abcdef', 0, 3).text).toBe('abc')
    expect(memo.of('abcdef', 0, 0).text).toBe('')
    expect(memo.of('abcdef', 3, 6).text).toBe('def')
  })

  it('gives what it would make, in any order of texts', () => {
    const { memo } = counted()
    const word = fc.integer({ min: 0, max: 12_000 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 100, maxLength: 20_000, size: 'max' }), (words) => {
        // One assertion for all, because a hundred thousand take seconds.
        expect(words.find((number) => memo.get(`text ${number}`).text !== `text ${number}`)).toBeUndefined()
      }),
      { numRuns: 20 },
    )
  })

  it('forgets all values when it is cleared', () => {
    const { memo } = counted()
    const before = memo.get('6')
    memo.clear()
    expect(memo.get('6')).not.toBe(before)
    expect(memo.of('6', 0, 1)).not.toBe(before)
  })

  it('keeps no text over 256 bytes', () => {
    const { memo } = counted()
    const long = 'x'.repeat(257)
    expect(memo.get(long)).not.toBe(memo.get(long))
    const just = 'x'.repeat(256)
    expect(memo.get(just)).toBe(memo.get(just))
  })

  it('keeps two generations of 4,096 texts, however many come', () => {
    const { memo, made } = counted()
    const texts = Array.from({ length: 50_000 }, (_, n) => `text ${n}`)
    // Each comes four times, so that the table does not rest.
    for (const text of texts) for (let time = 0; time < 4; time++) memo.get(text)
    const before = made()
    for (const text of texts.toReversed().slice(0, 20_000)) memo.get(text)
    const remembered = 20_000 - (made() - before)
    expect(remembered).toBeLessThanOrEqual(2 * 4096)
    expect(remembered).toBeGreaterThan(4096)
  })

  it('keeps what is in use when others come and go', () => {
    const { memo } = counted()
    const first = memo.get('in use')
    let forgotten = 0
    for (let n = 0; n < 100_000; n++) {
      memo.get(`text ${n >> 2}`)
      if (memo.get('in use') !== first) forgotten++
    }
    expect(forgotten).toBe(0)
  })

  it('rests where nothing repeats, and comes back when something does', () => {
    const { memo, made } = counted()
    for (let n = 0; n < 10_000; n++) memo.get(`once ${n}`)
    const resting = memo.get('again')
    expect(memo.get('again')).not.toBe(resting)
    for (let n = 0; n < 100_000; n++) memo.get(`again ${n % 10}`)
    const before = made()
    for (let n = 0; n < 1000; n++) memo.get(`again ${n % 10}`)
    expect(made()).toBe(before)
  })

  it('looks nothing up while it rests, where hardly anything repeated', () => {
    const { memo, made } = counted()
    const kept = memo.get('kept')
    for (let n = 0; n < 4096; n++) memo.get(`once ${n}`)
    const before = made()
    expect(memo.get('kept')).not.toBe(kept)
    expect(memo.get('kept').text).toBe('kept')
    expect(made()).toBe(before + 2)
  })

  it('still gives what it has while it rests, where a part of the texts repeated', () => {
    const { memo } = counted()
    const kept = memo.get('kept')
    for (let n = 0; n < 10_000; n++) memo.get(n % 4 === 0 ? 'kept' : `once ${n}`)
    expect(memo.get('kept')).toBe(kept)
    expect(memo.get('once 9999')).not.toBe(memo.get('once 9999'))
  })
})
