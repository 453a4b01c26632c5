import { type PartName, partOf } from '../../event/generated/members.ts'
import { Filled, type Part } from '../../event/part.ts'
import type { EventRecord } from '../../event/record.ts'
import { type Count, type Ranking, ValueCounts } from './value-counts.ts'

/** Something that records are counted by, such as the reason of a drop. */
export interface Facet {
  readonly member: PartName
  /** The keys of the member that the value depends on. */
  readonly keys: readonly string[]
  /** The value in a part of that member; undefined when the part does not have it. */
  valueIn(part: Part): string | undefined
}

/** The values of a facet, and the records that have none. */
export interface FacetList extends Ranking {
  readonly untold: Count
}

/** The facets that drops are counted by. */
export const FACETS = {
  reasons: {
    member: 'drop',
    keys: ['reason', 'code', 'trap'],
    valueIn: (drop) => named(drop, 'reason') ?? prefixed('code ', drop, 'code') ?? prefixed('trap ', drop, 'trap'),
  },
  locations: {
    member: 'location',
    keys: ['symbol', 'address'],
    valueIn: (location) => named(location, 'symbol') ?? named(location, 'address'),
  },
  processes: { member: 'process', keys: ['comm'], valueIn: (process) => named(process, 'comm') },
  devices: {
    member: 'device',
    keys: ['name', 'ifindex'],
    valueIn: (device) => named(device, 'name') ?? prefixed('ifindex ', device, 'ifindex'),
  },
  protocols: {
    member: 'skb',
    keys: ['protocol_name', 'protocol'],
    valueIn(skb) {
      const protocol = skb.get('protocol')
      const number = typeof protocol === 'number' ? `0x${protocol.toString(16).padStart(4, '0')}` : undefined
      return named(skb, 'protocol_name') ?? number
    },
  },
} as const satisfies Readonly<Record<string, Facet>>

/** Counts the values of a facet. Many records share an interned part or a mould: then the value is not read again. */
export class FacetCounts {
  /** The value of the record that was added last. */
  value: string | undefined
  private readonly facet: Facet
  private readonly partOf: (record: EventRecord) => Part | undefined
  private readonly counts = new ValueCounts()
  private readonly untold: Count = { packets: 0, records: 0 }
  private latest: object | undefined
  private count: Count = this.untold

  constructor(facet: Facet) {
    this.facet = facet
    this.partOf = partOf[facet.member]
  }

  add(record: EventRecord, packets: number): void {
    const part = this.partOf(record)
    const sameAs =
      part instanceof Filled && !part.mould.holes.some((hole) => this.facet.keys.includes(hole)) ? part.mould : part
    if (sameAs !== this.latest || part === undefined) {
      this.latest = sameAs
      this.value = part && this.facet.valueIn(part)
      this.count = this.value === undefined ? this.untold : this.counts.countOf(this.value)
    }
    this.count.packets += packets
    this.count.records++
  }

  /** The `most` largest values. */
  rank(most: number): Ranking {
    return this.counts.rank(most)
  }

  /** The `most` largest values, and the records without a value. */
  list(most: number): FacetList {
    return { ...this.rank(most), untold: { ...this.untold } }
  }
}

function named(part: Part, key: string): string | undefined {
  const value = part.get(key)
  return typeof value === 'string' ? value : undefined
}

function prefixed(prefix: string, part: Part, key: string): string | undefined {
  const value = part.get(key)
  return value === undefined ? undefined : `${prefix}${value}`
}
