// The clock of the samples' times: the text itself does not name it. See docs/formats/perf.md, "Header".
import type { ClockId } from '../../../src/event/words.ts'
import type { SampleColumns } from './columns.ts'
import type { Header } from './header.ts'

/** What is known of the clock so far, as plain data. */
export interface ClockMemory {
  readonly id: ClockId
  readonly hasSample: boolean
  readonly isRelative: boolean
}

/** What is known of the clock so far. */
export class SampleClock {
  id: ClockId = 'unknown'
  /** A sample was read since the capture began. */
  hasSample = false
  private isRelative: boolean
  private readonly isGiven: boolean

  /** `given` is the value of `--perf-time`. */
  constructor(given: string | undefined) {
    this.isGiven = given !== undefined
    this.isRelative = given === 'relative' || given === 'delta'
    if (this.isRelative) this.id = 'relative'
  }

  get memory(): ClockMemory {
    return { id: this.id, hasSample: this.hasSample, isRelative: this.isRelative }
  }

  set memory({ id, hasSample, isRelative }: ClockMemory) {
    this.id = id
    this.hasSample = hasSample
    this.isRelative = isRelative
  }

  /** Takes a sample's time. A first sample at exactly 0 shows --reltime or --deltatime. */
  sample(ns: string | undefined): void {
    if (this.hasSample) return
    this.hasSample = true
    if (this.isGiven || ns !== '0') return
    this.isRelative = true
    this.id = 'relative'
  }

  /** Another capture begins in the same input. */
  restart(): void {
    this.hasSample = false
    if (!this.isGiven) this.isRelative = false
  }

  /** The clock is `perf` only after a header that names no clock. */
  learn({ clock, isSeen }: Header): void {
    this.id = this.isRelative ? 'relative' : (clock ?? (isSeen ? 'perf' : 'unknown'))
  }

  /** A time of day without another time is wall clock without a zone. */
  of({ ns, tod }: SampleColumns): ClockId | undefined {
    if (ns !== undefined) return this.id
    return tod === undefined ? undefined : 'realtime'
  }
}
