import type { EventRecord } from '../../event/record.ts'

/**
 * A loss that a tool reports. Losses are never added up: a tool may report the same loss in several units and ways.
 */
export interface LossCount {
  readonly unit: string
  readonly cause: string
  readonly mode: string
  readonly origin?: string
  /** The input, for totals only: each input has a counter of its own. */
  readonly path?: string
  /** `delta`: the sum. `total`: the last value of the counter. Absent when no record has a number. */
  count?: number
  /** Records that report the loss. */
  records: number
  /** Those of them that have no number. */
  uncounted: number
}

/** The most losses that are kept. */
const MOST_COUNTS = 1024

/** Counts records of kind loss. */
export class Losses {
  /** Records that there was no room for. */
  left = 0
  private readonly counts = new Map<string, LossCount>()

  add({ loss, capture }: EventRecord): void {
    const [unit, cause, mode, origin] = [loss?.get('unit'), loss?.get('cause'), loss?.get('mode'), loss?.get('origin')]
    const path = mode === 'total' ? capture?.get('path') : undefined
    const key = JSON.stringify([unit, cause, mode, origin, path])
    let count = this.counts.get(key)
    if (count === undefined) {
      if (this.counts.size >= MOST_COUNTS) {
        this.left++
        return
      }
      count = {
        unit: String(unit),
        cause: String(cause),
        mode: String(mode),
        ...(typeof origin === 'string' && { origin }),
        records: 0,
        uncounted: 0,
        ...(typeof path === 'string' && { path }),
      }
      this.counts.set(key, count)
    }
    const lost = loss?.get('count')
    count.records++
    if (typeof lost !== 'number') count.uncounted++
    else count.count = mode === 'total' ? lost : (count.count ?? 0) + lost
  }

  list(): readonly LossCount[] {
    return [...this.counts.values()]
  }
}
