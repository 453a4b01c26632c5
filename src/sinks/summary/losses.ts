import type { Loss } from '../../event/generated/types.ts'
import type { EventRecord } from '../../event/record.ts'

/**
 * What a tool says that it lost. Nothing here is added to anything else: the same loss may be told in several units
 * and ways.
 */
export interface LossCount extends Pick<Loss, 'unit' | 'cause' | 'mode' | 'origin'> {
  /** The input; totals only, as each of them counts for itself. */
  readonly path?: string
  /** `delta`: the sum. `total`: the counter as it was last. Absent when no record gave a number. */
  count?: number
  records: number
  /** Of these, records without a number. */
  uncounted: number
}

/** Inputs whose totals are kept. */
const MOST_COUNTS = 1024

export class Losses {
  /** Records that are in none of the counts. */
  left = 0
  private readonly counts = new Map<string, LossCount>()

  add(record: EventRecord): void {
    const { loss } = record
    const given = {
      unit: loss?.get('unit'),
      cause: loss?.get('cause'),
      mode: loss?.get('mode'),
      origin: loss?.get('origin'),
    }
    const path = given.mode === 'total' ? record.capture?.get('path') : undefined
    const key = JSON.stringify([given, path])
    let count = this.counts.get(key)
    if (count === undefined) {
      if (this.counts.size >= MOST_COUNTS) {
        this.left++
        return
      }
      // Sound: the schema says so of these members of a loss.
      count = { ...(given as Pick<LossCount, 'unit' | 'cause' | 'mode'>), records: 0, uncounted: 0 }
      if (typeof path === 'string') count = { ...count, path }
      this.counts.set(key, count)
    }
    const lost = loss?.get('count')
    count.records++
    if (typeof lost !== 'number') count.uncounted++
    else count.count = given.mode === 'total' ? lost : (count.count ?? 0) + lost
  }

  list(): readonly LossCount[] {
    return [...this.counts.values()]
  }
}
