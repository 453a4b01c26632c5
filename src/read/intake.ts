import type { ClaimName, Facts, Level, Out, Reject, Stream } from '../contract.ts'
import type { EventRecord } from '../event/record.ts'
import type { RepeatedRecord } from '../event/repeated.ts'
import { isPrompt, promptEnd } from '../text/prompt.ts'
import { plainText } from '../text/terminal.ts'
import { type Books, NoClaim } from './books.ts'
import { lostDrop, messageRecordOf } from './said.ts'
import type { Seam } from './seam.ts'
import type { Takers } from './takers.ts'
import { Unit } from './unit.ts'
import type { ShownWindow } from './window.ts'

/** A unit that could not be read. */
export interface Rejected {
  readonly why: Reject
  /** Undefined in a binary input. */
  readonly line: number | undefined
  readonly offset: number
  /** latin1. */
  readonly bytes: string
  /** Byte in the unit, from 1, where the grammar stopped fitting. */
  readonly column: number
}

/** Where the intake hands things on. */
export interface Receiver {
  /** `of`: where the record is from. */
  record(record: EventRecord, form: string | undefined, of: Unit): void
  /** A way to write records like this one, which was given last; undefined: there is none. */
  repeat(record: EventRecord): RepeatedRecord | undefined
  /** Records that were written so are counted. */
  settle(): void
  rejected(unit: Rejected): void
  /** A foreign line, the unit claimed last; `text` is latin1. */
  foreign(text: string): void
  /** False while no reader knows the text: its lines are counted, and give no records. */
  isHeard(): boolean
  learn(facts: Facts): void
  hint(text: string): void
  assume(text: string): void
  isLoaded(seam: Seam): boolean
  /** Reads up to `end` of the window by the reader of `seam`, and those that take over from it. */
  readAside(seam: Seam, end: number): void
}

/**
 * The `Out` of every reader: enters each unit in the books, and asks the other adapters about what the reader cannot
 * use.
 */
export class Intake implements Out {
  /**
   * Set when lines are to be set aside for a reader that is not loaded: the core loads it, and shows the window again.
   */
  wanted: Seam | undefined = undefined
  /** Offset in the window at which the text begins that the reader at work was shown. */
  private base = 0
  /** Of a claim that has no name. */
  private readonly placed = new Unit()
  private readonly books: Books
  private readonly takers: Takers
  private readonly receiver: Receiver

  constructor(books: Books, takers: Takers, receiver: Receiver) {
    this.books = books
    this.takers = takers
    this.receiver = receiver
  }

  /** A new window, which begins at the first byte not yet claimed. */
  show(window: ShownWindow): void {
    this.receiver.settle()
    this.books.show(window)
    this.base = 0
    this.wanted = undefined
  }

  /** A reader that was stopped within a window goes on to its end: what it claims there gives no records. */
  claim(as: 'data' | 'structure' | 'blank', end: number): void {
    const { books } = this
    books.close(books.stopped ? 'unread' : as, this.base + end)
  }

  keep(): Unit {
    return this.books.keep()
  }

  place(offset: number, bytes: Uint8Array, start: number, end: number): Unit {
    this.placed.place(offset, bytes, start, end)
    return this.placed
  }

  record(record: EventRecord, form?: string, of: ClaimName = this.books.unit): void {
    const { books } = this
    if (books.stopped) return
    if (!(of instanceof Unit)) throw new NoClaim('a record of a claim that has no name')
    books.ledger.made++
    this.receiver.record(record, form, of)
    of.index++
  }

  repeatable(record: EventRecord, of: ClaimName): RepeatedRecord | undefined {
    this.record(record, undefined, of)
    return this.books.stopped ? undefined : this.receiver.repeat(record)
  }

  message(text: string, end: number, level: Level, stream: Stream, undecoded?: 'undecoded' | 'ambiguous'): boolean {
    const { books, takers } = this
    const isForeign = stream === 'foreign' || undecoded === 'undecoded'
    if (books.stopped || takers.changesReader(isForeign) || (isForeign && this.leavesPrompt())) return false
    const said = stream === 'foreign' && isPrompt(plainText(text)) ? 'prompt' : stream
    const lost = lostDrop(text, said)
    if (lost !== undefined) {
      this.refuse(lost.why, end, books.claimed - this.base + lost.at)
      return true
    }
    const lines = books.close('message', this.base + end)
    if (said === 'foreign') {
      books.ledger.foreign++
      books.lines.foreign += lines
      this.receiver.foreign(text)
    }
    // dropwatch's own prompt is not a shell's.
    if (said === 'prompt' && promptEnd(plainText(text)) > 0) books.lines.prompts += lines
    if (undecoded !== undefined) books.ledger[undecoded]++
    if (this.receiver.isHeard()) this.record(messageRecordOf(text, level, said), 'text')
    return true
  }

  yields(isOpen: boolean): boolean {
    return !this.books.stopped && this.takers.yields(isOpen)
  }

  reject(why: Reject, end: number, at: number): boolean {
    if (this.books.stopped || this.takers.changesReader(false)) return false
    this.refuse(why, end, at)
    return true
  }

  /** A reject about which no other reader is asked. */
  refuse(why: Reject, end: number, at: number): void {
    const { books } = this
    const column = this.base + at - books.claimed + 1
    books.close('rejected', this.base + end)
    const { unit } = books
    this.receiver.rejected({ why, line: unit.line, offset: unit.offset, bytes: unit.bytes(), column })
  }

  canSetAside(start: number, end: number): boolean {
    for (let at = this.base + start; at < this.base + end; at = this.books.lineEnd(at)) {
      const seam = this.takers.takerAt(at, true)
      if (seam === undefined || this.receiver.isLoaded(seam)) continue
      this.wanted = seam
      return false
    }
    return true
  }

  setAside(end: number): boolean {
    const { books, takers, base } = this
    const seam = books.stopped ? undefined : takers.takerAt(books.claimed, true)
    if (seam === undefined) return false
    takers.lend(() => this.receiver.readAside(seam, base + end))
    if (books.claimed < base + end) books.close('unread', base + end)
    this.base = base
    return true
  }

  /** What is not claimed of the window up to `end`, for a reader that is shown it alone. */
  restTo(end: number): ShownWindow {
    this.base = this.books.claimed
    return this.books.restTo(end)
  }

  learn(facts: Facts): void {
    this.receiver.learn(facts)
  }

  hint(text: string): void {
    this.receiver.hint(text)
  }

  assume(text: string): void {
    this.receiver.assume(text)
  }

  /** True when the prompt before a line that an adapter knows became a message: the line itself is after the seam. */
  private leavesPrompt(): boolean {
    const { books } = this
    const length = this.takers.promptBefore()
    if (length === 0) return false
    const prompt = books.lineAt(books.claimed).slice(0, length)
    // The line is counted with what follows the prompt.
    books.lines.all -= books.close('message', books.claimed + length)
    this.record(messageRecordOf(prompt.trimEnd(), 'info', 'prompt'), 'text')
    return true
  }
}
