import type { MemberName } from './generated/types.ts'
import { type Json, type Part, sealJson } from './part.ts'
import type { EventRecord } from './record.ts'

/** A line of output is at most this long (Loki refuses longer ones). */
export const LONGEST_LINE_BYTES = 256 * 1024

/** Members whose texts may be cut: all that a source or a user says at any length. */
const CUTTABLE = [
  'args',
  'payload',
  'message',
  'metric',
  'sample',
  'stack',
  'location',
  'process',
  'device',
  'drop',
  'skb',
  'event_name',
  'labels',
  'host',
] as const

/**
 * Makes a record's line fit: `capture.raw` is left out, never cut; then the outermost frames of the stack go, then the longest texts are
 * cut, and the record is flagged `truncated`. `sizeOf` tells the bytes of the line as the record is.
 */
export function trim(record: EventRecord, sizeOf: (record: EventRecord) => number): void {
  record.source = undefined
  record.capture = withoutRaw(record.capture)
  if (sizeOf(record) <= LONGEST_LINE_BYTES) return
  record.flags = [...(record.flags ?? []), 'truncated']
  for (let excess = excessOf(record, sizeOf); excess > 0; excess = excessOf(record, sizeOf)) {
    if (!cutStack(record) && !cutText(record, excess)) {
      // Of another version's members nobody here knows what could be cut.
      record.unknown = undefined
      return
    }
  }
}

function excessOf(record: EventRecord, sizeOf: (record: EventRecord) => number): number {
  return sizeOf(record) - LONGEST_LINE_BYTES
}

function withoutRaw(capture: Part | undefined): Part | undefined {
  const value = capture?.value()
  if (!isObject(value) || value.raw === undefined) return capture
  const { raw: _, ...rest } = value
  return sealJson('capture', rest)
}

/** Half of the frames at a time; the innermost stays. */
function cutStack(record: EventRecord): boolean {
  const frames = record.stack?.value()
  if (!isList(frames) || frames.length < 2) return false
  record.stack = sealJson('stack', frames.slice(0, Math.floor(frames.length / 2)))
  return true
}

/** Cuts the longest text of all by as much as is too much, if it has that much. False: no text is left to cut. */
function cutText(record: EventRecord, excess: number): boolean {
  const texts = CUTTABLE.map((name) => ({ name, text: longestText(record[name]?.value()) }))
  const { name, text } = texts.reduce((longest, one) => (one.text.length > longest.text.length ? one : longest))
  const part = record[name]
  const cut = prefixOf(text, bytesOf(text) - excess)
  if (part === undefined || cut === text) return false
  record[name] = sealJson(
    definitionOf(name, record),
    replaceText(part.value(), text, cut),
    ...(part.notes?.flags ?? []),
  )
  return true
}

function definitionOf(name: (typeof CUTTABLE)[number], record: EventRecord): MemberName {
  return name === 'drop' && record.kind !== 'drop' ? 'drop_context' : name
}

/** The longest beginning of a text that is at most `bytes` of JSON, in whole characters, one at least: no text becomes empty. */
function prefixOf(text: string, bytes: number): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0)
  let low = first.length
  let high = text.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (bytesOf(text.slice(0, middle)) <= bytes) low = middle
    else high = middle - 1
  }
  const isWithin = low > first.length && /[\ud800-\udbff]$/.test(text.slice(low - 1, low))
  return text.slice(0, isWithin ? low - 1 : low)
}

/** As JSON in UTF-8, with its quotes. */
function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text))
}

function longestText(value: Json | undefined): string {
  if (typeof value === 'string') return value
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : []
  return inner.map(longestText).reduce((longest, text) => (text.length > longest.length ? text : longest), '')
}

function replaceText(value: Json, text: string, by: string): Json {
  if (value === text) return by
  if (isList(value)) return value.map((item) => replaceText(item, text, by))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? item : replaceText(item, text, by)]),
  )
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
