import type { Out, Reader, Regular } from '../contract.ts'
import type { EventRecord } from '../event/record.ts'
import type { Books } from '../read/books.ts'
import type { LeftOut } from '../read/ledger.ts'
import type { Unit } from '../read/unit.ts'
import { ShownWindow, type Unclaimed } from '../read/window.ts'
import type { ShapeEngine } from '../shapes/engine.ts'
import { NOWHERE } from '../shapes/nowhere.ts'
import type { Outline } from '../shapes/outline.ts'

/**
 * Lines that do not repeat are shown to their reader in longer and longer pieces, from as many as a unit had to so many
 * at once.
 */
const MOST_LINES = 256
/**
 * The first units of an input teach nothing: short captures are many, and the engine's tables cost more than they give.
 */
const FIRST_UNITS = 16

/** The way past a reader, for lines whose shape is known. */
export class Shortcut {
  private readonly reader: Reader
  private readonly regular: Regular
  private readonly openEngine: () => ShapeEngine<LeftOut>
  private readonly passing: Out
  /** Who else may take a line: nobody, any adapter that is sure of it, or one that has read in this input, too. */
  private company: 'none' | 'any' | 'heard' = 'none'
  private engine: ShapeEngine<LeftOut> | undefined
  private units = 0
  private epoch: number
  private lines = 1
  /**
   * The last unit that the reader did not see, with what it looks at after it. It reads it before it is shown another
   * one: its state is then what it would be.
   */
  private unseen: Buffer | undefined
  /** The next unit fits if the bytes after it are as they must be, and the window ends with it. */
  waits = false

  /** `pass` is given the record of the last unit that was taken. */
  constructor(
    reader: Reader,
    regular: Regular,
    openEngine: () => ShapeEngine<LeftOut>,
    pass: (record: EventRecord) => void,
  ) {
    this.reader = reader
    this.passing = { ...NOWHERE, record: pass }
    this.regular = regular
    this.openEngine = openEngine
    this.epoch = regular.epoch
  }

  /** It took lines of the last window, and has not gone to rest since. */
  get isTaking(): boolean {
    return this.engine?.isAwake === true && this.engine.taken.units > 0
  }

  /** So many lines are shown to the reader at once. */
  get lookahead(): number {
    return this.engine?.isAwake === true ? this.lines : Number.POSITIVE_INFINITY
  }

  /** The reader takes over: so many others may take its lines, of which so many have read in this input. */
  enter(others: number, heard: number): void {
    const company = heard > 0 ? 'heard' : others > 0 ? 'any' : 'none'
    if (company !== this.company) this.engine?.forget()
    this.company = company
  }

  /** Writes lines as long as their shapes are known. */
  run(unclaimed: Unclaimed, books: Books): void {
    const { start, linesEnd } = unclaimed
    const { engine } = this
    this.waits = false
    if (engine?.isAwake !== true || linesEnd <= start) return
    const end = engine.run(unclaimed, start, linesEnd, books.nextLine)
    const { units, lines, blanks, blankBytes, lastStart, lastEnd, waiting } = engine.taken
    this.waits = waiting === end
    if (end === start) return
    if (units > 0) {
      this.lines = Math.ceil(lines / units)
      this.unseen = unclaimed.copy(lastStart, lastEnd)
    }
    books.repeat({ units, lines, bytes: end - start, blanks, blankBytes })
    unclaimed.drop(end - start)
  }

  /** Before the reader is shown what the run left. */
  catchUp(): void {
    const { unseen } = this
    this.unseen = undefined
    if (unseen !== undefined) this.reader.read(new ShownWindow(unseen, false), this.passing)
  }

  /** The reader claimed so many bytes of what it was shown. */
  wasRead(claimed: number): void {
    this.lines = claimed === 0 ? 2 * this.lines : Math.min(MOST_LINES, 2 * this.lines)
    this.checkEpoch()
  }

  /** The reader's state may be another one now. */
  checkEpoch(): void {
    if (this.regular.epoch === this.epoch) return
    this.epoch = this.regular.epoch
    this.engine?.forget()
  }

  /** A record of the unit went through. Gives what is wrong where a shape would have made another line. */
  delivered(record: EventRecord, leftOut: LeftOut | undefined, unit: Unit): string | undefined {
    this.units++
    if (this.units <= FIRST_UNITS) return undefined
    // A line before it in the same window may have taught something.
    this.checkEpoch()
    this.engine ??= this.openEngine()
    if (!this.engine.isAwake) {
      this.engine.passed(1)
      return undefined
    }
    return unit.index === 0 ? this.engine.observe(unit.bytes(), this, record, leftOut, unit.line ?? 0) : undefined
  }

  /** That of the reader; undefined where another adapter may claim such a line. */
  outline(unit: string): Outline | undefined {
    const outline = this.regular.outline(unit)
    const { company } = this
    const isOurs =
      outline?.mayBeOf === undefined || company === 'none' || (company === 'any' && outline.mayBeOf === 'heard')
    return isOurs ? outline : undefined
  }

  /** What is known of the capture changed. */
  forget(): void {
    this.engine?.forget()
  }

  writeBooks(): void {
    this.engine?.writeBooks()
  }
}
