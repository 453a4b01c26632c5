import { type Json, type Part, sealJson } from './part.ts'
import type { EventRecord } from './record.ts'

/** A line of output is at most this long (Loki refuses longer ones). */
export const LONGEST_LINE_BYTES = 256 * 1024

/** Members whose texts may be cut, `name` as their validator is called. */
const CUTTABLE = ['args', 'payload', 'message', 'metric', 'sample'] as const

/**
 * Makes a record's line fit: `capture.raw` is left out, never cut; then the outermost frames of the stack go, then the longest texts are
 * cut, and the record is flagged `truncated`. `sizeOf` tells the bytes of the line as the record is.
 */
export function trim(record: EventRecord, sizeOf: (record: EventRecord) => number): void {
  record.source = undefined
  record.capture = withoutRaw(record.capture)
  if (sizeOf(record) <= LONGEST_LINE_BYTES) return
  record.flags = [...(record.flags ?? []), 'truncated']
  for (let excess = sizeOf(record) - LONGEST_LINE_BYTES; excess > 0; excess = sizeOf(record) - LONGEST_LINE_BYTES) {
    if (!cutStack(record) && !cutText(record, excess)) return
  }
}

function withoutRaw(capture: Part | undefined): Part | undefined {
  const value = capture?.value()
  if (!isObject(value) || value.raw === undefined) return capture
  const { raw: _, ...rest } = value
  return sealJson('capture', rest)
}

function cutStack(record: EventRecord): boolean {
  const frames = record.stack?.value()
  if (!isList(frames)) return false
  const kept = frames.slice(0, Math.floor(frames.length / 2))
  record.stack = kept.length === 0 ? undefined : sealJson('stack', kept)
  return true
}

function cutText(record: EventRecord, excess: number): boolean {
  const [name] = CUTTABLE.toSorted((a, b) => (record[b]?.text.length ?? 0) - (record[a]?.text.length ?? 0))
  const part = name === undefined ? undefined : record[name]
  if (name === undefined || part === undefined) return false
  const longest = longestText(part.value())
  if (longest.length < 2) return false
  const cut = longest.slice(0, Math.max(1, longest.length - excess)).replace(/[\ud800-\udbff]$/, '')
  record[name] = sealJson(name, replaceText(part.value(), longest, cut), ...(part.notes?.flags ?? []))
  return true
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
