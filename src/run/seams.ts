import type { Adapter } from '../contract.ts'
import type { Books } from '../read/books.ts'
import { findReader, givenReader } from '../read/detect.ts'
import type { Intake } from '../read/intake.ts'
import type { ImpliedBeside, Seam } from '../read/seam.ts'
import type { Takers } from '../read/takers.ts'
import type { ShownWindow } from '../read/window.ts'
import type { Conversion } from './convert-input.ts'
import { type InputOutcome, tellReader } from './outcome.ts'
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

  /** Between two windows: opens the readers that the next one needs. */
  async ready(): Promise<void> {
    await this.states.openImplied()
    if (this.intake.wanted !== undefined) await this.states.open(this.intake.wanted)
    const { next } = this
    this.next = undefined
    if (next !== undefined) await this.enter(next === 'unrecognized' ? undefined : next)
    // Lines within its unit may have taught that the snapshot is of another host.
    else if (this.current !== undefined) this.current = await this.states.open(this.current.found)
  }

  /**
   * Shows the window to the reader in charge. `again`: the window is to be shown again, as another reader takes over, or one is to be opened. `more`:
   * nobody can say yet whose the bytes are.
   */
  read(window: ShownWindow): 'read' | 'again' | 'more' {
    if (this.current === undefined) {
      const found = this.find(window)
      if (found === 'more') return 'more'
      this.next = found
      return 'again'
    }
    this.current.reader.read(window, this.intake)
    return this.handsOver() ? 'again' : 'read'
  }

  /** True when what the reader in charge could not use is another reader's, or when lines wait for a reader to be opened. */
  handsOver(): boolean {
    this.next = this.takers.seam
    return this.next !== undefined || this.intake.wanted !== undefined
  }

  /** Lines up to `end` of the window that stand within a unit of the reader in charge, by readers that are open; then that reader goes on. */
  readAside(first: Seam, end: number): void {
    const { books, intake, takers, current: outer } = this
    const others = this.job.adapters.filter((adapter) => adapter !== outer?.found?.adapter)
    for (let seam: Seam | undefined = first; books.claimed < end && !books.stopped; seam = takers.seam) {
      const state = seam === undefined ? undefined : this.states.opened(seam)
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

  private find({ text, last }: ShownWindow): Seam | 'unrecognized' | 'more' {
    const { from, adapters } = this.job
    return from === undefined ? findReader(text, last, adapters, this.states.implied) : givenReader(from, text, last)
  }

  private async enter(found: Seam | undefined): Promise<void> {
    const before = this.seam
    this.seam = found
    const state = await this.states.open(found)
    const { from, adapters } = this.job
    const others = from !== undefined ? [] : adapters.filter((adapter) => adapter !== found?.adapter)
    this.takeOver(state, others, this.states.impliedBeside(found, before))
  }

  /** `others` may take over from it. */
  private takeOver(state: ReaderState, others: readonly Adapter[], implied?: ImpliedBeside): void {
    const heard = others.filter((adapter) => this.heard.has(adapter))
    const isOther = state !== this.current
    this.current = state
    this.takers.enter(others, heard, implied, state.found?.adapter)
    if (state.found === undefined) return
    const { adapter, verdict } = state.found
    this.heard.add(adapter)
    const { format, why } = verdict
    if (isOther) tellReader(this.outcome, { line: this.books.nextLine, name: adapter.name, format, why })
  }
}
