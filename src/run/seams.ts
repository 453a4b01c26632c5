import type { Adapter, UnitForm } from '../contract.ts'
import { type Books, NoClaim } from '../read/books.ts'
import { type Finding, findReader, givenReader } from '../read/detect.ts'
import type { Intake } from '../read/intake.ts'
import type { ImpliedBeside, Seam } from '../read/seam.ts'
import type { Takers } from '../read/takers.ts'
import { ShownWindow } from '../read/window.ts'
import type { Conversion } from './convert-input.ts'
import { addBug, addReader, type InputOutcome } from './outcome.ts'
import type { ReaderState, ReaderStates } from './reader-states.ts'
import { CUT } from './rejects.ts'

/** Who reads an input: finds the first reader, and changes readers where another one takes over. */
export class Seams {
  /** The reader at work. */
  current: ReaderState | undefined
  /** Where it was found: the same reader may come in by content or by default. */
  private seam: Seam | undefined
  /** Who takes over before the next window is shown; `unrecognized`: no adapter knows the lines. */
  private next: Seam | 'unrecognized' | undefined
  /** Adapters that have read here. */
  private readonly heard = new Set<Adapter>()
  private readonly job: Conversion
  private readonly states: ReaderStates
  private readonly intake: Intake
  private readonly books: Books
  private readonly takers: Takers
  private readonly outcome: InputOutcome

  constructor(
    job: Conversion,
    states: ReaderStates,
    intake: Intake,
    books: Books,
    takers: Takers,
    outcome: InputOutcome,
  ) {
    this.job = job
    this.states = states
    this.intake = intake
    this.books = books
    this.takers = takers
    this.outcome = outcome
  }

  /** Between two windows: loads the readers that the next one needs. */
  async ready(): Promise<void> {
    await this.states.load(this.states.impliedSeam)
    await this.states.load(this.intake.wanted)
    const { next } = this
    if (next === undefined) return
    const found = next === 'unrecognized' ? undefined : next
    await this.states.load(found)
    this.enter(found)
  }

  /**
   * Shows the window to the reader in charge. `again`: the window is to be shown again, as another reader takes over,
   * or one is to be loaded. `more`: it cannot be said yet whose the bytes are.
   */
  read(window: ShownWindow): 'read' | 'again' | 'more' {
    if (this.current === undefined) {
      const found = this.find(window)
      if (found === 'more') return 'more'
      this.next = found
      return 'again'
    }
    // Lines within its unit may have taught that the snapshot is of another host: then it begins afresh.
    this.current = this.states.of(this.current.found) ?? this.current
    this.current.reader.read(window, this.intake)
    return this.handsOver() ? 'again' : 'read'
  }

  /** Where in the window reading goes on after a unit over 1 MiB; undefined: not in this window. */
  resumeIn(window: ShownWindow): number | undefined {
    const { reader } = this.current ?? {}
    if (reader?.resume !== undefined) return reader.resume(window)
    const lf = this.books.form === 'binary' ? -1 : window.lineEndFrom(0)
    return lf < 0 ? undefined : lf + 1
  }

  /** True when the reader in charge is to see each window of such a unit once. */
  get resumes(): boolean {
    return this.books.form === 'binary' || this.current?.reader.resume !== undefined
  }

  /** The input has ended: readers give the records of the claims that they kept. */
  end(): void {
    for (const state of this.states.all) this.leave(state)
  }

  /**
   * True when what the reader in charge could not use is another reader's, or when lines wait for a reader to be
   * opened.
   */
  handsOver(): boolean {
    this.next = this.takers.seam
    return this.next !== undefined || this.intake.wanted !== undefined
  }

  /**
   * Lines up to `end` of the window that stand within a unit of the reader in charge, by readers that are loaded; then
   * that reader goes on.
   */
  readAside(first: Seam, end: number): void {
    const { books, intake, takers, current: outer } = this
    const others = this.job.adapters.filter((adapter) => adapter !== outer?.found?.adapter)
    for (let seam: Seam | undefined = first; books.claimed < end && !books.stopped; seam = takers.seam) {
      const state = seam === undefined ? undefined : this.states.of(seam)
      if (state === undefined) takers.enter([])
      else {
        const { adapter } = seam ?? first
        this.takeOver(
          state,
          others.filter((other) => other !== adapter),
        )
      }
      const before = books.claimed
      this.current?.reader.read(intake.restTo(end), intake)
      // As at the end of an input.
      if (takers.seam === undefined && books.claimed === before) intake.refuse(CUT, end - before, end - before)
    }
    if (outer !== undefined) this.takeOver(outer, [])
  }

  private find({ text, last }: ShownWindow): Finding {
    const { from, adapters } = this.job
    return from === undefined ? findReader(text, last, adapters, this.states.implied) : givenReader(from, text, last)
  }

  /** The reader of `found` takes over. */
  private enter(found: Seam | undefined): void {
    const before = this.seam
    const left = this.current
    const state = this.states.of(found)
    this.seam = found
    this.next = undefined
    if (state === undefined) return
    if (left !== undefined && left !== state) this.leave(left)
    const { from, adapters } = this.job
    this.books.form = formOf(found)
    const isAlone = from !== undefined || this.books.form === 'binary'
    const others = isAlone ? [] : adapters.filter((adapter) => adapter !== found?.adapter)
    this.takeOver(state, others, this.states.impliedBeside(found, before))
  }

  /**
   * The reader in charge gives some records of claims that it kept. False: none is due. `last`: nothing follows what it
   * claimed.
   */
  give(last: boolean): boolean {
    const { current } = this
    if (current?.reader.give === undefined) return false
    this.intake.show(NOTHING)
    try {
      return current.reader.give(this.intake, last)
    } catch (error) {
      this.addFault(current, 'between two windows', error)
      return false
    }
  }

  /** It gives the records of the claims that it kept. */
  private leave(state: ReaderState): void {
    if (state.reader.end === undefined) return
    const { current } = this
    this.current = state
    this.intake.show(NOTHING)
    try {
      state.reader.end(this.intake)
    } catch (error) {
      this.addFault(state, 'at the end', error)
    }
    this.current = current
  }

  private addFault({ found }: ReaderState, when: string, error: unknown): void {
    if (!(error instanceof NoClaim)) throw error
    addBug(this.outcome, `the reader of ${found?.adapter.name}, ${when}: ${error.message}`)
  }

  /** `others` may take over from it. */
  private takeOver(state: ReaderState, others: readonly Adapter[], implied?: ImpliedBeside): void {
    const heard = others.filter((adapter) => this.heard.has(adapter))
    const isOther = state !== this.current
    this.current = state
    this.takers.enter(others, heard, implied, state.found)
    state.shortcut?.enter(others.length, heard.length)
    if (state.found === undefined) return
    const { adapter, verdict } = state.found
    this.heard.add(adapter)
    const { format, why } = verdict
    if (isOther) addReader(this.outcome, { line: this.books.nextLine, name: adapter.name, format, why })
  }
}

const NOTHING = new ShownWindow(Buffer.alloc(0), true)

function formOf(found: Seam | undefined): UnitForm {
  return found?.adapter.formats.find(({ name }) => name === found.verdict.format)?.unit ?? 'line'
}
