import type { EventRecord } from '../../event/record.ts'
import { FACETS, FacetCounts, type FacetList } from './facet.ts'
import { TripleCounts, type Triples } from './triples.ts'

/** The lists of values of drop records, by facet. */
export type DropLists = Readonly<Record<keyof typeof FACETS, FacetList>>

/** Counts records of kind drop. */
export class DropCounts {
  packets = 0
  private readonly reasons = new FacetCounts(FACETS.reasons)
  private readonly locations = new FacetCounts(FACETS.locations)
  private readonly processes = new FacetCounts(FACETS.processes)
  private readonly devices = new FacetCounts(FACETS.devices)
  private readonly protocols = new FacetCounts(FACETS.protocols)
  private readonly together = new TripleCounts(this.reasons, this.locations, this.processes)

  add(record: EventRecord, packets: number): void {
    this.packets += packets
    this.reasons.add(record, packets)
    this.locations.add(record, packets)
    this.processes.add(record, packets)
    this.devices.add(record, packets)
    this.protocols.add(record, packets)
    this.together.add(packets)
  }

  /** The `most` largest of reason, place and process together. */
  triples(most: number): Triples {
    return this.together.rank(most)
  }

  /** The `most` largest values of each facet. */
  lists(most: number): DropLists {
    return {
      reasons: this.reasons.list(most),
      locations: this.locations.list(most),
      processes: this.processes.list(most),
      devices: this.devices.list(most),
      protocols: this.protocols.list(most),
    }
  }
}
