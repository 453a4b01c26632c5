import type { Reader } from '../contract.ts'
import { impliedSeam, SURE } from '../read/detect.ts'
import type { Implied, ImpliedBeside, Seam } from '../read/seam.ts'
import { unrecognized } from '../read/unrecognized.ts'
import { type InputNames, type Source, Stamp } from '../stages/stamp.ts'
import type { Conversion } from './convert-input.ts'
import type { ReaderKnowledge } from './knowledge.ts'
import { countConflict, type InputOutcome, tellAssumption, tellHint } from './outcome.ts'

/** A reader at work, with what it has been taught. */
export interface ReaderState {
  /** How it was found first; undefined: nobody reads. */
  readonly found: Seam | undefined
  readonly reader: Reader
  readonly source: Source
  readonly stamp: Stamp
  readonly knowledge: ReaderKnowledge
}

/** The readers of one input, each with the state in which it was left. */
export class ReaderStates {
  /** A header names another host than the snapshot. */
  isSnapshotWithdrawn = false
  /** Undefined: no flag implies who reads, or the user named the reader. */
  implied: Implied | undefined
  private readonly byFormat = new Map<string, ReaderState>()
  private readonly job: Conversion
  private readonly input: InputNames
  private readonly outcome: InputOutcome

  constructor(job: Conversion, input: InputNames, outcome: InputOutcome) {
    this.job = job
    this.input = input
    this.outcome = outcome
  }

  get all(): Iterable<ReaderState> {
    return this.byFormat.values()
  }

  opened(found: Seam | undefined): ReaderState | undefined {
    return this.byFormat.get(keyOf(found))
  }

  /** A fresh one the first time. */
  async open(found: Seam | undefined): Promise<ReaderState> {
    const known = this.opened(found)
    if (known !== undefined) return known
    const adapter = found?.adapter
    const knowledge = this.job.knowledge(this.input.path)
    const time = this.job.timekeeper()
    if (this.isSnapshotWithdrawn) {
      knowledge.withdraw()
      time.withdraw()
    }
    const reader =
      found === undefined ? unrecognized : await found.adapter.open(found.verdict.format, knowledge.context)
    const source = {
      tool: adapter?.name,
      format: found?.verdict.format,
      host: undefined,
      kernel: undefined,
      snapshot: this.isSnapshotWithdrawn ? undefined : knowledge.host?.facts,
      time,
    }
    const stamp = new Stamp(source, this.job.stamp, this.input, (conflict) => countConflict(this.outcome, conflict))
    const state = { found, reader, source, stamp, knowledge }
    this.byFormat.set(keyOf(found), state)
    return state
  }

  /** The others begin afresh when they are asked for again; gives those that were. */
  forgetAllBut(kept: ReaderState): readonly ReaderState[] {
    const forgotten = [...this.byFormat].filter(([, state]) => state !== kept)
    for (const [key] of forgotten) this.byFormat.delete(key)
    return forgotten.map(([, state]) => state)
  }

  /** Opens the reader that a flag implies. */
  async openImplied(): Promise<void> {
    const { from, implied: adapter } = this.job
    if (from !== undefined || adapter === undefined) return
    const { reader } = await this.open(impliedSeam(adapter))
    this.implied = { adapter, reads: (line) => reader.reads?.(line) === true }
  }

  /** The relation of the implied reader to the one that takes over from `before`. */
  impliedBeside(found: Seam | undefined, before: Seam | undefined): ImpliedBeside | undefined {
    const { implied } = this
    if (implied === undefined) return undefined
    if (found?.adapter !== implied.adapter) return { ...implied, inCharge: undefined, before: undefined }
    if (found.verdict.score >= SURE) return { ...implied, inCharge: 'by content', before: undefined }
    return { ...implied, inCharge: 'by default', before: before?.adapter === implied.adapter ? undefined : before }
  }
}

const NO_ZONE =
  'local times without zone got no ts: give --timezone ZONE (an IANA name, ±HH:MM, or local), or --snapshot of the capturing host'

/** What the report says of a reader that reads no more. */
export function reportState({ source, stamp, knowledge }: ReaderState, outcome: InputOutcome): void {
  for (const hint of source.time.hints) tellHint(outcome, hint)
  outcome.untimed.zone += stamp.untimed.zone
  outcome.untimed.clock += stamp.untimed.clock
  if (stamp.untimed.zone > 0) tellAssumption(outcome, NO_ZONE)
  const { assumption } = knowledge.host ?? {}
  if (stamp.namesByIndex && assumption !== undefined) tellAssumption(outcome, assumption)
}

function keyOf(found: Seam | undefined): string {
  return `${found?.adapter.name}:${found?.verdict.format}`
}
