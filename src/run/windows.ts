import type { Reject } from '../contract.ts'
import { InputError } from '../errors.ts'
import { UnreadForm } from '../input/capture-bytes.ts'
import { Interrupted } from '../input/patience.ts'
import { type Books, NoClaim } from '../read/books.ts'
import type { Intake } from '../read/intake.ts'
import { type ShownWindow, Unclaimed, WINDOW_BYTES } from '../read/window.ts'
import type { InputNames } from '../stages/stamp.ts'
import type { InputOutcome } from './outcome.ts'
import type { Pace } from './pace.ts'
import { CUT, readerFault, TOO_LONG } from './rejects.ts'
import type { Seams } from './seams.ts'
import type { Shortcut } from './shortcut.ts'

/** What a window came to: it is to be shown again, less what was claimed; or it needs more bytes. */
type Progress = 'again' | 'more'

/** Cuts the bytes of an input into windows, and has each of them read. What no reader can claim is rejected here. */
export class Windows {
  private readonly unclaimed = new Unclaimed()
  /**
   * Why the unit at hand is rejected up to where reading goes on: no window can hold it, or its reader is at fault.
   */
  private skipping: Reject | undefined
  /** Some of that unit is rejected already: it may end at the beginning of a window. */
  private isPartlyRejected = false
  private readonly seams: Seams
  private readonly intake: Intake
  private readonly books: Books
  private readonly pace: Pace
  private readonly input: InputNames
  private readonly outcome: InputOutcome
  private readonly isMember: boolean

  constructor(
    seams: Seams,
    intake: Intake,
    books: Books,
    pace: Pace,
    input: InputNames,
    outcome: InputOutcome,
    isMember: boolean,
  ) {
    this.seams = seams
    this.intake = intake
    this.books = books
    this.pace = pace
    this.input = input
    this.outcome = outcome
    this.isMember = isMember
  }

  /** Reads an input to its end, or to where it stops. Throws what is not a fault of the input. */
  async readAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const source = chunks[Symbol.asyncIterator]()
    while (!this.books.stopped) {
      let next: IteratorResult<Uint8Array>
      try {
        next = await source.next()
      } catch (error) {
        this.failed(error)
        break
      }
      if (next.done === true) break
      await this.take(next.value)
    }
    await source.return?.()
    await this.finish()
  }

  /** All that came is claimed, and none of it was the beginning of a longer unit. */
  get isClear(): boolean {
    return this.unclaimed.length === 0 && this.skipping === undefined
  }

  /** Reads more of an input. Throws what is not a fault of it. */
  async take(chunk: Uint8Array): Promise<void> {
    let at = 0
    while (at < chunk.length && !this.books.stopped) {
      const bytes = chunk.subarray(at, at + this.step())
      this.unclaimed.append(bytes)
      this.outcome.ledger.bytesRead += bytes.length
      at += bytes.length
      await this.readWindow(false)
      await this.flush()
    }
  }

  private step(): number {
    const { room, length } = this.unclaimed
    const isUnread = length < WINDOW_BYTES && this.seams.current?.shortcut?.isTaking === true
    return this.pace.step(room, isUnread)
  }

  /** The input gives no more. Throws what is not a fault of it. */
  private failed(error: unknown): void {
    const { outcome } = this
    if (error instanceof Interrupted) {
      outcome.cut = error.isWhole ? 'silence' : 'signal'
      if (!error.isWhole) this.books.stopped = true
    } else if (error instanceof UnreadForm && this.isMember) outcome.notRecognised = true
    else if (error instanceof InputError) outcome.failure = error.sentence
    else throw error
  }

  /** Reads what is left. */
  private async finish(): Promise<void> {
    if (!this.books.stopped) await this.readWindow(true)
    if (this.books.stopped) {
      this.intake.show(this.unclaimed.window(true))
      this.books.unread()
    } else {
      await this.give(true)
      if (!this.books.stopped) this.seams.end()
    }
    if (this.outcome.cut !== 'signal') await this.flush()
  }

  /** Records go on to the output, which may end the reading. */
  async flush(): Promise<void> {
    const cut = await this.pace.flush()
    if (cut === undefined) return
    this.outcome.cut = cut
    this.books.stopped = true
  }

  private async readWindow(last: boolean): Promise<void> {
    for (;;) {
      if (this.unclaimed.length === 0) return
      await this.seams.ready()
      const shortcut = this.skipping === undefined ? this.seams.current?.shortcut : undefined
      shortcut?.run(this.unclaimed, this.books)
      if (this.unclaimed.length === 0 || (shortcut !== undefined && !last && this.waitsFor(shortcut))) return
      shortcut?.catchUp()
      const window = this.unclaimed.window(last, shortcut?.lookahead)
      const isWhole = !this.unclaimed.holdsMoreThan(window)
      this.intake.show(window)
      const progress = this.skipping === undefined ? this.read(window) : this.skip(window, this.skipping)
      this.unclaimed.drop(this.books.claimed)
      shortcut?.wasRead(this.books.claimed)
      const hasGiven = !this.books.stopped && (await this.give(false))
      if (this.books.stopped || (progress === 'more' && isWhole && !hasGiven)) return
    }
  }

  /** Records of claims that the reader kept go on to the output, as fast as it takes them. True: there were some. */
  private async give(last: boolean): Promise<boolean> {
    let hasGiven = false
    while (!this.books.stopped && this.seams.give(last)) {
      hasGiven = true
      await this.flush()
    }
    return hasGiven
  }

  /**
   * A pipe cuts lines every 4 KiB: their reader waits for the rest of one, and so does a shape for what it looks at.
   * There must be room for it. The units of a document may end within a line.
   */
  private waitsFor({ waits }: Shortcut): boolean {
    const { linesEnd, start, isFull } = this.unclaimed
    return !isFull && (waits || (this.books.form === 'line' && linesEnd <= start))
  }

  private read(window: ShownWindow): Progress {
    const { books } = this
    this.isPartlyRejected = false
    const mark = books.takeMark()
    if (mark !== 'none') return mark === 'taken' ? 'again' : 'more'
    if (books.nextOffset === books.begin) this.input.firstLine = books.form === 'line' ? firstLineOf(window.text) : ''
    try {
      const progress = this.seams.read(window)
      if (progress !== 'read') return progress
    } catch (error) {
      if (!(error instanceof NoClaim)) throw error
      return this.refuseFault(window, readerFault(error.message))
    }
    if (books.stopped || books.claimed === window.length) return 'more'
    if (window.last) return this.refuseRest(window)
    if (books.claimed > 0 || !this.unclaimed.isFull || this.unclaimed.holdsMoreThan(window)) return 'more'
    return this.refuseLong(window, TOO_LONG)
  }

  /** Nothing comes after the rest of the window. A reader that claimed some of it is asked once more. */
  private refuseRest({ length }: ShownWindow): Progress {
    if (this.books.claimed > 0) return 'again'
    this.intake.reject(CUT, length, length)
    this.seams.handsOver()
    return this.books.claimed === 0 ? 'again' : 'more'
  }

  /** The run goes on after a unit that a reader could not claim, though the reader is at fault. */
  private refuseFault(window: ShownWindow, fault: Reject): Progress {
    const { books } = this
    const { length, last } = window
    if (this.seams.resumes) {
      this.skipping = fault
      return 'again'
    }
    const lf = window.lineEndFrom(books.claimed)
    const isWhole = lf >= 0 || last || (books.claimed === 0 && this.unclaimed.isFull)
    if (!isWhole) return 'more'
    this.intake.refuse(fault, lf < 0 ? length : lf + 1, books.claimed)
    return 'again'
  }

  /** Rejects such a unit piecewise, to its end. A reader that knows its end sees full windows, each once. */
  private skip(window: ShownWindow, why: Reject): Progress {
    const isWhole = window.last || this.unclaimed.isFull || (!this.seams.resumes && window.lineEndFrom(0) >= 0)
    return isWhole ? this.refuseLong(window, why) : 'more'
  }

  private refuseLong(window: ShownWindow, why: Reject): Progress {
    const least = this.isPartlyRejected ? 0 : 1
    const end = this.seams.resumeIn(window)
    this.skipping = end === undefined ? why : undefined
    if (end === undefined || isWithin(end, least, window.length)) this.refuseTo(end ?? window.length, why)
    else this.refuseTo(window.length, readerFault(`reading goes on at ${end} of ${window.length}`))
    return 'again'
  }

  private refuseTo(end: number, why: Reject): void {
    if (end > 0) this.intake.refuse(why, end, 0)
    this.isPartlyRejected = true
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

function firstLineOf(text: string): string {
  const lf = text.indexOf('\n')
  return lf < 0 ? text : text.slice(0, lf)
}
