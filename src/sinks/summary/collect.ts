import type { FieldName } from '../../event/field-names.ts'
import { isPartName, partOf } from '../../event/generated/members.ts'
import { lineOf } from '../../event/line.ts'
import { type EventRecord, flagsOf } from '../../event/record.ts'
import { faultInLine, type SpotCheck } from '../../event/spot-check.ts'
import type { Kind } from '../../event/words.ts'
import type { Sink } from '../sink.ts'
import { DropCounts, type DropLists } from './drop-counts.ts'
import { FacetCounts } from './facet.ts'
import { type LossCount, Losses } from './losses.ts'
import { type MapCount, Maps } from './maps.ts'
import { type Timeline, Timelines } from './timeline.ts'
import type { Triples } from './triples.ts'
import { type Count, type Ranking, ValueCounts } from './value-counts.ts'

/** A summary of records. */
export interface Summary {
  readonly records: Readonly<Record<Kind, number>>
  /** The sum of `drop.count` over records of kind drop. */
  readonly packets: number
  /** Of records of kind drop: reason, place and process together. */
  readonly triples: Triples
  /** Of records of kind drop. */
  readonly drops: DropLists
  /** `event_name` of records of kind trace. */
  readonly events: Ranking
  /** `--by`: values are JSON lists of the values of the fields, `null` for a missing one. */
  readonly by?: Ranking
  /** Entries of bpftrace maps that count drops. */
  readonly maps: readonly MapCount[]
  /** Records of map entries that there was no room for. */
  readonly mapsLeft: number
  readonly timelines: readonly Timeline[]
  readonly untimed: Count
  readonly losses: readonly LossCount[]
  /** Loss records of inputs that there was no room for. */
  readonly lossesLeft: number
}

/** A sink that counts records. */
export interface SummarySink extends Sink {
  /** The counts so far. Each list has the `most` largest values. */
  summary(most: number): Summary
}

/**
 * Counts records in bounded memory and writes nothing. `by` are the fields of `--by`. `isDrop` says of the name of an
 * event whether it is a drop.
 */
export function summarySink(
  by: readonly FieldName[],
  isDrop: (event: string) => boolean,
  check: SpotCheck,
): SummarySink {
  const records: Record<Kind, number> = { drop: 0, trace: 0, metric: 0, loss: 0, message: 0 }
  const drops = new DropCounts()
  const events = new FacetCounts({ member: 'event_name', keys: [], valueIn: (part) => String(part.value()) })
  const groups = new ValueCounts()
  const losses = new Losses()
  const maps = new Maps(isDrop)
  const timelines = new Timelines()
  return {
    write(record) {
      const fault = check.isDue() ? faultInLine(lineOf(record), record) : undefined
      if (fault !== undefined) return fault
      records[record.kind]++
      const packets = record.kind === 'drop' ? packetsOf(record) : 0
      if (record.kind === 'drop') drops.add(record, packets)
      else if (record.kind === 'metric') maps.add(record)
      else if (record.kind === 'trace') events.add(record, 0)
      else if (record.kind === 'loss') losses.add(record)
      if (record.kind !== 'message') timelines.add(record, packets)
      if (by.length > 0) groups.add(groupOf(record, by), packets)
      return undefined
    },
    flush() {},
    summary: (most) => ({
      records,
      packets: drops.packets,
      triples: drops.triples(most),
      drops: drops.lists(most),
      events: events.rank(most),
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
