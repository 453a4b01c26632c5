import type { Reader, Regular } from '../contract.ts'
import type { EventRecord } from '../event/record.ts'
import type { Books } from '../read/books.ts'
import type { Unit } from '../read/unit.ts'
import { ShownWindow, type Unclaimed } from '../read/window.ts'
import type { ShapeEngine } from '../shapes/engine.ts'
import { NOWHERE } from '../shapes/nowhere.ts'

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
  private readonly openEngine: () => ShapeEngine
  private engine: ShapeEngine | undefined
  private units = 0
  private epoch: number
  private lines = 1
  /**
   * The last unit that the reader did not see. It reads it before it is shown another one: its state is then what it
   * would be.
   */
  private unseen: Buffer | undefined

  constructor(reader: Reader, regular: Regular, openEngine: () => ShapeEngine) {
    this.reader = reader
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

  /** Writes lines as long as their shapes are known. */
  run(unclaimed: Unclaimed, books: Books): void {
    const { start, linesEnd } = unclaimed
    const { engine } = this
    if (engine?.isAwake !== true || linesEnd <= start) return
    const end = engine.run(unclaimed, start, linesEnd, books.nextLine)
    const { units, lines, lastStart } = engine.taken
    if (units === 0) return
    this.lines = Math.ceil(lines / units)
    this.unseen = unclaimed.copy(lastStart, end)
    books.repeat(units, lines, end - start)
    unclaimed.drop(end - start)
  }

  /** Before the reader is shown what the run left. */
  catchUp(): void {
    const { unseen } = this
    this.unseen = undefined
    if (unseen !== undefined) this.reader.read(new ShownWindow(unseen, false), NOWHERE)
  }

  /** The reader claimed so many bytes of what it was shown. */
  wasRead(claimed: number): void {
    this.lines = claimed === 0 ? 2 * this.lines : Math.min(MOST_LINES, 2 * this.lines)
    if (this.regular.epoch === this.epoch) return
    this.epoch = this.regular.epoch
    this.engine?.forget()
  }

  /** A record of the unit went through. Gives what is wrong where a shape would have made another line. */
  delivered(record: EventRecord, isWritten: boolean, unit: Unit): string | undefined {
    this.units++
    if (this.units <= FIRST_UNITS) return undefined
    this.engine ??= this.openEngine()
    if (!this.engine.isAwake) {
      this.engine.passed(1)
      return undefined
    }
    return unit.index === 0
      ? this.engine.observe(unit.bytes(), this.regular, record, isWritten, unit.line ?? 0)
      : undefined
  }

  /** What is known of the capture changed. */
  forget(): void {
    this.engine?.forget()
  }

  writeBooks(): void {
    this.engine?.writeBooks()
  }
}
