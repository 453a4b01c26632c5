import { utf8 } from '../text/utf8.ts'
import { members, Parts, partNames } from './generated/members.ts'
import type { Json } from './part.ts'
import type { ClockId, FlagWord, Kind } from './words.ts'

/**
 * One event on its way from a reader to a sink. The adapter says what the tool said: kind, sections, and the time as the source gave it
 * (`clockId` with `ns`, or `local`); the core stamps `ts`, `clock`, `host`, `labels`, `capture` and `id`.
 */
export class EventRecord extends Parts {
  readonly kind: Kind

  /** Which clock the time is of; the core knows better when the user or a header names it. Undefined: the source gave no time. */
  clockId: ClockId | undefined = undefined
  /** Decimal nanoseconds of that clock. */
  ns: string | undefined = undefined
  /** Local time without zone, `2023-02-23T18:03:36.370138884`, 0 to 9 fraction digits as given. */
  local: string | undefined = undefined
  /** When the time is coarser than 1 ns by its source's own unit. */
  resolutionNs: number | undefined = undefined

  /** Flags that belong to the record as a whole; those of its parts are added when it is written. */
  flags: readonly FlagWord[] | undefined = undefined

  /** The line of our own NDJSON that the record was read from, latin1, while no stage has changed it: it is written as it came. */
  source: string | undefined = undefined
  /** It was read from our own NDJSON: the open schema has judged it, and members that only a later version knows may be in it. */
  isPublished = false
  /** Members of our own NDJSON that this version does not know, latin1: `,"new":1`. They follow the others. */
  unknown: string | undefined = undefined

  constructor(kind: Kind) {
    super()
    this.kind = kind
  }

  /** The plain event. */
  toJSON(): { readonly [key: string]: Json } {
    const event: { [key: string]: Json } = { v: 1, kind: this.kind }
    for (const name of members) {
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

/** All flags of a record, its parts' included, each once. */
export function flagsOf(record: EventRecord): readonly FlagWord[] {
  const flags = new Set<FlagWord>(record.flags)
  for (const name of partNames) {
    for (const flag of record[name]?.notes?.flags ?? []) flags.add(flag)
  }
  return [...flags]
}
