import type { FacetCounts } from './facet.ts'
import { type Count, type Ranking, ValueCounts } from './value-counts.ts'

/** What was dropped, where, and while which thread ran: what is not told is undefined. */
export interface Triple extends Count {
  readonly reason: string | undefined
  readonly location: string | undefined
  readonly process: string | undefined
}

export interface Triples extends Omit<Ranking, 'top'> {
  readonly top: readonly Triple[]
}

/** Three names, each of up to 256. */
const LONGEST_KEY = 3 * 256 + 2

/** Counts reason, place and process together. */
export class TripleCounts {
  private readonly tally = new ValueCounts(LONGEST_KEY)
  private readonly dimensions: readonly [FacetCounts, FacetCounts, FacetCounts]
  private count: Count = { packets: 0, records: 0 }
  private reason: string | undefined
  private location: string | undefined
  private process: string | undefined

  constructor(reasons: FacetCounts, locations: FacetCounts, processes: FacetCounts) {
    this.dimensions = [reasons, locations, processes]
  }

  /** Counts the record that was added to the three dimensions last. */
  add(packets: number): void {
    const [{ answer: reason }, { answer: location }, { answer: process }] = this.dimensions
    if (this.reason !== reason || this.location !== location || this.process !== process || this.count.records === 0) {
      this.reason = reason
      this.location = location
      this.process = process
      // No text of a record holds NUL.
      this.count = this.tally.countOf(`${reason ?? ''}\0${location ?? ''}\0${process ?? ''}`)
    }
    this.count.packets += packets
    this.count.records++
  }

  rank(most: number): Triples {
    const { top, ...rest } = this.tally.rank(most)
    return { top: top.map(({ value, ...count }) => ({ ...namesIn(value), ...count })), ...rest }
  }
}

function namesIn(key: string): Pick<Triple, 'reason' | 'location' | 'process'> {
  const [reason, location, process] = key.split('\0').map((name) => (name === '' ? undefined : name))
  return { reason, location, process }
}
