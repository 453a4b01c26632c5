import type { OpenReader, Reader } from '../contract.ts'
import type { InputBytes } from '../read/books.ts'
import { impliedSeam, SURE } from '../read/detect.ts'
import type { LeftOut } from '../read/ledger.ts'
import type { Implied, ImpliedBeside, Seam } from '../read/seam.ts'
import { unrecognized } from '../read/unrecognized.ts'
import { ShapeEngine } from '../shapes/engine.ts'
import type { ShapeMemory } from '../shapes/memory.ts'
import { membersReadBy } from '../stages/stage.ts'
import { type InputNames, type Source, Stamp } from '../stages/stamp.ts'
import type { Conversion } from './convert-input.ts'
import type { Delivery } from './deliver.ts'
import type { ReaderKnowledge } from './knowledge.ts'
import { addAssumption, addHint, countConflict, type InputOutcome } from './outcome.ts'
import { Shortcut } from './shortcut.ts'

/** A reader at work, with what it has been taught. */
export interface ReaderState {
  /** Where it was found first; undefined: no adapter knows the lines. */
  readonly found: Seam | undefined
  readonly reader: Reader
  readonly source: Source
  readonly stamp: Stamp
  readonly knowledge: ReaderKnowledge
  /** Undefined: each unit is read. */
  readonly shortcut: Shortcut | undefined
}

/** The readers of one input, each with the state in which it was left. Their code is loaded between two windows. */
export class ReaderStates {
  /** A header names another host than the snapshot. */
  isSnapshotWithdrawn = false
  private readonly loaded = new Map<string, OpenReader>([[keyOf(undefined), () => unrecognized]])
  private readonly byFormat = new Map<string, ReaderState>()
  private readonly lent: ShapeMemory[] = []
  private readonly job: Conversion
  private readonly input: InputNames
  private readonly source: InputBytes
  private readonly outcome: InputOutcome
  private readonly repeated: Delivery['repeated']

  constructor(
    job: Conversion,
    input: InputNames,
    source: InputBytes,
    outcome: InputOutcome,
    repeated: Delivery['repeated'],
  ) {
    this.job = job
    this.repeated = repeated
    this.input = input
    this.source = source
    this.outcome = outcome
  }

  get all(): Iterable<ReaderState> {
    return this.byFormat.values()
  }

  isLoaded(found: Seam | undefined): boolean {
    return this.loaded.has(keyOf(found))
  }

  async load(found: Seam | undefined): Promise<void> {
    if (found === undefined || this.isLoaded(found)) return
    this.loaded.set(keyOf(found), await found.adapter.load(found.verdict.format))
  }

  /** Of a reader that is loaded; undefined of any other. It is opened the first time. */
  of(found: Seam | undefined): ReaderState | undefined {
    const key = keyOf(found)
    const known = this.byFormat.get(key)
    if (known !== undefined) return known
    const open = this.loaded.get(key)
    if (open === undefined) return undefined
    const state = this.open(found, open)
    this.byFormat.set(key, state)
    return state
  }

  private open(found: Seam | undefined, open: OpenReader): ReaderState {
    const knowledge = this.job.knowledge(this.input.path)
    const time = this.job.timekeeper()
    if (this.isSnapshotWithdrawn) {
      knowledge.withdraw()
      time.withdraw()
    }
    const source = {
      tool: found?.adapter.name,
      format: found?.verdict.format,
      host: undefined,
      kernel: undefined,
      snapshot: this.isSnapshotWithdrawn ? undefined : knowledge.host?.facts,
      time,
    }
    this.input.parts = this.source.seekable?.parts
    const warn = (conflict: string): void => countConflict(this.outcome, conflict)
    const stamp = new Stamp(source, this.job.stamp, this.input, warn)
    const reader = open(knowledge.context, this.source.seekable)
    return { found, reader, source, stamp, knowledge, shortcut: this.shortcutOf(reader, stamp) }
  }

  private shortcutOf(reader: Reader, stamp: Stamp): Shortcut | undefined {
    const { stages, sink, stamp: options } = this.job
    const isPlain = options.provenance === 'line' && options.id === undefined
    const judged = membersReadBy(stages)
    const { regular } = reader
    const { repeats } = sink
    if (!isPlain || judged === undefined || regular === undefined || repeats === undefined) return undefined
    const openEngine = (): ShapeEngine<LeftOut> =>
      new ShapeEngine(
        this.lend(),
        repeats,
        (like, times, leftOut) => this.repeated(like, times, leftOut, stamp),
        stamp,
        judged,
        regular.hasBlankLines === true,
      )
    return new Shortcut(reader, regular, openEngine, (record) => stamp.pass(record))
  }

  private lend(): ShapeMemory {
    const memory = this.job.machines.lend()
    this.lent.push(memory)
    return memory
  }

  /** The input is at its end: no reader is asked any more. */
  end(): void {
    for (const memory of this.lent) this.job.machines.giveBack(memory)
    this.lent.length = 0
  }

  /** The others begin afresh when they are asked for again; gives those that were. */
  forgetAllBut(kept: ReaderState): readonly ReaderState[] {
    const forgotten = [...this.byFormat].filter(([, state]) => state !== kept)
    for (const [key] of forgotten) this.byFormat.delete(key)
    return forgotten.map(([, state]) => state)
  }

  /** Where the reader that a flag implies is found. Undefined: there is no such flag, or the user named the reader. */
  get impliedSeam(): Seam | undefined {
    const { from, implied } = this.job
    return from !== undefined || implied === undefined ? undefined : impliedSeam(implied)
  }

  /** The reader that a flag implies, which is loaded before the first window. */
  get implied(): Implied | undefined {
    const seam = this.impliedSeam
    const reader = seam && this.of(seam)?.reader
    return reader && { adapter: seam.adapter, reads: (line) => reader.reads?.(line) === true }
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
export function reportState({ source, stamp, knowledge, shortcut }: ReaderState, outcome: InputOutcome): void {
  shortcut?.writeBooks()
  for (const hint of source.time.hints) addHint(outcome, hint)
  outcome.untimed.zone += stamp.untimed.zone
  outcome.untimed.clock += stamp.untimed.clock
  if (stamp.untimed.zone > 0) addAssumption(outcome, NO_ZONE)
  const { assumption } = knowledge.host ?? {}
  if (stamp.namesByIndex && assumption !== undefined) addAssumption(outcome, assumption)
}

function keyOf(found: Seam | undefined): string {
  return `${found?.adapter.name}:${found?.verdict.format}`
}
