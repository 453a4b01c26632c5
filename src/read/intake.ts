import type { Adapter, Facts, Level, Out, Reject, Stream, Verdict } from '../contract.ts'
import { seal } from '../event/part.ts'
import { EventRecord } from '../event/record.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import type { Ledger, UnitClass } from './ledger.ts'

/** The unit claimed last, in the words of `capture`. */
export interface Unit {
  /** 1-based, of its first line. */
  line: number
  /** Bytes in the decompressed input before it. */
  offset: number
  /** Its bytes in the window. */
  start: number
  end: number
  /** How many records came of it so far. */
  records: number
}

export interface Rejected {
  readonly why: Reject
  readonly line: number
  readonly offset: number
  /** latin1. */
  readonly bytes: string
  /** Byte in the unit, from 1, where the grammar stopped fitting. */
  readonly column: number
}

/** Where the intake hands things on. */
export interface Receiver {
  record(record: EventRecord, form: string | undefined): void
  rejected(unit: Rejected): void
  learn(facts: Facts): void
  hint(text: string): void
}

export interface Seam {
  readonly adapter: Adapter
  readonly verdict: Verdict
}

/**
 * The books' only pen: the `Out` of every reader. It counts each unit where it is claimed, tells where in the input that was, and
 * asks the other adapters about each line that the reader in charge cannot use.
 */
export class Intake implements Out {
  /** The bytes claimed last. */
  readonly unit: Unit = { line: 1, offset: 0, start: 0, end: 0, records: 0 }
  /** Set when another adapter is sure of the line at `claimed`: the core changes readers. */
  seam: Seam | undefined = undefined
  /** Set when nothing more is to be read: `limit`, too many rejects. */
  stopped = false
  /** Offset in the window up to which all is claimed. */
  claimed = 0
  /** Lines that begin in what is claimed, for `half of them were foreign`. */
  readonly lines = { foreign: 0, all: 0 }

  private window = ''
  private line = 1
  private offset = 0
  /** Where the seam was that made the reader in charge: it is not asked about again. */
  private seamOffset = -1
  private others: readonly Adapter[] = []
  private readonly ledger: Ledger
  private readonly receiver: Receiver

  constructor(ledger: Ledger, receiver: Receiver) {
    this.ledger = ledger
    this.receiver = receiver
  }

  /** A new window, which begins at the first byte not yet claimed. */
  show(window: string): void {
    this.window = window
    this.claimed = 0
  }

  /** The window's text that a claim covers. */
  bytesOf(unit: Unit): string {
    return this.window.slice(unit.start, unit.end)
  }

  /** A reader takes over; `others` may take over from it. */
  enter(others: readonly Adapter[]): void {
    this.others = others
    this.seam = undefined
    this.seamOffset = this.offset
  }

  get position(): { readonly line: number; readonly offset: number } {
    return { line: this.line, offset: this.offset }
  }

  claim(as: 'data' | 'structure' | 'blank', end: number): void {
    this.close(as, end)
  }

  record(record: EventRecord, form?: string): void {
    if (this.stopped) return
    this.ledger.made++
    this.receiver.record(record, form)
    this.unit.records++
  }

  message(text: string, end: number, level: Level, stream: Stream, undecoded?: 'undecoded' | 'ambiguous'): boolean {
    if (this.stopped || this.changesReader()) return false
    const lines = this.close('message', end)
    if (stream === 'foreign') {
      this.ledger.foreign++
      this.lines.foreign += lines
    }
    if (undecoded !== undefined) this.ledger[undecoded]++
    const record = new EventRecord('message')
    record.message = replaced(text) ? seal('message', utf8(text), 'text_replaced') : seal('message', utf8(text))
    record.level = LEVELS[level]
    record.stream = STREAMS[stream]
    this.record(record, 'text')
    return true
  }

  reject(why: Reject, end: number, at: number): boolean {
    if (this.stopped || this.changesReader()) return false
    const { line, offset, claimed: start } = this
    this.close('rejected', end)
    this.receiver.rejected({ why, line, offset, bytes: this.window.slice(start, end), column: at - start + 1 })
    return true
  }

  learn(facts: Facts): void {
    this.receiver.learn(facts)
  }

  hint(text: string): void {
    this.receiver.hint(text)
  }

  /** What is shown and never claimed. */
  unread(): void {
    if (this.claimed < this.window.length) this.close('unread', this.window.length)
  }

  /** Claims up to `end`; gives the number of lines that are not blank. */
  private close(as: UnitClass, end: number): number {
    const { unit, claimed: start, window } = this
    if (!(end > start) || end > window.length) throw new RangeError(`a claim from ${start} to ${end} in a window of ${window.length}`)
    unit.line = this.line
    unit.offset = this.offset
    unit.start = start
    unit.end = end
    unit.records = 0
    const tally = this.ledger.units[as]
    tally.units++
    tally.bytes += end - start
    this.claimed = end
    this.offset += end - start
    const lines = this.countLines(start, end)
    if (as !== 'blank') this.lines.all += lines
    return lines
  }

  /** Line ends within the claim, and one more for a last line without; keeps `line` at the line of the next byte. */
  private countLines(start: number, end: number): number {
    let count = 0
    let at = this.window.indexOf('\n', start)
    while (at >= 0 && at < end) {
      count++
      if (at === end - 1) break
      at = this.window.indexOf('\n', at + 1)
    }
    this.line += count
    return this.window.charCodeAt(end - 1) === 10 ? count : count + 1
  }

  private changesReader(): boolean {
    if (this.others.length === 0 || this.offset === this.seamOffset) return false
    const lineEnd = this.window.indexOf('\n', this.claimed)
    const text = this.window.slice(this.claimed, lineEnd < 0 ? this.window.length : lineEnd + 1)
    for (const adapter of this.others) {
      const verdict = adapter.detect(text)
      if (verdict !== undefined && verdict.score >= 90) {
        this.seam = { adapter, verdict }
        return true
      }
    }
    return false
  }
}

const LEVELS = { info: seal('level', 'info'), warning: seal('level', 'warning'), error: seal('level', 'error') }
const STREAMS = {
  stdout: seal('stream', 'stdout'),
  stderr: seal('stream', 'stderr'),
  prompt: seal('stream', 'prompt'),
  output: seal('stream', 'output'),
  foreign: seal('stream', 'foreign'),
}
