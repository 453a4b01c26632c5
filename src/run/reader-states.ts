import type { Reader } from '../contract.ts'
import { type Implied, impliedSeam, SURE } from '../read/detect.ts'
import type { ImpliedBeside, Seam } from '../read/intake.ts'
import { unrecognized } from '../read/unrecognized.ts'
import { type InputNames, type Source, Stamp } from '../stages/stamp.ts'
import type { Conversion } from './convert-input.ts'
import type { ReaderKnowledge } from './knowledge.ts'

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
  private readonly byFormat = new Map<string, ReaderState>()
  private readonly job: Conversion
  private readonly path: string
  private readonly input: InputNames
  private readonly tellConflict: (conflict: string) => void

  constructor(job: Conversion, path: string, input: InputNames, tellConflict: (conflict: string) => void) {
    this.job = job
    this.path = path
    this.input = input
    this.tellConflict = tellConflict
  }

  get all(): Iterable<ReaderState> {
    return this.byFormat.values()
  }

  opened(found: Seam | undefined): ReaderState | undefined {
    return this.byFormat.get(keyOf(found))
  }

  /** A fresh one the first time. */
  async of(found: Seam | undefined): Promise<ReaderState> {
    const known = this.opened(found)
    if (known !== undefined) return known
    const adapter = found?.adapter
    const knowledge = this.job.knowledge(this.path)
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
    const stamp = new Stamp(source, this.job.stamp, this.input, this.tellConflict)
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

  /** Undefined: no flag implies who reads, or the user named the reader. */
  async implied(): Promise<Implied | undefined> {
    const { from, implied: adapter } = this.job
    if (from !== undefined || adapter === undefined) return undefined
    const { reader } = await this.of(impliedSeam(adapter))
    return { adapter, reads: (line) => reader.reads?.(line) === true }
  }

  /** How the implied reader stands to the one that takes over from `before`. */
  async impliedBeside(found: Seam | undefined, before: Seam | undefined): Promise<ImpliedBeside | undefined> {
    const implied = await this.implied()
    if (implied === undefined) return undefined
    if (found?.adapter !== implied.adapter) return { ...implied, inCharge: undefined, before: undefined }
    if (found.verdict.score >= SURE) return { ...implied, inCharge: 'by content', before: undefined }
    return { ...implied, inCharge: 'by default', before: before?.adapter === implied.adapter ? undefined : before }
  }
}

function keyOf(found: Seam | undefined): string {
  return `${found?.adapter.name}:${found?.verdict.format}`
}
