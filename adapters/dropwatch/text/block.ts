import type { Side, Window } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { beginsField, Fields, RANK, rankAt, readField } from './field.ts'
import { beginsRecord } from './known.ts'
import { type Glued, type Line, makeOut } from './line.ts'
import { besideRecord } from './parts.ts'
import { RECEIVE_FAILED } from './talk.ts'

/** A line of a block whose value is not one. */
export interface Damage {
  readonly start: number
  readonly end: number
  readonly rank: number
}

/** So many lines in a row that are none of the block's do not end it yet. */
const LONGEST_NOISE = 8
/** The packet itself, in pairs, with text behind: development builds of 2019 (netdev, August 2019). */
const HEX_LINE = /^(?:[0-9a-f]{2} {1,2})*[0-9a-f]{2}(?: {2}.*)?$/

/** One for all blocks: most have none. */
const NOTHING: readonly never[] = []
const MORE = -1
const DONE = -2

/**
 * The lines of a packet block behind its first. It ends with `drop reason:`, or at an empty line from `original length:` on; a line that is
 * dropwatch's but none of the block's ends it earlier. What stands between its lines belongs to it: an empty line, an echo, an error line.
 */
export class Block {
  readonly fields = new Fields()
  /** Offset behind its last line. */
  end = 0
  /** What no section holds, latin1. */
  notes: readonly string[] = NOTHING
  /** Records of what stands between its lines. */
  extras: readonly EventRecord[] = NOTHING
  damages: readonly Damage[] = NOTHING
  isReformatted = false
  /** Its last line has no end. */
  private isCut = false
  /** Behind the last line of the block that was read: an empty line, and records of what may yet be inside. */
  private isBlankBehind = false
  private pending: readonly EventRecord[] = NOTHING
  private own: string[] | undefined = undefined
  private noise = 0
  private readonly side: Side

  constructor(side: Side) {
    this.side = side
  }

  /** Reads on from `start`; false when not enough of the text is here. */
  read(window: Window, start: number): boolean {
    const { text, last } = window
    const { fields } = this
    this.end = start
    for (let at = start; ; ) {
      const lf = text.indexOf('\n', at)
      if (lf < 0 && !last) return false
      if (lf < 0 && at >= text.length) return true
      const end = lf > at && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf
      const rank = lf < 0 ? 0 : rankAt(text, at)
      if (end === at) at = this.readBlank(lf + 1)
      else if (rank > fields.rank && readField(fields, rank, text, at, end) === end) at = this.accept(rank, lf + 1)
      else at = this.readOdd(window, at)
      if (at < 0) return at === DONE
    }
  }

  /** Ended before its `original length`; the builds that have no such line have no `origin` either. */
  get isIncomplete(): boolean {
    const { rank, hasOrigin } = this.fields
    if (this.isCut || this.damages.length > 0) return true
    return rank < RANK.originalLength && !(rank === RANK.length && !hasOrigin && this.isBlankBehind)
  }

  /** A line of the block ends at `next`. */
  private accept(rank: number, next: number): number {
    this.fields.rank = rank
    this.end = next
    this.noise = 0
    this.isBlankBehind = false
    if (this.pending.length > 0) {
      this.extras = [...this.extras, ...this.pending]
      this.pending = NOTHING
    }
    return rank === RANK.reason ? DONE : next
  }

  private readBlank(next: number): number {
    if (this.fields.rank >= RANK.originalLength) {
      this.accept(this.fields.rank, next)
      return DONE
    }
    this.isBlankBehind ||= this.noise === 0
    return this.pass(undefined, next)
  }

  private addNote(text: string): void {
    this.own ??= []
    this.own.push(text)
    this.notes = this.own
  }

  /** A line that is none of the block's. */
  private pass(record: EventRecord | undefined, next: number): number {
    this.noise++
    if (record !== undefined) this.pending = [...this.pending, record]
    return this.noise > LONGEST_NOISE ? DONE : next
  }

  private readOdd(window: Window, at: number): number {
    const line = makeOut(window, at, 'in a block')
    if (line === undefined) return MORE
    if (line.is === 'glued') return this.readGlued(plainText(window.text.slice(at, line.at)), line)
    const { known } = line
    if (!line.isWhole) return this.readPiece(unquoted(line.text), line.next)
    if (known === undefined) return line.text === '' ? this.readBlank(line.next) : this.readUnknown(line, at)
    if (known.is === 'talk' && line.text.startsWith(RECEIVE_FAILED))
      return this.pass(besideRecord(line.text), line.next)
    if (known.is !== 'field' || known.rank <= this.fields.rank) return DONE
    readField(this.fields, known.rank, line.text, 0, line.text.length)
    if (known.note !== '') this.addNote(known.note)
    this.isReformatted ||= line.isReformatted
    this.pending = [...this.pending, ...line.besides.map(besideRecord)]
    return this.accept(known.rank, line.next)
  }

  private readGlued(piece: string, { at, known }: Glued): number {
    const goesOn = known.is === 'field' && known.rank > this.fields.rank
    const isFailure = known.is === 'talk' && known.talk.stream === 'stderr'
    if (!goesOn && !isFailure) return this.readPiece(piece, at)
    this.pending = [...this.pending, besideRecord(piece)]
    return at
  }

  /** The end of a line is missing: that of the input, or of what a killed dropwatch wrote. A value that may go on is no value. */
  private readPiece(piece: string, next: number): number {
    const rank = rankAt(piece, 0)
    if (!beginsField(piece, this.fields.rank)) return DONE
    const fields = new Fields()
    if (rank > 0 && readField(fields, rank, piece, 0, piece.length) === piece.length) {
      if (rank === RANK.timestamp) this.fields.local = fields.local
      if (rank === RANK.origin) this.fields.origin = fields.origin
      if (rank === RANK.reason && this.side.isWholeReason(fields.reason ?? '')) this.fields.reason = fields.reason
    }
    this.accept(this.fields.rank, next)
    this.isCut = true
    return DONE
  }

  private readUnknown(line: Line, at: number): number {
    const bare = unquoted(line.text)
    const rank = rankAt(bare, 0)
    if (rank > this.fields.rank) {
      this.damages = [...this.damages, { start: at, end: line.next, rank }]
      return this.accept(rank, line.next)
    }
    if (rank > 0 || beginsRecord(bare) || isPrompt(bare)) return DONE
    if (this.fields.rank >= RANK.timestamp && HEX_LINE.test(bare)) {
      this.addNote(bare)
      this.isReformatted ||= bare !== line.text
      return this.accept(this.fields.rank, line.next)
    }
    return this.pass(besideRecord(line.text), line.next)
  }
}
