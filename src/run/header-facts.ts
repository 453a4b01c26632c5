import type { Facts } from '../contract.ts'
import type { Books } from '../read/books.ts'
import { inputName } from '../text/printable.ts'
import { countConflict, type InputOutcome } from './outcome.ts'
import { type ReaderState, type ReaderStates, reportState } from './reader-states.ts'

/** What the headers of an input teach about the capturing host. */
export class HeaderFacts {
  /** How often something was learned. */
  learned = 0
  private readonly states: ReaderStates
  private readonly books: Books
  private readonly outcome: InputOutcome

  constructor(states: ReaderStates, books: Books, outcome: InputOutcome) {
    this.states = states
    this.books = books
    this.outcome = outcome
  }

  /** The reader in `state` read them: they hold for what it reads. */
  learn(facts: Facts, state: ReaderState | undefined): void {
    if (state === undefined) return
    this.learned++
    const contradiction = this.states.isSnapshotWithdrawn ? undefined : state.knowledge.host?.contradiction(facts)
    if (contradiction !== undefined) this.withdrawSnapshot(state, contradiction)
    if (facts.host !== undefined) state.source.host = facts.host
    if (facts.kernel !== undefined) {
      state.source.kernel = facts.kernel
      const conflict = state.knowledge.learnKernel(facts.kernel)
      if (conflict !== undefined) countConflict(this.outcome, conflict)
    }
    if (facts.clock !== undefined) state.source.time.learn(facts.clock)
    state.stamp.learned()
    state.shortcut?.forget()
  }

  /** What is known of one host is never put on the records of another. */
  private withdrawSnapshot(state: ReaderState, contradiction: string): void {
    const { outcome } = this
    this.states.isSnapshotWithdrawn = true
    state.knowledge.withdraw()
    state.source.time.withdraw()
    state.source.snapshot = undefined
    // Other readers may remember names of its reasons: they begin afresh.
    for (const other of this.states.forgetAllBut(state)) reportState(other, outcome)
    if (state.knowledge.host?.isSelf === true) {
      outcome.failure = `${inputName(outcome.path)}: --snapshot self is refused: ${contradiction}`
      this.books.stopped = true
    } else countConflict(outcome, `the snapshot is not used: ${contradiction}`)
  }
}
