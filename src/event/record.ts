import { utf8 } from '../text/utf8.ts'
import type { Json, Part } from './part.ts'
import type { ClockId, FlagWord, Kind } from './words.ts'

/**
 * One event on its way from a reader to a sink. The adapter says what the tool said: kind, sections, and the time as the source gave it
 * (`clockId` with `ns`, or `local`); the core stamps `ts`, `clock`, `host`, `labels`, `capture` and `id`. Every slot stands here from the start,
 * so that all records have one hidden class (a filter that sees two shapes runs at half the speed).
 */
export class EventRecord {
  readonly kind: Kind

  /** Which clock the time is of; the core knows better when the user or a header names it. Undefined: the source gave no time. */
  clockId: ClockId | undefined = undefined
  /** Decimal nanoseconds of that clock. */
  ns: string | undefined = undefined
  /** Local time without zone, `2023-02-23T18:03:36.370138884`, 0 to 9 fraction digits as given. */
  local: string | undefined = undefined
  /** When the time is coarser than 1 ns by its source's own unit. */
  resolutionNs: number | undefined = undefined

  ts: Part | undefined = undefined
  clock: Part | undefined = undefined
  host: Part | undefined = undefined
  labels: Part | undefined = undefined
  event_name: Part | undefined = undefined
  cpu: Part | undefined = undefined
  process: Part | undefined = undefined
  skb: Part | undefined = undefined
  location: Part | undefined = undefined
  drop: Part | undefined = undefined
  device: Part | undefined = undefined
  stack: Part | undefined = undefined
  sample: Part | undefined = undefined
  metric: Part | undefined = undefined
  loss: Part | undefined = undefined
  message: Part | undefined = undefined
  level: Part | undefined = undefined
  stream: Part | undefined = undefined
  args: Part | undefined = undefined
  payload: Part | undefined = undefined
  /** Flags that belong to the record as a whole; those of its parts are added when it is written. */
  flags: readonly FlagWord[] | undefined = undefined
  capture: Part | undefined = undefined
  id: Part | undefined = undefined

  /** The line of our own NDJSON that the record was read from, latin1, while no stage has changed it: it is written as it came. */
  source: string | undefined = undefined
  /** Members of our own NDJSON that this version does not know, latin1: `,"new":1`. They follow the others. */
  unknown: string | undefined = undefined

  constructor(kind: Kind) {
    this.kind = kind
  }

  /** The plain event. */
  toJSON(): { readonly [key: string]: Json } {
    const event: { [key: string]: Json } = { v: 1, kind: this.kind }
    for (const name of MEMBERS) {
      if (name === 'flags') {
        const flags = flagsOf(this)
        if (flags.length > 0) event[name] = flags
      } else {
        const part = this[name]
        if (part !== undefined) event[name] = part.value()
      }
    }
    return this.unknown === undefined ? event : { ...event, ...JSON.parse(`{${utf8(this.unknown.slice(1))}}`) }
  }
}

/** The members after `v` and `kind`, in the order in which a line has them. */
export const MEMBERS = [
  'ts',
  'clock',
  'host',
  'labels',
  'event_name',
  'cpu',
  'process',
  'skb',
  'location',
  'drop',
  'device',
  'stack',
  'sample',
  'metric',
  'loss',
  'message',
  'level',
  'stream',
  'args',
  'payload',
  'flags',
  'capture',
  'id',
] as const

/** All flags of a record, its parts' included, each once. */
export function flagsOf(record: EventRecord): readonly FlagWord[] {
  const flags = new Set<FlagWord>(record.flags)
  for (const name of MEMBERS) {
    if (name === 'flags') continue
    for (const flag of record[name]?.notes?.flags ?? []) flags.add(flag)
  }
  return [...flags]
}

/**
 * Are the kind and all parts the same, but for those whose leaves differ from event to event (`ts`, `clock`, `skb`, `capture`, `id`) and the flags?
 * Member by member, those that differ most often first: it is asked of every record.
 */
export function sharesParts(a: EventRecord, b: EventRecord): boolean {
  return (
    a.process === b.process &&
    a.cpu === b.cpu &&
    a.drop === b.drop &&
    a.location === b.location &&
    a.kind === b.kind &&
    a.event_name === b.event_name &&
    a.device === b.device &&
    a.host === b.host &&
    a.labels === b.labels &&
    a.stack === b.stack &&
    a.sample === b.sample &&
    a.metric === b.metric &&
    a.loss === b.loss &&
    a.message === b.message &&
    a.level === b.level &&
    a.stream === b.stream &&
    a.args === b.args &&
    a.payload === b.payload
  )
}
