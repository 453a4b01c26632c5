import { detachedUnicode } from '../../text/detached.ts'

/** The records that were counted, and the packets that they report. */
export interface Count {
  /** The sum of `drop.count` over records of kind drop. */
  packets: number
  records: number
}

/** A value and its count. */
export interface ValueCount extends Count {
  readonly value: string
}

/** Counted values, the largest first. */
export interface Ranking {
  readonly top: readonly ValueCount[]
  /** How many values are not in `top`, and their counts together. */
  readonly others: { readonly values: number } & Count
  /** Records whose values are not counted apart: they came when the table was full, or are too long to be kept. */
  readonly uncounted: Count
}

/** The most values that are counted apart, so that memory stays bounded on input where no value comes again. */
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

  /** Values of more than `longest` characters are not kept. */
  constructor(longest = LONGEST_VALUE) {
    this.longest = longest
  }

  /** Counts a record with this value. */
  add(value: string, packets: number): void {
    const count = this.countOf(value)
    count.packets += packets
    count.records++
  }

  /** The count of a value, for the caller to add to. */
  countOf(value: string): Count {
    const count = this.counts.get(value)
    if (count !== undefined) return count
    if (this.counts.size >= MOST_VALUES || value.length > this.longest) return this.uncounted
    const fresh = { packets: 0, records: 0 }
    this.counts.set(detachedUnicode(value), fresh)
    return fresh
  }

  /** The `most` largest values, by packets, then by records, then by name. */
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
