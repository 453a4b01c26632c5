import type { FacetCounts } from './facet.ts'
import { type Count, type Ranking, ValueCounts } from './value-counts.ts'

/** Why and where packets were dropped, and which thread ran at that time. What is unknown is undefined. */
export interface Triple extends Count {
  readonly reason: string | undefined
  readonly location: string | undefined
  readonly process: string | undefined
}

/** A ranking of triples. */
export interface Triples extends Omit<Ranking, 'top'> {
  readonly top: readonly Triple[]
}

/** Three names of up to 256 characters each, and two separators. */
const LONGEST_KEY = 3 * 256 + 2

/** Counts reason, place and process together. */
export class TripleCounts {
  private readonly counts = new ValueCounts(LONGEST_KEY)
  private readonly facets: readonly [FacetCounts, FacetCounts, FacetCounts]
  private count: Count = { packets: 0, records: 0 }
  private reason: string | undefined
  private location: string | undefined
  private process: string | undefined

  constructor(reasons: FacetCounts, locations: FacetCounts, processes: FacetCounts) {
    this.facets = [reasons, locations, processes]
  }

  /** Counts the record that was added to the three facets last. */
  add(packets: number): void {
    const [{ value: reason }, { value: location }, { value: process }] = this.facets
    if (this.reason !== reason || this.location !== location || this.process !== process || this.count.records === 0) {
      this.reason = reason
      this.location = location
      this.process = process
      // NUL can separate them: no text of a record has it.
      this.count = this.counts.countOf(`${reason ?? ''}\0${location ?? ''}\0${process ?? ''}`)
    }
    this.count.packets += packets
    this.count.records++
  }

  rank(most: number): Triples {
    const { top, ...rest } = this.counts.rank(most)
    return { top: top.map(({ value, ...count }) => ({ ...namesIn(value), ...count })), ...rest }
  }
}

function namesIn(key: string): Pick<Triple, 'reason' | 'location' | 'process'> {
  const [reason, location, process] = key.split('\0').map((name) => (name === '' ? undefined : name))
  return { reason, location, process }
}
