import { detachedUnicode } from '../../text/detached.ts'

/** What was counted of a value. */
export interface Count {
  /** Of drop records: the sum of `drop.count`. */
  packets: number
  records: number
}

export interface ValueCount extends Count {
  readonly value: string
}

/** A list that was counted, the largest first. */
export interface Ranking {
  readonly top: readonly ValueCount[]
  /** Values beside those of `top`. */
  readonly others: { readonly values: number } & Count
  /** Of values that came when the table was full, or are too long to be kept: in no list. */
  readonly uncounted: Count
}

/** Values that are kept: memory stays the same on input where no value comes again. */
export const MOST_VALUES = 8192
const LONGEST_VALUE = 256

/**
 * Counts values in bounded memory. What is counted of a value is exact: a value that is kept is kept from its first
 * record to the end.
 */
export class ValueCounts {
  private readonly counts = new Map<string, Count>()
  private readonly uncounted: Count = { packets: 0, records: 0 }
  private readonly longest: number

  /** `longest`: longer values are not kept. */
  constructor(longest = LONGEST_VALUE) {
    this.longest = longest
  }

  /** Where to count a value. */
  countOf(value: string): Count {
    const count = this.counts.get(value)
    if (count !== undefined) return count
    if (this.counts.size >= MOST_VALUES || value.length > this.longest) return this.uncounted
    const fresh = { packets: 0, records: 0 }
    this.counts.set(detachedUnicode(value), fresh)
    return fresh
  }

  /** By packets, then by records, then by name. */
  rank(most: number): Ranking {
    const all = [...this.counts].map(([value, count]) => ({ value, ...count }))
    all.sort((a, b) => b.packets - a.packets || b.records - a.records || (a.value < b.value ? -1 : 1))
    const rest = all.slice(most)
    return {
      top: all.slice(0, most),
      others: {
        values: rest.length,
        packets: rest.reduce((sum, { packets }) => sum + packets, 0),
        records: rest.reduce((sum, { records }) => sum + records, 0),
      },
      uncounted: { ...this.uncounted },
    }
  }
}
