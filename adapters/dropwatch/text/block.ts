import type { Context } from '../../../src/contract.ts'
import { contentOf, type Lines, type Next, type TextLine } from '../../../src/text/lines.ts'
import { isOwnLine } from '../../../src/text/own-line.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { promptEnd } from '../../../src/text/prompt.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { BlockFields, beginsField, RANK, rankAt, readField } from './field.ts'
import { beginsRecord } from './known.ts'
import { type Glued, makeOut, type PrintedLine } from './line.ts'
import { RECEIVE_FAILED } from './talk.ts'

/** What is between a block's lines, or needs a claim of its own. */
export type Inside =
  /** A line of the block whose value cannot be read. */
  | { readonly is: 'damage'; readonly start: number; readonly end: number; readonly rank: number }
  /** Error lines of dropwatch inside this line, or lines that it wrote over. */
  | { readonly is: 'error'; readonly start: number; readonly end: number; readonly texts: readonly string[] }
  /** Something typed, or other text. `text` is empty for a blank line after it. */
  | { readonly is: 'foreign'; readonly start: number; readonly end: number; readonly text: string }

/**
 * More lines than this in a row that do not belong to the block end it. A call chain, whose lines are indented, may
 * have more.
 */
const LONGEST_NOISE = 8
const LONGEST_CHAIN = 256
/** The packet itself in pairs of digits, with its text after them: development builds of 2019 (netdev, August 2019). */
const HEX_LINE = /^(?:[0-9a-f]{2} {1,2})*[0-9a-f]{2}(?: {2}.*)?$/

/** One list for all blocks: most have nothing to add. */
const NOTHING: readonly never[] = []

/** Where the block goes on, or that it has ended. */
type BlockStep = Next | 'done'

/**
 * The lines of a packet block after its first. The block ends with `drop reason:`, or at an empty line from
 * `original length:` on. Another line of dropwatch ends it earlier. What is between its lines belongs to it: an
 * empty line, an echo, an error line.
 */
export class Block {
  readonly fields = new BlockFields()
  /** Offset after its last line. */
  end = 0
  /** Text that no section holds, latin1. */
  notes: readonly string[] = NOTHING
  /** In the order of the text. */
  inside: readonly Inside[] = NOTHING
  isReformatted = false
  /** Its last line has no end. */
  private isCut = false
  private isDamaged = false
  /** An empty line follows the last line of the block that was read. */
  private isBlankBehind = false
  private pending: readonly Inside[] = NOTHING
  /** What `notes` is, once there is any. */
  private own: string[] | undefined = undefined
  /** What `inside` is, once there is anything. */
  private taken: Inside[] | undefined = undefined
  /** Lines after it, and how many of them are not indented. */
  private passed = 0
  private noise = 0
  private readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  /** Reads on from `start`, and moves `line` over the lines of the block. */
  read(line: Lines, start: number): 'done' | 'pause' {
    const { fields } = this
    const { text } = line
    this.end = start
    let at = start
    while (line.moveTo(at)) {
      const { contentEnd, next } = line
      const rank = line.isCut ? 0 : rankAt(text, at)
      const step: BlockStep =
        contentEnd === at && !line.isCut
          ? this.readBlank(at, next)
          : rank > fields.rank && readField(fields, rank, text, at, contentEnd) === contentEnd
            ? this.accept(rank, next)
            : this.readOdd(line, at)
      if (step === 'done' || step === 'pause') return step
      at = step
    }
    return line.last ? 'done' : 'pause'
  }

  /** The block ended before its `original length`. Builds that print no such line print no `origin` either. */
  get isIncomplete(): boolean {
    const { rank, hasOrigin } = this.fields
    if (this.isCut || this.isDamaged) return true
    return rank < RANK.originalLength && !(rank === RANK.length && !hasOrigin && this.isBlankBehind)
  }

  /** A line of the block ends at `next`. */
  private accept(rank: number, next: number): BlockStep {
    this.fields.rank = rank
    this.end = next
    this.passed = 0
    this.noise = 0
    this.isBlankBehind = false
    if (this.pending.length > 0) {
      this.taken ??= []
      this.taken.push(...this.pending)
      this.inside = this.taken
      this.pending = NOTHING
    }
    return rank === RANK.reason ? 'done' : next
  }

  private readBlank(at: number, next: number): BlockStep {
    const before = this.pending.at(-1)
    const isBehindForeign = before?.is === 'foreign' && before.end === at
    // An empty line first ends the call chain before it.
    const endsChain = isBehindForeign && isIndented(before.text)
    if (this.fields.rank >= RANK.originalLength && !endsChain) {
      this.accept(this.fields.rank, next)
      return 'done'
    }
    this.isBlankBehind ||= this.passed === 0
    if (isBehindForeign) return this.pass({ is: 'foreign', start: at, end: next, text: '' })
    this.noise++
    return this.goOn(next)
  }

  private addNote(text: string): void {
    this.own ??= []
    this.own.push(text)
    this.notes = this.own
  }

  /** Passes over something that is not a line of the block. */
  private pass(one: Inside): BlockStep {
    this.pending = [...this.pending, one]
    if (one.is !== 'foreign' || !isIndented(one.text)) this.noise++
    return this.goOn(one.end)
  }

  private goOn(next: number): BlockStep {
    this.passed++
    return this.noise > LONGEST_NOISE || this.passed > LONGEST_CHAIN ? 'done' : next
  }

  private readOdd(physical: TextLine, at: number): BlockStep {
    if (isOwnLine(physical.text, at))
      return this.pass({ is: 'foreign', start: at, end: physical.next, text: contentOf(physical) })
    const line = makeOut(physical, 'in a block')
    if (line === 'pause') return line
    if (line.is === 'glued') return this.readGlued(plainText(physical.text.slice(at, line.at)), at, line)
    const { known } = line
    if (!line.isWhole) return this.readPiece(unquoted(line.text), line.next)
    if (known === undefined) return line.text === '' ? this.readBlank(at, line.next) : this.readUnknown(line, at)
    if (known.is === 'talk' && line.text.startsWith(RECEIVE_FAILED))
      return this.pass({ is: 'error', start: at, end: line.next, texts: [line.text] })
    if (known.is !== 'field' || known.rank <= this.fields.rank) return 'done'
    readField(this.fields, known.rank, line.text, 0, line.text.length)
    if (known.note !== '') this.addNote(known.note)
    this.isReformatted ||= line.isReformatted
    if (line.besides.length > 0)
      this.pending = [...this.pending, { is: 'error', start: at, end: line.next, texts: line.besides }]
    return this.accept(known.rank, line.next)
  }

  private readGlued(piece: string, start: number, { at, known }: Glued): BlockStep {
    const goesOn = known.is === 'field' && known.rank > this.fields.rank
    const isFailure = known.is === 'talk' && known.talk.stream === 'stderr'
    if (!goesOn && !isFailure) return this.readPiece(piece, at)
    this.pending = [...this.pending, { is: 'foreign', start, end: at, text: piece }]
    return at
  }

  /** A line without end, at the end of the input or where dropwatch was killed. A value that may go on is not taken. */
  private readPiece(piece: string, next: number): BlockStep {
    const rank = rankAt(piece, 0)
    if (!beginsField(piece, this.fields.rank)) return 'done'
    const fields = new BlockFields()
    if (rank > 0 && readField(fields, rank, piece, 0, piece.length) === piece.length) {
      if (rank === RANK.timestamp) this.fields.local = fields.local
      if (rank === RANK.origin) this.fields.origin = fields.origin
      if (rank === RANK.reason && this.context.isWholeReason(fields.reason ?? '')) this.fields.reason = fields.reason
    }
    this.accept(this.fields.rank, next)
    this.isCut = true
    return 'done'
  }

  private readUnknown(line: PrintedLine, at: number): BlockStep {
    const bare = unquoted(line.text)
    const rank = rankAt(bare, 0)
    if (rank > this.fields.rank) {
      this.pending = [...this.pending, { is: 'damage', start: at, end: line.next, rank }]
      this.isDamaged = true
      return this.accept(rank, line.next)
    }
    if (rank > 0 || beginsRecord(bare) || promptEnd(bare) > 0) return 'done'
    if (this.fields.rank >= RANK.timestamp && HEX_LINE.test(bare)) {
      this.addNote(bare)
      this.isReformatted ||= bare !== line.text
      return this.accept(this.fields.rank, line.next)
    }
    return this.pass({ is: 'foreign', start: at, end: line.next, text: line.text })
  }
}

/** True for a frame of a call chain. It begins with a TAB, or with blanks where it was pasted. */
function isIndented(text: string): boolean {
  return /^(?:\t| {7})/.test(text)
}
