import { describe, expect, it } from 'vitest'
import type { Adapter, Verdict } from '../../src/contract.ts'
import { findReader } from '../../src/read/detect.ts'

/** Says of text that holds a word how sure it is; of a count of lines in the word's place, when it sees so many. */
function knowing(name: string, scores: Readonly<Record<string, number>>): Adapter {
  return {
    name,
    formats: [{ name: 'text', title: name, versions: '1', example: name, unit: 'line' }],
    flags: [],
    detect(lines): Verdict | undefined {
      const found = Object.entries(scores).filter(([word]) => lines.includes(word))
      const score = Math.max(0, ...found.map(([, value]) => value))
      return score === 0 ? undefined : { format: 'text', score, why: name }
    },
    load: () => Promise.reject(new Error('nobody reads here')),
  }
}

const one = knowing('one', { sure: 95, good: 70, fair: 60, weak: 59 })
const two = knowing('two', { certain: 90, well: 75, close: 51, far: 50 })

function reader(text: string, last = true, adapters: readonly Adapter[] = [one, two]): string {
  const found = findReader(text, last, adapters)
  return typeof found === 'string' ? found : found.adapter.name
}

const filler = (lines: number): string => 'nothing\n'.repeat(lines)

describe('the reader of an input', () => {
  it.each([
    ['the first line that somebody is sure of decides', 'certain\nsure\n', 'two'],
    ['who is sure of a line goes before who thinks well of another', 'well\nwell\nsure\n', 'one'],
    ['of two that are sure of one line, who is surer', 'sure certain\n', 'one'],
    ['without a sure line, the best of 60 or more', 'good\nnothing\n', 'one'],
    ['60 is enough', 'fair\n', 'one'],
    ['59 is not', 'weak\n', 'unrecognized'],
    ['a lead of 20 is needed', 'good\nwell\n', 'unrecognized'],
    ['a lead of 20 is enough', 'good\nfar\n', 'one'],
    ['a lead of 19 is not', 'good\nclose\n', 'unrecognized'],
    ['nobody knows what nobody knows', 'nothing\n', 'unrecognized'],
    ['a last line without line end is a line', 'nothing\nsure', 'one'],
    ['an empty input is nobody’s', '', 'unrecognized'],
  ])('%s', (_, text, expected) => {
    expect(reader(text)).toBe(expected)
  })

  it('hangs on the first 16 lines', () => {
    expect(reader(`${filler(15)}sure\n`)).toBe('one')
    expect(reader(`${filler(16)}sure\n`)).toBe('unrecognized')
    expect(reader(`${filler(15)}good\n`)).toBe('one')
    expect(reader(`${filler(16)}good\n`)).toBe('unrecognized')
  })

  it('is not asked of a line that has not come to its end', () => {
    expect(reader('sure', false)).toBe('more')
    expect(reader('nothing\nsure', false)).toBe('more')
    expect(reader('sure\nnothi', false)).toBe('one')
  })

  it('waits for 16 lines where nobody is sure', () => {
    expect(reader(`good\n${filler(14)}`, false)).toBe('more')
    expect(reader(`good\n${filler(15)}`, false)).toBe('one')
    expect(reader(filler(16), false)).toBe('unrecognized')
  })

  it('is the same however much has come, once it is known', () => {
    const text = `nothing\ngood\n${filler(5)}certain\n${filler(20)}sure\n`
    const known = [...text].map((_, index) => reader(text.slice(0, index + 1), false)).filter((name) => name !== 'more')
    expect(new Set(known)).toEqual(new Set(['two']))
    expect(reader(text)).toBe('two')
  })

  it('is nobody after 1 MiB without a line end', () => {
    expect(reader('x'.repeat(1024 * 1024 - 1), false)).toBe('more')
    expect(reader('x'.repeat(1024 * 1024), false)).toBe('unrecognized')
  })
})

describe('an adapter that looks at the first bytes', () => {
  /** Knows by its first three bytes what ends, however far off, with `!` or not. */
  const asked: number[] = []
  const third: Adapter = {
    ...knowing('third', {}),
    detectHead(head) {
      asked.push(head.length)
      const begin = '\x00\xff\n'
      if (!head.startsWith(begin.slice(0, head.length))) return undefined
      if (head.includes('!')) return { format: 'text', score: 90, why: 'third' }
      return head.includes('?') ? { format: 'text', score: 89, why: 'third' } : 'more'
    },
  }
  const all = [one, two, third]
  const ours = (bytes: number, end: string): string => `\x00\xff\n${'.'.repeat(bytes - 4)}${end}`

  it('goes before what any line says', () => {
    expect(reader(ours(900, '!'), true, all)).toBe('third')
    expect(reader(`\x00\xff\nsure\n!`, true, all)).toBe('third')
  })

  it('must be sure', () => {
    expect(reader(`\x00\xff\nsure\n?`, true, all)).toBe('one')
  })

  it('keeps no line waiting that it does not know', () => {
    expect(reader('sure\n', false, all)).toBe('one')
  })

  it('is waited for where the bytes may be its own, up to 64 KiB or the end', () => {
    expect(reader('\x00\xff\nsure\n', false, all)).toBe('more')
    expect(reader('\x00\xff\nsure\n', true, all)).toBe('one')
    expect(reader(ours(65_536, '!'), false, all)).toBe('third')
    expect(reader(`${ours(65_536, '.')}\nsure\n!`, false, all)).toBe('one')
  })

  it('is asked about the same bytes, however many have come', () => {
    const text = `${ours(20, '?')}!${'.'.repeat(50)}\nsure\n`
    const known = [...text].map((_, index) => reader(text.slice(0, index + 1), false, all))
    expect(new Set(known)).toEqual(new Set(['more', 'third']))
    expect(reader(text, true, all)).toBe('third')
    expect(
      asked.filter((bytes) => bytes < 64).every((bytes) => [1, 2, 4, 8, 16, 32].includes(bytes) || bytes < 21),
    ).toBe(true)
  })
})
