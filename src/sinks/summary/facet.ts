import { type PartName, partOf } from '../../event/generated/members.ts'
import { Filled, type Part } from '../../event/part.ts'
import type { EventRecord } from '../../event/record.ts'
import { type Count, ValueCounts } from './value-counts.ts'

/** One question that is asked of each record: its values are counted. */
export interface Facet {
  readonly member: PartName
  /** The keys that the answer hangs on. */
  readonly keys: readonly string[]
  /** Undefined where the member does not tell. */
  answer(part: Part): string | undefined
}

/** What drops are counted by. */
export const FACETS = {
  reasons: {
    member: 'drop',
    keys: ['reason', 'code', 'trap'],
    answer: (drop) => named(drop, 'reason') ?? prefixed('code ', drop, 'code') ?? prefixed('trap ', drop, 'trap'),
  },
  locations: {
    member: 'location',
    keys: ['symbol', 'address'],
    answer: (location) => named(location, 'symbol') ?? named(location, 'address'),
  },
  processes: { member: 'process', keys: ['comm'], answer: (process) => named(process, 'comm') },
  devices: {
    member: 'device',
    keys: ['name', 'ifindex'],
    answer: (device) => named(device, 'name') ?? prefixed('ifindex ', device, 'ifindex'),
  },
  protocols: {
    member: 'skb',
    keys: ['protocol_name', 'protocol'],
    answer(skb) {
      const protocol = skb.get('protocol')
      const number = typeof protocol === 'number' ? `0x${protocol.toString(16).padStart(4, '0')}` : undefined
      return named(skb, 'protocol_name') ?? number
    },
  },
} as const satisfies Readonly<Record<string, Facet>>

/** Counts the answers to a question. Interned parts, and those of one mould, come again: then nothing is asked. */
export class FacetCounts {
  readonly tally = new ValueCounts()
  /** Records whose member does not tell. */
  readonly untold: Count = { packets: 0, records: 0 }
  private readonly question: Facet
  private readonly partOf: (record: EventRecord) => Part | undefined
  /** Of the record that was added last. */
  answer: string | undefined
  private latest: object | undefined
  private count: Count = this.untold

  constructor(question: Facet) {
    this.question = question
    this.partOf = partOf[question.member]
  }

  add(record: EventRecord, packets: number): void {
    const part = this.partOf(record)
    const sameAs =
      part instanceof Filled && !part.mould.holes.some((hole) => this.question.keys.includes(hole)) ? part.mould : part
    if (sameAs !== this.latest || part === undefined) {
      this.latest = sameAs
      this.answer = part && this.question.answer(part)
      this.count = this.answer === undefined ? this.untold : this.tally.countOf(this.answer)
    }
    this.count.packets += packets
    this.count.records++
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
