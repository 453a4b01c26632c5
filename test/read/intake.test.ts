import { describe, expect, it } from 'vitest'
import type { Adapter } from '../../src/contract.ts'
import { lineOf } from '../../src/event/line.ts'
import { EventRecord } from '../../src/event/record.ts'
import { Books, NoClaim } from '../../src/read/books.ts'
import { Intake, type Rejected } from '../../src/read/intake.ts'
import { openLedger } from '../../src/read/ledger.ts'
import { Takers } from '../../src/read/takers.ts'
import { ShownWindow } from '../../src/read/window.ts'
import { utf8 } from '../../src/text/utf8.ts'

const sureOf = (word: string): Adapter => ({
  name: word,
  formats: [],
  flags: [],
  detect: (lines) => (lines.startsWith(word) ? { format: 'text', score: 90, why: word } : undefined),
  load: () => Promise.reject(new Error('nobody reads here')),
})

const shown = (text: string): ShownWindow => new ShownWindow(Buffer.from(text, 'latin1'), false)

function openIntake(window: string): {
  readonly intake: Intake
  readonly books: Books
  readonly takers: Takers
  readonly ledger: ReturnType<typeof openLedger>
  readonly records: readonly {
    readonly line: number | undefined
    readonly offset: number
    readonly index: number
    readonly bytes: string
  }[]
  readonly lines: readonly string[]
  readonly rejected: readonly Rejected[]
} {
  const ledger = openLedger()
  const records: { line: number | undefined; offset: number; index: number; bytes: string }[] = []
  const lines: string[] = []
  const rejected: Rejected[] = []
  const books = new Books(ledger)
  const takers = new Takers(books)
  const intake = new Intake(books, takers, {
    record(record, _form, of) {
      const { line, offset, index } = of
      records.push({ line, offset, index, bytes: of.bytes() })
      lines.push(utf8(lineOf(record)))
    },
    rejected: (unit) => rejected.push(unit),
    repeat: () => undefined,
    settle() {},
    learn() {},
    foreign() {},
    isHeard: () => true,
    hint() {},
    assume() {},
    isLoaded: () => true,
    readAside() {},
  })
  intake.show(shown(window))
  return { intake, books, takers, ledger, records, lines, rejected }
}

describe('a claim', () => {
  it('tells the records where they are from: line, offset, bytes, place among the unit’s', () => {
    const { intake, records } = openIntake('a\n\nb1\nb2\nc')
    intake.claim('data', 2)
    intake.record(new EventRecord('trace'))
    intake.claim('blank', 3)
    intake.claim('data', 9)
    intake.record(new EventRecord('trace'))
    intake.record(new EventRecord('trace'))
    intake.claim('data', 10)
    intake.record(new EventRecord('trace'))
    expect(records).toEqual([
      { line: 1, offset: 0, index: 0, bytes: 'a\n' },
      { line: 3, offset: 3, index: 0, bytes: 'b1\nb2\n' },
      { line: 3, offset: 3, index: 1, bytes: 'b1\nb2\n' },
      { line: 5, offset: 9, index: 0, bytes: 'c' },
    ])
  })

  it('goes on in the next window where the last one ended', () => {
    const { intake, books, records } = openIntake('a\nb')
    intake.claim('data', 2)
    intake.show(shown('bb\nc\n'))
    intake.claim('data', 3)
    intake.record(new EventRecord('trace'))
    expect(records).toEqual([{ line: 2, offset: 2, index: 0, bytes: 'bb\n' }])
    expect([books.nextLine, books.nextOffset]).toEqual([3, 5])
  })

  it('that is kept gives its records later, in any order, counted as its own', () => {
    const { intake, records, ledger } = openIntake('a\nb\nc\n')
    intake.claim('data', 2)
    const a = intake.keep()
    intake.claim('data', 4)
    const b = intake.keep()
    expect([a, b].map(({ offset, length }) => [offset, length])).toEqual([
      [0, 2],
      [2, 2],
    ])
    expect(intake.keep()).toBe(b)
    intake.record(new EventRecord('trace'))
    // The window is gone.
    intake.show(shown('x\n'))
    intake.claim('data', 2)
    intake.record(new EventRecord('trace'), undefined, b)
    intake.record(new EventRecord('trace'), undefined, a)
    intake.record(new EventRecord('trace'))
    expect(records).toEqual([
      { line: 2, offset: 2, index: 0, bytes: 'b\n' },
      { line: 2, offset: 2, index: 1, bytes: 'b\n' },
      { line: 1, offset: 0, index: 0, bytes: 'a\n' },
      { line: 3, offset: 4, index: 0, bytes: 'x\n' },
    ])
    expect([ledger.made, ledger.units.data.units]).toEqual([4, 3])
  })

  it('cannot be kept before it is made, nor be made up', () => {
    const { intake } = openIntake('a\n')
    expect(() => intake.keep()).toThrow(NoClaim)
    intake.claim('data', 2)
    expect(() => intake.record(new EventRecord('trace'), undefined, { offset: 0, length: 2 })).toThrow(NoClaim)
  })

  it('of pieces of a line keeps its number', () => {
    const { intake, books } = openIntake('ab\nc\n')
    intake.claim('structure', 1)
    expect(books.nextLine).toBe(1)
    intake.claim('structure', 3)
    expect(books.nextLine).toBe(2)
  })

  it.each([0, -1, 4, Number.NaN])('is a bug when it ends at %d of 3', (end) => {
    const { intake } = openIntake('ab\n')
    expect(() => intake.claim('data', end)).toThrow(NoClaim)
  })

  it('cannot go back', () => {
    const { intake } = openIntake('ab\ncd\n')
    intake.claim('data', 6)
    expect(() => intake.claim('data', 3)).toThrow(NoClaim)
  })

  it('is counted where it is made', () => {
    const { intake, books, ledger } = openIntake('# head\na\n\nhello\n!\nrest')
    intake.claim('structure', 7)
    intake.claim('data', 9)
    intake.claim('blank', 10)
    intake.message('hello', 16, 'info', 'foreign')
    intake.reject({ word: 'malformed', text: 'no' }, 18, 16)
    books.unread()
    const { data, structure, blank, message, rejected, unread } = ledger.units
    expect([structure, data, blank, message, rejected, unread]).toEqual([
      { units: 1, bytes: 7 },
      { units: 1, bytes: 2 },
      { units: 1, bytes: 1 },
      { units: 1, bytes: 6 },
      { units: 1, bytes: 2 },
      { units: 1, bytes: 4 },
    ])
    // What nobody read was not foreign, nor known.
    expect([ledger.made, ledger.foreign, books.lines]).toEqual([1, 1, { foreign: 1, prompts: 0, all: 4 }])
  })
})

describe('a message', () => {
  it('is a record with level and stream, its text decoded', () => {
    const { intake, lines } = openIntake('gr\xc3\xbc\xc3\x9fe\nb\xfc\n')
    intake.message('gr\xc3\xbc\xc3\x9fe', 8, 'warning', 'stderr')
    intake.message('b\xfc', 11, 'info', 'stdout', 'undecoded')
    expect(lines).toEqual([
      '{"v":1,"kind":"message","message":"grüße","level":"warning","stream":"stderr"}',
      '{"v":1,"kind":"message","message":"b\ufffd","level":"info","stream":"stdout","flags":["text_replaced"]}',
    ])
  })

  it('that others do not know is taken; one that another adapter is sure of is not, nor is a reject', () => {
    const { intake, takers, books, ledger } = openIntake('talk\nother: x\n')
    takers.enter([sureOf('other:')])
    expect(intake.message('talk', 5, 'info', 'foreign')).toBe(true)
    expect(intake.reject({ word: 'malformed', text: 'no' }, 14, 5)).toBe(false)
    expect(takers.seam?.adapter.name).toBe('other:')
    expect(intake.message('other: x', 14, 'info', 'foreign')).toBe(false)
    expect([ledger.units.message.units, ledger.units.rejected.units, books.claimed]).toEqual([1, 0, 5])
  })

  it('is the reader’s where it has just taken over: the same line is no seam twice', () => {
    const { intake, takers } = openIntake('other: x\n')
    takers.enter([sureOf('other:')])
    expect(intake.message('other: x', 9, 'info', 'foreign')).toBe(true)
  })
})

describe('a reject', () => {
  it('tells line, offset, bytes, and the column in the unit where the grammar stopped fitting', () => {
    const { intake, rejected } = openIntake('a\nabcdef\n')
    intake.claim('data', 2)
    intake.reject({ word: 'malformed', text: 'no' }, 9, 5)
    expect(rejected).toEqual([
      { why: { word: 'malformed', text: 'no' }, line: 2, offset: 2, bytes: 'abcdef\n', column: 4 },
    ])
  })
})

describe('anybody’s text', () => {
  it('is rejected where it tells of a drop', () => {
    const { intake, ledger, rejected } = openIntake('ok\n340.7x: skb:kfree_skb: skbaddr=0xffff88811f6a7068\n')
    expect(intake.message('ok', 3, 'info', 'foreign')).toBe(true)
    expect(intake.message('340.7x: skb:kfree_skb: skbaddr=0xffff88811f6a7068', 53, 'info', 'foreign')).toBe(true)
    expect(ledger.foreign).toBe(1)
    expect(rejected.map(({ line, column, why }) => [line, column, why.word])).toEqual([[2, 13, 'malformed']])
  })

  it('is no reject where it is a command', () => {
    const { intake, rejected } = openIntake('$ grep "kfree_skb: skbaddr=0xffff88811f6a7068" x\n')
    intake.message('$ grep "kfree_skb: skbaddr=0xffff88811f6a7068" x', 49, 'info', 'prompt')
    expect(rejected).toEqual([])
  })
})

describe('when reading has stopped', () => {
  it('nothing more is made or taken', () => {
    const { intake, books, ledger, lines } = openIntake('a\nb\n')
    intake.claim('data', 2)
    books.stopped = true
    intake.record(new EventRecord('trace'))
    expect(intake.message('b', 4, 'info', 'foreign')).toBe(false)
    expect(intake.reject({ word: 'malformed', text: 'no' }, 4, 2)).toBe(false)
    expect([ledger.made, lines.length, books.claimed]).toEqual([0, 0, 2])
  })
  it('what a reader claims on its way to the end of the window is unread', () => {
    const { intake, books, ledger } = openIntake('a\nb\n\n')
    intake.claim('data', 2)
    books.stopped = true
    intake.claim('data', 4)
    intake.claim('blank', 5)
    const { data, blank, unread } = ledger.units
    expect([data.units, blank.units, unread]).toEqual([1, 0, { units: 2, bytes: 3 }])
  })
})
