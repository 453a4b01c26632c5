import type { Part } from '../../event/part.ts'
import type { EventRecord } from '../../event/record.ts'
import { isDigit, uint } from '../../text/scan.ts'
import { secondsOfLocal } from '../../time/rfc3339.ts'
import type { Count } from './value-counts.ts'

/** Counts over time, on one clock. */
export interface Timeline {
  /** `ts` is UTC and `local` a local time without zone; any other is a clock that counts from an unknown instant. */
  readonly clock: string
  /** How many captures: on the clocks of several, the same time need not be the same instant. */
  readonly inputs: number
  /** The width of a bucket. */
  readonly widthMs: number
  /** In the order of time, without empty ones. `startMs` counts from 1970, or is a time of the clock. */
  readonly buckets: readonly ({ readonly startMs: number } & Count)[]
}

/** Widths of buckets in ms. Each divides the next, so that buckets can be merged. */
export const WIDTHS_MS: readonly number[] = [
  1, 2, 10, 20, 100, 200, 1000, 2000, 10_000, 20_000, 60_000, 120_000, 600_000, 1_200_000, 3_600_000, 7_200_000,
  21_600_000, 86_400_000, 864_000_000, 8_640_000_000, 86_400_000_000, 864_000_000_000, 8_640_000_000_000,
]
const MOST_BUCKETS = 256
const MOST_PATHS = 1024

/** Counts over time in a bounded number of buckets, whose width grows with the span. */
class Buckets {
  private width = 0
  private counts = new Map<number, Count>()
  private latestBucket = Number.NaN
  private latest: Count = { packets: 0, records: 0 }
  private readonly paths = new Set<string>()
  private latestPath: unknown

  add(ms: number, packets: number, path: unknown): void {
    if (path !== this.latestPath) {
      this.latestPath = path
      if (this.paths.size < MOST_PATHS) this.paths.add(String(path))
    }
    const bucket = Math.floor(ms / (WIDTHS_MS[this.width] ?? 1))
    if (bucket !== this.latestBucket) {
      this.latest = this.counts.get(bucket) ?? this.open(bucket)
      this.latestBucket = bucket
    }
    this.latest.packets += packets
    this.latest.records++
    if (this.counts.size > MOST_BUCKETS) this.widen()
  }

  timeline(clock: string): Timeline {
    const widthMs = WIDTHS_MS[this.width] ?? 1
    const buckets = [...this.counts].map(([bucket, count]) => ({ startMs: bucket * widthMs, ...count }))
    return { clock, inputs: this.paths.size, widthMs, buckets: buckets.sort((a, b) => a.startMs - b.startMs) }
  }

  private open(bucket: number): Count {
    const count = { packets: 0, records: 0 }
    this.counts.set(bucket, count)
    return count
  }

  private widen(): void {
    while (this.counts.size > MOST_BUCKETS && this.width < WIDTHS_MS.length - 1) {
      const factor = (WIDTHS_MS[this.width + 1] ?? 1) / (WIDTHS_MS[this.width] ?? 1)
      const narrow = this.counts
      this.width++
      this.counts = new Map()
      for (const [bucket, { packets, records }] of narrow) {
        const wide = Math.floor(bucket / factor)
        const count = this.counts.get(wide) ?? this.open(wide)
        count.packets += packets
        count.records += records
      }
    }
    this.latestBucket = Number.NaN
  }
}

/** Counts records over time, for each clock apart: times of two clocks cannot be compared. */
export class Timelines {
  /** Records that have no time. */
  readonly untimed: Count = { packets: 0, records: 0 }
  private readonly clocks = new Map<string, Buckets>()
  private second = ''
  private secondMs = 0

  add(record: EventRecord, packets: number): void {
    const ts = record.ts?.value()
    const path = record.capture?.get('path')
    if (typeof ts === 'string') this.addAt('ts', this.msOfText(ts), packets, path)
    else this.addClock(record.clock, packets, path)
  }

  timelines(): readonly Timeline[] {
    return [...this.clocks].map(([clock, buckets]) => buckets.timeline(clock))
  }

  private addClock(clock: Part | undefined, packets: number, path: unknown): void {
    const ns = clock?.get('ns')
    const local = clock?.get('local')
    if (clock !== undefined && typeof ns === 'string') {
      // Without their last six digits, nanoseconds are whole milliseconds, at most 14 digits.
      this.addAt(String(clock.get('id')), ns.length > 6 ? uint(ns, 0, ns.length - 6) : 0, packets, path)
    } else this.addAt('local', typeof local === 'string' ? this.msOfText(local) : undefined, packets, path)
  }

  private addAt(clock: string, ms: number | undefined, packets: number, path: unknown): void {
    if (ms === undefined) {
      this.untimed.packets += packets
      this.untimed.records++
      return
    }
    let buckets = this.clocks.get(clock)
    if (buckets === undefined) {
      buckets = new Buckets()
      this.clocks.set(clock, buckets)
    }
    buckets.add(ms, packets, path)
  }

  /** Milliseconds since 1970 of `2023-02-23T18:03:36` and a fraction, if there is one. */
  private msOfText(text: string): number | undefined {
    const second = text.slice(0, 19)
    if (second !== this.second) {
      const seconds = secondsOfLocal(second)
      if (seconds === undefined) return undefined
      this.second = second
      this.secondMs = seconds * 1000
    }
    let ms = 0
    for (let at = 20; at < 23; at++) {
      const c = text.charCodeAt(at)
      ms = ms * 10 + (isDigit(c) ? c - 48 : 0)
    }
    return this.secondMs + ms
  }
}
