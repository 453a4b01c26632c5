import { latin1 } from '../text/utf8.ts'
import type { Part } from './part.ts'
import { type EventRecord, flagsOf, MEMBERS } from './record.ts'
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
  // Member by member and not in a loop over MEMBERS: keyed access to 24 names costs three times the joining itself.
  return (
    HEADS[record.kind] +
    text(record.ts) +
    text(record.clock) +
    beforeSkb(record) +
    text(record.skb) +
    beforeCapture(record) +
    text(record.capture) +
    text(record.id) +
    (record.unknown === undefined ? '}' : `${record.unknown}}`)
  )
}

/** The members between `clock` and `skb`. */
export function beforeSkb(record: EventRecord): string {
  return text(record.host) + text(record.labels) + text(record.event_name) + text(record.cpu) + text(record.process)
}

/** The members between `skb` and `capture`. */
export function beforeCapture(record: EventRecord): string {
  return (
    text(record.location) +
    text(record.drop) +
    text(record.device) +
    text(record.stack) +
    text(record.sample) +
    text(record.metric) +
    text(record.loss) +
    text(record.message) +
    text(record.level) +
    text(record.stream) +
    text(record.args) +
    text(record.payload) +
    flagsText(record)
  )
}

/** What the validator said against a part of this record; undefined when all were accepted. */
export function faultOf(record: EventRecord): string | undefined {
  if (!isNoted(record)) return undefined
  for (const name of MEMBERS) {
    if (name === 'flags') continue
    const fault = record[name]?.notes?.fault
    if (fault !== undefined) return fault
  }
  return undefined
}

/** A part's text, or nothing. */
export function text(part: Part | undefined): string {
  return part === undefined ? '' : part.text
}

function isNoted(r: EventRecord): boolean {
  return (
    has(r.process) ||
    has(r.skb) ||
    has(r.location) ||
    has(r.drop) ||
    has(r.args) ||
    has(r.payload) ||
    has(r.event_name) ||
    has(r.cpu) ||
    has(r.clock) ||
    has(r.ts) ||
    has(r.stack) ||
    has(r.device) ||
    has(r.sample) ||
    has(r.metric) ||
    has(r.loss) ||
    has(r.message) ||
    has(r.level) ||
    has(r.stream) ||
    has(r.host) ||
    has(r.labels) ||
    has(r.capture) ||
    has(r.id)
  )
}

function has(part: Part | undefined): boolean {
  return part !== undefined && part.notes !== undefined
}

function flagsText(record: EventRecord): string {
  const flags = flagsJson(record)
  return flags === undefined ? '' : `,"flags":${flags}`
}

/** A record's flags as JSON, its parts' included, latin1; undefined when there are none. */
export function flagsJson(record: EventRecord): string | undefined {
  if (record.flags === undefined && !isNoted(record)) return undefined
  const flags = flagsOf(record)
  return flags.length === 0 ? undefined : latin1(JSON.stringify(flags))
}
