// What the lines so far have shown of the perf that printed them, and of what happened to the text since.
import type { SampleColumns } from './columns.ts'
import { isDefault, type Layouts } from './fields.ts'
import type { FrameAddresses } from './frame.ts'
import { type Header, NO_HEADER } from './header.ts'
import { type ClockMemory, SampleClock } from './sample-clock.ts'
import { TidColumn, type TidColumnMemory } from './tid-column.ts'

/** All that changes from line to line, as plain data. */
export interface ScriptMemory {
  readonly header: Header
  readonly headerLines: number
  readonly isUnpadded: boolean
  readonly looksBehind: boolean
  readonly hasSourceLines: boolean
  readonly clock: ClockMemory
  readonly tidColumn: TidColumnMemory
}

export class ScriptState {
  /** The columns are given by `--perf-fields`. */
  readonly isGiven: boolean
  /** Lines in the default columns may come. */
  readonly hasDefault: boolean
  readonly clock: SampleClock
  readonly tidColumn = new TidColumn()
  header: Header = NO_HEADER
  /** Lines of headers so far. */
  headerLines = 0
  /** The comm of the sample before had no column of 16 bytes. */
  isUnpadded = false
  /**
   * This text was pasted: frames may also follow a padded head, where perf prints none. Before that is known we do not
   * look for them: a sample of a live pipe would wait for the line after it.
   */
  looksBehind = false
  /** Source lines may follow samples. */
  hasSourceLines: boolean

  /** `time` is the value of `--perf-time`. */
  constructor(layouts: Layouts | undefined, time: string | undefined) {
    this.isGiven = layouts !== undefined
    this.hasDefault = layouts === undefined || isDefault(layouts.trace)
    this.hasSourceLines =
      layouts !== undefined &&
      [layouts.trace, layouts.other].some((layout) => layout.isGiven && layout.presence('srcline') === 'yes')
    this.clock = new SampleClock(time)
  }

  /** Takes over what the header says after another line of it. */
  learn(header: Header): void {
    this.headerLines++
    const beginsAnother = header.isOpen && !this.header.isOpen && this.clock.hasSample
    if (beginsAnother) {
      this.clock.restart()
      this.tidColumn.width = undefined
      this.looksBehind = false
    }
    this.header = beginsAnother ? { ...NO_HEADER, isSeen: true, isOpen: true } : header
    this.clock.learn(this.header)
  }

  /** Takes over what the columns of a sample show. */
  sample({ ns, width, shape }: Pick<SampleColumns, 'ns' | 'width' | 'shape'>, isPasted: boolean): void {
    this.clock.sample(ns)
    if (width !== undefined) this.tidColumn.width = width
    this.isUnpadded = shape === 'chain'
    this.looksBehind ||= isPasted || shape === 'collapsed'
  }

  /** Equal states have members in one order. */
  get memory(): ScriptMemory {
    const { headerLines, isUnpadded, looksBehind, hasSourceLines, clock, tidColumn } = this
    const { isSeen, clock: named, perfVersion, isOpen } = this.header
    return {
      header: { isSeen, clock: named, perfVersion, isOpen },
      headerLines,
      isUnpadded,
      looksBehind,
      hasSourceLines,
      clock: clock.memory,
      tidColumn: tidColumn.memory,
    }
  }

  set memory({ header, headerLines, isUnpadded, looksBehind, hasSourceLines, clock, tidColumn }: ScriptMemory) {
    this.header = header
    this.headerLines = headerLines
    this.isUnpadded = isUnpadded
    this.looksBehind = looksBehind
    this.hasSourceLines = hasSourceLines
    this.clock.memory = clock
    this.tidColumn.memory = tidColumn
  }

  /** Another number: lines that were regular may be read otherwise now. */
  get epoch(): number {
    return 8 * this.headerLines + 2 * this.tidColumn.settled + Number(this.looksBehind)
  }

  /** Frames after any head are read alike. */
  get isSettled(): boolean {
    return this.tidColumn.settled > 0 || this.header.perfVersion !== undefined
  }

  /** What perf printed as addresses of user code in the frames after these columns. */
  frameAddresses(columns: SampleColumns, isExact: boolean): FrameAddresses {
    return this.tidColumn.frameAddresses(columns, isExact, this.header.perfVersion)
  }
}
