import type { FieldName } from '../../event/field-names.ts'
import { isPartName, partOf } from '../../event/generated/members.ts'
import { lineOf } from '../../event/line.ts'
import { type EventRecord, flagsOf } from '../../event/record.ts'
import { faultInLine, type SpotCheck } from '../../event/spot-check.ts'
import type { Kind } from '../../event/words.ts'
import type { Sink } from '../sink.ts'
import { FACETS, FacetCounts } from './facet.ts'
import { type LossCount, Losses } from './losses.ts'
import { type MapCount, Maps } from './maps.ts'
import { type Timeline, Timelines } from './timeline.ts'
import { TripleCounts, type Triples } from './triples.ts'
import { type Count, type Ranking, ValueCounts } from './value-counts.ts'

/** A list, and the records that say nothing of its question. */
export interface List extends Ranking {
  readonly untold: Count
}

/** What records come to. */
export interface Summary {
  readonly records: Readonly<Record<Kind, number>>
  /** The sum of `drop.count` over records of kind drop. */
  readonly packets: number
  /** Of records of kind drop: reason, place and process together. */
  readonly triples: Triples
  /** Of records of kind drop. */
  readonly drops: Readonly<Record<keyof typeof FACETS, List>>
  /** `event_name` of records of kind trace. */
  readonly events: Ranking
  /** `--by`: values are JSON lists of the fields' values, `null` where one is missing. */
  readonly by?: Ranking
  /** Entries of bpftrace maps that count drops. */
  readonly maps: readonly MapCount[]
  /** Records of more entries than are kept. */
  readonly mapsLeft: number
  readonly timelines: readonly Timeline[]
  readonly untimed: Count
  readonly losses: readonly LossCount[]
  /** Loss records of more inputs than are kept apart. */
  readonly lossesLeft: number
}

export interface SummarySink extends Sink {
  /** Lists of the `most` largest. */
  summary(most: number): Summary
}

/** Counts, in bounded memory, and writes nothing. `isDrop`: of the names of events those that are drops. */
export function summarySink(
  by: readonly FieldName[],
  isDrop: (event: string) => boolean,
  isChecked: SpotCheck,
): SummarySink {
  const records: Record<Kind, number> = { drop: 0, trace: 0, metric: 0, loss: 0, message: 0 }
  const reasons = new FacetCounts(FACETS.reasons)
  const locations = new FacetCounts(FACETS.locations)
  const processes = new FacetCounts(FACETS.processes)
  const devices = new FacetCounts(FACETS.devices)
  const protocols = new FacetCounts(FACETS.protocols)
  const events = new FacetCounts({ member: 'event_name', keys: [], answer: (part) => String(part.value()) })
  const groups = new ValueCounts()
  const losses = new Losses()
  const maps = new Maps(isDrop)
  const triples = new TripleCounts(reasons, locations, processes)
  const timelines = new Timelines()
  let total = 0
  return {
    write(record) {
      const fault = isChecked() ? faultInLine(lineOf(record), record) : undefined
      if (fault !== undefined) return fault
      records[record.kind]++
      const packets = record.kind === 'drop' ? packetsOf(record) : 0
      total += packets
      switch (record.kind) {
        case 'drop':
          reasons.add(record, packets)
          locations.add(record, packets)
          processes.add(record, packets)
          devices.add(record, packets)
          protocols.add(record, packets)
          triples.add(packets)
          break
        case 'metric':
          maps.add(record)
          break
        case 'trace':
          events.add(record, 0)
          break
        case 'loss':
          losses.add(record)
          break
      }
      if (record.kind !== 'message') timelines.add(record, packets)
      if (by.length > 0) {
        const count = groups.countOf(groupOf(record, by))
        count.packets += packets
        count.records++
      }
      return undefined
    },
    flush() {},
    summary: (most) => ({
      records,
      packets: total,
      triples: triples.rank(most),
      drops: {
        reasons: listOf(reasons, most),
        locations: listOf(locations, most),
        processes: listOf(processes, most),
        devices: listOf(devices, most),
        protocols: listOf(protocols, most),
      },
      events: events.tally.rank(most),
      ...(by.length > 0 && { by: groups.rank(most) }),
      maps: maps.list(),
      mapsLeft: maps.left,
      timelines: timelines.timelines(),
      untimed: timelines.untimed,
      losses: losses.list(),
      lossesLeft: losses.left,
    }),
  }
}

function listOf({ tally, untold }: FacetCounts, most: number): List {
  return { ...tally.rank(most), untold: { ...untold } }
}

function packetsOf(record: EventRecord): number {
  const count = record.drop?.get('count')
  return typeof count === 'number' ? count : 0
}

function groupOf(record: EventRecord, by: readonly FieldName[]): string {
  return JSON.stringify(by.map((field) => fieldValue(record, field) ?? null))
}

function fieldValue(record: EventRecord, { member, key }: FieldName): unknown {
  if (member === 'v') return 1
  if (member === 'kind') return record.kind
  if (member === 'flags') return flagsOf(record)
  const part = isPartName(member) ? partOf[member](record) : undefined
  return key === undefined ? part?.value() : part?.get(key)
}
