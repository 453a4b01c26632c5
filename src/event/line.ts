import { latin1 } from '../text/utf8.ts'
import { isNoted, partNames, textAfterFlags, textBeforeFlags } from './generated/members.ts'
import { type EventRecord, flagsOf } from './record.ts'
import type { Kind } from './words.ts'

/** The beginning of a line, by kind. */
export const HEADS: Readonly<Record<Kind, string>> = {
  drop: '{"v":1,"kind":"drop"',
  trace: '{"v":1,"kind":"trace"',
  metric: '{"v":1,"kind":"metric"',
  loss: '{"v":1,"kind":"loss"',
  message: '{"v":1,"kind":"message"',
}

/**
 * A record as a line of JSON without its line end: UTF-8 bytes, one char a byte. A record of our own NDJSON that no
 * stage has changed keeps the line that it was read from.
 */
export function lineOf(record: EventRecord): string {
  if (record.source !== undefined) return record.source
  return (
    HEADS[record.kind] +
    textBeforeFlags(record) +
    flagsText(record) +
    textAfterFlags(record) +
    (record.unknown === undefined ? '}' : `${record.unknown}}`)
  )
}

/** Why the validator refused a part of this record; undefined when it accepted all parts. */
export function faultOf(record: EventRecord): string | undefined {
  if (!isNoted(record)) return undefined
  for (const name of partNames) {
    const fault = record[name]?.notes?.fault
    if (fault !== undefined) return fault
  }
  return undefined
}

/** `,"flags":[…]`, or an empty text when the record has no flags. */
export function flagsText(record: EventRecord): string {
  const flags = flagsJson(record)
  return flags === undefined ? '' : `,"flags":${flags}`
}

/** The flags of a record and of its parts as JSON, in latin1; undefined when there are none. */
export function flagsJson(record: EventRecord): string | undefined {
  if (record.flags === undefined && !isNoted(record)) return undefined
  const flags = flagsOf(record)
  return flags.length === 0 ? undefined : latin1(JSON.stringify(flags))
}
