import { utf8 } from '../text/utf8.ts'
import type { PartName } from './generated/members.ts'
import { members, Parts, partNames } from './generated/members.ts'
import type { Json } from './part.ts'
import type { ClockId, FlagWord, Kind } from './words.ts'

/**
 * One event on its way from a reader to a sink. The adapter fills in what the tool said: the kind, the sections, and
 * the time as the source gave it (`clockId` with `ns`, or `local`). The core adds `ts`, `clock`, `host`, `labels`,
 * `capture` and `id`.
 */
export class EventRecord extends Parts {
  readonly kind: Kind

  /** The clock of the time, which the user or a header may correct. Undefined when the source names none. */
  clockId: ClockId | undefined = undefined
  /** Decimal nanoseconds of that clock. */
  ns: string | undefined = undefined
  /** Local time without zone, `2023-02-23T18:03:36.370138884`, 0 to 9 fraction digits as given. */
  local: string | undefined = undefined
  /** Nanoseconds of the unit that the source counts in; undefined when that is 1 ns. */
  resolutionNs: number | undefined = undefined

  /** Flags of the record as a whole. The flags of its parts are added when the record is written. */
  flags: readonly FlagWord[] | undefined = undefined

  /**
   * The line of our own NDJSON that the record was read from, in latin1. A stage that changes the record clears it.
   */
  source: string | undefined = undefined
  /**
   * True when the record was read from our own NDJSON. The open schema has judged it, so it may have unknown members.
   */
  isPublished = false
  /** Members that this version does not know, in latin1: `,"new":1`. They come last in the line. */
  unknown: string | undefined = undefined

  constructor(kind: Kind) {
    super()
    this.kind = kind
  }

  /** The event as a plain object. */
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

/** Adds a flag of the record as a whole, once. */
export function addFlag(record: EventRecord, flag: FlagWord): void {
  if (record.flags?.includes(flag) !== true) record.flags = [...(record.flags ?? []), flag]
}

/** All flags of a record and of its parts, each once. */
export function flagsOf(record: EventRecord): readonly FlagWord[] {
  const flags = new Set<FlagWord>(record.flags)
  for (const name of partNames) {
    for (const flag of record[name]?.notes?.flags ?? []) flags.add(flag)
  }
  return [...flags]
}

/** A member that something looks at: a part of records as a whole, or one key of it. */
export interface MemberRead {
  readonly part: PartName
  readonly key?: string | undefined
}
