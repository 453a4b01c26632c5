import type { Adapter, Facts, Level, Out, Reject, Stream, Verdict } from '../contract.ts'
import { seal } from '../event/part.ts'
import { EventRecord } from '../event/record.ts'
import { dropNamed } from '../kernel/drop-line.ts'
import { markEnd, maybeMark } from '../text/mark.ts'
import { isPrompt, promptEnd } from '../text/prompt.ts'
import { plainText } from '../text/terminal.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import { type Implied, impliedSeam, LIKELY, SURE, surest } from './detect.ts'
import type { Ledger, UnitClass } from './ledger.ts'

/** The unit claimed last, in the words of `capture`. */
export class Unit {
  /** 1-based, of its first line. */
  line = 1
  /** Bytes in the decompressed input before it. */
  offset = 0
  /** How many records came of it before the one at hand. */
  index = 0
  private window = ''
  private start = 0
  private end = 0

  /** The unit's bytes, latin1. */
  bytes(): string {
    return this.window.slice(this.start, this.end)
  }

  set(line: number, offset: number, window: string, start: number, end: number): void {
    this.line = line
    this.offset = offset
    this.index = 0
    this.window = window
    this.start = start
    this.end = end
  }
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

/** A reader claimed no bytes, or bytes that nobody showed it: our bug, whose line is rejected. */
export class NoClaim extends Error {}

/** Where the intake hands things on. */
export interface Receiver {
  record(record: EventRecord, form: string | undefined): void
  rejected(unit: Rejected): void
  /** A line of anybody's, `text` in latin1: `unit` says where it stands. */
  foreign(text: string): void
  learn(facts: Facts): void
  hint(text: string): void
  assume(text: string): void
  isOpen(seam: Seam): boolean
  /** Reads up to `end` of the window by the reader of `seam`, and those that take over from it. */
  readAside(seam: Seam, end: number): void
}

export interface Seam {
  readonly adapter: Adapter
  readonly verdict: Verdict
}

/** An implied reader, as it stands to the reader in charge. */
export interface ImpliedBeside extends Implied {
  /** It reads now: since a line is its own, or since nobody was sure of the line. */
  readonly inCharge: 'by content' | 'by default' | undefined
  /** Which reader it took over from, as it knew a line that was foreign there. */
  readonly before: Seam | undefined
}

/**
 * The books' only pen: the `Out` of every reader. It counts each unit where it is claimed, tells where in the input that was, and
 * asks the other adapters about each line that the reader in charge cannot use.
 */
export class Intake implements Out {
  /** The bytes claimed last. */
  readonly unit = new Unit()
  /** Set when another adapter is sure of the line at `claimed`: the core changes readers. */
  seam: Seam | undefined = undefined
  /** Set when lines are to be set aside for a reader that is not open: the core opens it, and shows the window again. */
  wanted: Seam | undefined = undefined
  /** Set when nothing more is to be read: `limit`, too many rejects. */
  stopped = false
  /** Offset in the input of its first line. */
  begin = 0
  /** Offset in the window up to which all is claimed. */
  claimed = 0
  /** Lines that begin in what is claimed, for `half of them were foreign`; `prompts` are a shell's. */
  readonly lines = { foreign: 0, prompts: 0, all: 0 }

  private window = ''
  /** Where in the window the text begins that the reader at work was shown. */
  private base = 0
  private line = 1
  private offset = 0
  /** Where the seam was that made the reader in charge: it is not asked about again. */
  private seamOffset = -1
  private own: Adapter | undefined = undefined
  private others: readonly Adapter[] = []
  /** Those of the others that have read in this input. */
  private heard: readonly Adapter[] = []
  private implied: ImpliedBeside | undefined = undefined
  private readonly ledger: Ledger
  private readonly receiver: Receiver

  constructor(ledger: Ledger, receiver: Receiver) {
    this.ledger = ledger
    this.receiver = receiver
  }

  /** A new window, which begins at the first byte not yet claimed. */
  show(window: string): void {
    this.window = window
    this.base = 0
    this.claimed = 0
    this.wanted = undefined
  }

  /** A reader takes over, which is `own`'s; `others` may take over from it, of which `heard` have read in this input. */
  enter(
    others: readonly Adapter[],
    heard: readonly Adapter[] = [],
    implied: ImpliedBeside | undefined = undefined,
    own: Adapter | undefined = undefined,
  ): void {
    this.own = own
    this.others = others
    this.heard = heard
    this.implied = implied
    this.seam = undefined
    this.seamOffset = implied?.inCharge === 'by default' ? -1 : this.offset
  }

  /** 1-based, of the first byte not yet claimed. */
  get nextLine(): number {
    return this.line
  }

  /** Bytes of the decompressed input before it. */
  get nextOffset(): number {
    return this.offset
  }

  /** A reader that was stopped within a window goes on to its end: what it claims there gives no records. */
  claim(as: 'data' | 'structure' | 'blank', end: number): void {
    this.close(this.stopped ? 'unread' : as, this.base + end)
  }

  record(record: EventRecord, form?: string): void {
    if (this.stopped) return
    this.ledger.made++
    this.receiver.record(record, form)
    this.unit.index++
  }

  message(text: string, end: number, level: Level, stream: Stream, undecoded?: 'undecoded' | 'ambiguous'): boolean {
    const isForeign = stream === 'foreign' || undecoded === 'undecoded'
    if (this.stopped || this.changesReader(isForeign) || (isForeign && this.leavesPrompt())) return false
    const said = stream === 'foreign' && isPrompt(plainText(text)) ? 'prompt' : stream
    const lost = lostDrop(text, said)
    if (lost !== undefined) {
      this.refuse(lost.why, end, this.claimed - this.base + lost.at)
      return true
    }
    const lines = this.close('message', this.base + end)
    if (said === 'foreign') {
      this.ledger.foreign++
      this.lines.foreign += lines
      this.receiver.foreign(text)
    }
    // dropwatch's own prompt is none of a shell's.
    if (said === 'prompt' && promptEnd(plainText(text)) > 0) this.lines.prompts += lines
    if (undecoded !== undefined) this.ledger[undecoded]++
    this.say(text, level, said)
    return true
  }

  yields(isOpen: boolean): boolean {
    const asked = isOpen ? this.others : this.heard
    if (this.stopped || asked.length === 0 || this.isDecided) return false
    const line = this.window.slice(this.claimed, this.lineEnd(this.claimed))
    return this.changeTo(surest(line, this.heard, 1) ?? surest(line, asked, SURE))
  }

  reject(why: Reject, end: number, at: number): boolean {
    if (this.stopped || this.changesReader(false)) return false
    this.refuse(why, end, at)
    return true
  }

  /** A reject that no other reader is asked about. */
  refuse(why: Reject, end: number, at: number): void {
    const column = this.base + at - this.claimed + 1
    this.close('rejected', this.base + end)
    this.receiver.rejected({ why, line: this.unit.line, offset: this.unit.offset, bytes: this.unit.bytes(), column })
  }

  canSetAside(start: number, end: number): boolean {
    for (let at = this.base + start; at < this.base + end; at = this.lineEnd(at)) {
      const seam = this.takerAt(at, true)
      if (seam === undefined || this.receiver.isOpen(seam)) continue
      this.wanted = seam
      return false
    }
    return true
  }

  setAside(end: number): boolean {
    const seam = this.stopped ? undefined : this.takerAt(this.claimed, true)
    if (seam === undefined) return false
    const { base, own, others, heard, implied, seamOffset } = this
    this.receiver.readAside(seam, base + end)
    if (this.claimed < base + end) this.close('unread', base + end)
    this.base = base
    this.own = own
    this.others = others
    this.heard = heard
    this.implied = implied
    this.seamOffset = seamOffset
    this.seam = undefined
    return true
  }

  /** What is not claimed of the window up to `end`, for a reader that is shown it alone. */
  restTo(end: number): string {
    this.base = this.claimed
    return this.window.slice(this.claimed, end)
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

  /** Claims a byte order mark, which is no data, and no line. `more`: it may be one. */
  takeMark(last: boolean): 'taken' | 'more' | 'none' {
    if (this.offset > 0) return 'none'
    if (!last && maybeMark(this.window)) return 'more'
    this.begin = markEnd(this.window)
    if (this.begin === 0) return 'none'
    const lines = this.close('structure', this.begin)
    this.lines.all -= lines
    return 'taken'
  }

  /** What is shown and never claimed. */
  unread(): void {
    if (this.claimed < this.window.length) this.close('unread', this.window.length)
  }

  /** Claims up to `end`; gives the number of lines that are not blank. */
  private close(as: UnitClass, end: number): number {
    const { unit, claimed: start, window } = this
    if (!(end > start) || end > window.length)
      throw new NoClaim(`a claim from ${start} to ${end} in a window of ${window.length}`)
    unit.set(this.line, this.offset, window, start, end)
    const tally = this.ledger.units[as]
    tally.units++
    tally.bytes += end - start
    this.claimed = end
    this.offset += end - start
    const lines = this.countLines(start, end)
    if (as !== 'blank' && as !== 'unread') this.lines.all += lines
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

  /** `isForeign`: the reader in charge does not know whose the line is. */
  private changesReader(isForeign: boolean): boolean {
    return !this.isDecided && this.changeTo(this.takerAt(this.claimed, isForeign))
  }

  private say(text: string, level: Level, stream: Stream): void {
    const record = new EventRecord('message')
    record.message = replaced(text) ? seal('message', utf8(text), 'text_replaced') : seal('message', utf8(text))
    record.level = LEVELS[level]
    record.stream = STREAMS[stream]
    this.record(record, 'text')
  }

  /** `$ 3 drops at …`: where somebody knows what stands behind a prompt, the mark alone is a message, and the rest is a line. */
  private leavesPrompt(): boolean {
    const line = this.window.slice(this.claimed, this.lineEnd(this.claimed))
    const end = promptEnd(line)
    if (end === 0 || end >= line.length) return false
    const rest = line.slice(end)
    const here = this.own === undefined ? this.heard : [this.own, ...this.heard]
    if (!this.changeTo(surest(rest, here, LIKELY) ?? surest(rest, this.others, SURE))) return false
    const lines = this.close('message', this.claimed + end)
    // The line is the one behind it.
    this.lines.all -= lines
    this.say(line.slice(0, end).trimEnd(), 'info', 'prompt')
    return true
  }

  /** Who takes the line at `start` from the reader in charge. */
  private takerAt(start: number, isForeign: boolean): Seam | undefined {
    if (this.others.length === 0) return undefined
    const line = this.window.slice(start, this.lineEnd(start))
    return surest(line, this.others, SURE) ?? (isForeign ? this.takerOf(line) : undefined)
  }

  /**
   * Who takes a line that nobody is sure of: who thinks well of it, and has read in this input; the implied reader, if it knows the line; from that, who thinks well of the
   * line, or the reader before.
   */
  private takerOf(line: string): Seam | undefined {
    const { implied } = this
    const known = surest(line, this.heard, LIKELY)
    if (known !== undefined || implied === undefined) return known
    if (implied.inCharge !== undefined) return surest(line, this.others, LIKELY) ?? implied.before
    return implied.reads(line) ? impliedSeam(implied.adapter) : undefined
  }

  /** True where nobody is asked: the reader in charge was just found, or given. */
  private get isDecided(): boolean {
    return this.others.length === 0 || this.offset === this.seamOffset
  }

  private changeTo(seam: Seam | undefined): boolean {
    this.seam = seam
    return seam !== undefined
  }

  /** Offset behind the line at `start`. */
  private lineEnd(start: number): number {
    const lf = this.window.indexOf('\n', start)
    return lf < 0 ? this.window.length : lf + 1
  }
}

/** No damage makes a drop anybody's text, or a command: it would be left out without a word. What a command quotes is its own. */
function lostDrop(text: string, stream: Stream): { readonly why: Reject; readonly at: number } | undefined {
  const isBare = stream === 'foreign' || (stream === 'prompt' && dropNamed(text.replaceAll(QUOTED, '')) !== undefined)
  const found = isBare ? dropNamed(text) : undefined
  if (found === undefined) return undefined
  const why = `it tells of ${found.name}, and no reader understands it: a drop may be lost here`
  return { why: { word: 'malformed', text: why }, at: found.at }
}

const QUOTED = /'[^']*'|"[^"]*"/g

const LEVELS = { info: seal('level', 'info'), warning: seal('level', 'warning'), error: seal('level', 'error') }
const STREAMS = {
  stdout: seal('stream', 'stdout'),
  stderr: seal('stream', 'stderr'),
  prompt: seal('stream', 'prompt'),
  output: seal('stream', 'output'),
  foreign: seal('stream', 'foreign'),
}
