import type { SkipCause } from '../input/entry.ts'
import { count, type InputOutcome, MOST_LISTED } from './outcome.ts'

/** What became of all inputs of a run, however many there are. */
export interface Totals {
  inputs: number
  failed: number
  /** Why the first of them failed. */
  readonly failures: string[]
  bugs: number
  notUnderstood: number
  /** Files in archives that are no captures. Of them nothing else is counted but that they were read. */
  notRecognised: number
  /** Entries of archives that were not read, by why. */
  readonly skipped: Map<SkipCause, number>
  made: number
  written: number
  unjudged: number
  rejected: number
  undecoded: number
  ambiguous: number
  foreign: number
  dropped: number
  /** Records written, by kind. */
  readonly kinds: Map<string, number>
  readonly untimed: { zone: number; clock: number }
  unnamed: number
}

export function noTotals(): Totals {
  return {
    inputs: 0,
    failed: 0,
    failures: [],
    bugs: 0,
    notUnderstood: 0,
    notRecognised: 0,
    skipped: new Map(),
    made: 0,
    written: 0,
    unjudged: 0,
    rejected: 0,
    undecoded: 0,
    ambiguous: 0,
    foreign: 0,
    dropped: 0,
    kinds: new Map(),
    untimed: { zone: 0, clock: 0 },
    unnamed: 0,
  }
}

export function addSkipped(totals: Totals, why: SkipCause): void {
  count(totals.skipped, why)
}

export function addInput(totals: Totals, input: InputOutcome): void {
  const { ledger, failure, untimed } = input
  totals.inputs++
  if (failure !== undefined) {
    totals.failed++
    if (totals.failures.length < MOST_LISTED) totals.failures.push(failure)
  }
  totals.bugs += input.bugs.length
  if (input.notRecognised) {
    totals.notRecognised++
    return
  }
  if (input.notUnderstood) totals.notUnderstood++
  totals.made += ledger.made
  totals.written += ledger.written
  totals.unjudged += input.unjudged
  totals.rejected += ledger.units.rejected.units
  totals.undecoded += ledger.undecoded
  totals.ambiguous += ledger.ambiguous
  totals.foreign += ledger.foreign
  totals.dropped += input.dropped
  for (const [kind, count] of input.kinds) totals.kinds.set(kind, (totals.kinds.get(kind) ?? 0) + count)
  totals.untimed.zone += untimed.zone
  totals.untimed.clock += untimed.clock
  totals.unnamed += input.unnamed
}
