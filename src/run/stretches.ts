import type { Reader } from '../contract.ts'
import { type Implied, impliedSeam, SURE } from '../read/detect.ts'
import type { ImpliedBeside, Seam } from '../read/intake.ts'
import { nobody } from '../read/nobody.ts'
import { type InputNames, type Source, Stamp } from '../stages/stamp.ts'
import type { Conversion } from './convert-input.ts'
import type { ReaderSide } from './side.ts'

/** A reader at work, with what it has been taught. */
export interface Stretch {
  /** How it was found first; undefined: nobody reads. */
  readonly found: Seam | undefined
  readonly reader: Reader
  readonly source: Source
  readonly stamp: Stamp
  readonly side: ReaderSide
}

/** The readers of one input, each with the state in which it was left. */
export class Stretches {
  /** A header names another host than the snapshot. */
  isSnapshotWithdrawn = false
  private readonly byFormat = new Map<string, Stretch>()
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

  get all(): Iterable<Stretch> {
    return this.byFormat.values()
  }

  opened(found: Seam | undefined): Stretch | undefined {
    return this.byFormat.get(keyOf(found))
  }

  /** A fresh one the first time. */
  async of(found: Seam | undefined): Promise<Stretch> {
    const known = this.opened(found)
    if (known !== undefined) return known
    const adapter = found?.adapter
    const side = this.job.side(this.path)
    const time = this.job.timekeeper()
    if (this.isSnapshotWithdrawn) {
      side.withdraw()
      time.withdraw()
    }
    const reader = found === undefined ? nobody : await found.adapter.open(found.verdict.format, side.side)
    const source = {
      tool: adapter?.name,
      format: found?.verdict.format,
      host: undefined,
      kernel: undefined,
      snapshot: this.isSnapshotWithdrawn ? undefined : side.host?.facts,
      time,
    }
    const stamp = new Stamp(source, this.job.stamp, this.input, this.tellConflict)
    const stretch = { found, reader, source, stamp, side }
    this.byFormat.set(keyOf(found), stretch)
    return stretch
  }

  /** The others begin afresh when they are asked for again; gives those that were. */
  forgetAllBut(kept: Stretch): readonly Stretch[] {
    const forgotten = [...this.byFormat].filter(([, stretch]) => stretch !== kept)
    for (const [key] of forgotten) this.byFormat.delete(key)
    return forgotten.map(([, stretch]) => stretch)
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
