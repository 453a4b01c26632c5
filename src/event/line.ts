import { latin1 } from '../text/utf8.ts'
import { isNoted, partNames, textAfterFlags, textBeforeFlags } from './generated/members.ts'
import { type EventRecord, flagsOf } from './record.ts'
import type { Kind } from './words.ts'

/** How the line of each kind begins. */
export const HEADS: Readonly<Record<Kind, string>> = {
  drop: '{"v":1,"kind":"drop"',
  trace: '{"v":1,"kind":"trace"',
  metric: '{"v":1,"kind":"metric"',
  loss: '{"v":1,"kind":"loss"',
  message: '{"v":1,"kind":"message"',
}

/**
 * A record as one line of JSON without line end: UTF-8 bytes, one char a byte. A record of our own NDJSON that no stage changed
 * is the line that it came as.
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

/** What the validator said against a part of this record; undefined when all were accepted. */
export function faultOf(record: EventRecord): string | undefined {
  if (!isNoted(record)) return undefined
  for (const name of partNames) {
    const fault = record[name]?.notes?.fault
    if (fault !== undefined) return fault
  }
  return undefined
}

/** `,"flags":[…]`, or nothing. */
export function flagsText(record: EventRecord): string {
  const flags = flagsJson(record)
  return flags === undefined ? '' : `,"flags":${flags}`
}

/** A record's flags as JSON, its parts' included, latin1; undefined when there are none. */
export function flagsJson(record: EventRecord): string | undefined {
  if (record.flags === undefined && !isNoted(record)) return undefined
  const flags = flagsOf(record)
  return flags.length === 0 ? undefined : latin1(JSON.stringify(flags))
}
