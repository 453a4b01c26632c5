import type { Level, Reject } from '../../../src/contract.ts'
import { type JsonValue, jsonText, member, parseJson } from '../../../src/text/json-value.ts'
import { isWithin } from '../../../src/text/nearest.ts'
import { uint } from '../../../src/text/scan.ts'
import type { Bucket, EntryValue, MapEntry } from '../decode/metric.ts'
import type { CallOutput } from '../runs/json-runs.ts'
import type { Loss } from '../tool/talk.ts'

/** A record of bpftrace's JSON. */
export type JsonRecord =
  | { readonly kind: 'output'; readonly output: CallOutput }
  | { readonly kind: 'entries'; readonly entries: readonly MapEntry[] }
  | { readonly kind: 'loss'; readonly loss: Loss }
  | { readonly kind: 'message'; readonly level: Level; readonly isBanner: boolean; readonly isNew: boolean }

/** The types of records since 0.9.2. A record of one of them shows that a stream is JSON of bpftrace. */
const TYPES = [
  'attached_probes',
  'printf',
  'value',
  'time',
  'cat',
  'join',
  'syscall',
  'map',
  'hist',
  'stats',
  'tseries',
  'lost_events',
  'helper_error',
  'runtime_error',
  'errorf',
  'warnf',
]

/** The beginning of every record. */
export const FRAME = '{"type": "'

export const BAD_RECORD: Reject = { word: 'malformed', text: 'begins as a record of bpftrace -f json and ends as none' }

/** True for a line that begins like a record, with at most one wrong byte, and has data or a known type. */
export function isLikeRecord(line: string): boolean {
  const lengths = [FRAME.length - 1, FRAME.length, FRAME.length + 1]
  if (!lengths.some((length) => isWithin(1, line.slice(0, length), FRAME))) return false
  return line.includes(', "data": ') || TYPES.some((type) => line.startsWith(`${FRAME}${type}"`))
}

/**
 * The record that is all of `[start, end)`. Undefined: the text is not a record. `isSure`: the stream is JSON of
 * bpftrace. Then a record of an unknown type is a message.
 */
export function recordAt(text: string, start: number, end: number, isSure: boolean): JsonRecord | undefined {
  if (!text.startsWith(FRAME, start) || text.charCodeAt(end - 1) !== 125) return undefined
  const value = parseJson(text, start, end)
  const type = member(value, 'type')
  if (value === undefined || type?.kind !== 'string') return undefined
  if (!isSure && !TYPES.includes(type.bytes)) return undefined
  return recordOf(type.bytes, value)
}

function recordOf(type: string, record: JsonValue): JsonRecord | undefined {
  const data = member(record, 'data')
  const text = data?.kind === 'string' ? data.bytes : undefined
  switch (type) {
    case 'printf':
    case 'time':
    case 'cat':
      return text === undefined ? undefined : { kind: 'output', output: { kind: 'text', call: type, bytes: text } }
    case 'join':
      return text === undefined
        ? undefined
        : { kind: 'output', output: { kind: 'text', call: 'join', bytes: `${text}\n` } }
    case 'syscall':
      return text === undefined
        ? undefined
        : { kind: 'output', output: { kind: 'text', call: 'system', bytes: ended(text) } }
    case 'value':
      return data === undefined ? undefined : { kind: 'output', output: { kind: 'value', value: data } }
    case 'map':
    case 'hist':
    case 'stats':
    case 'tseries':
      return data?.kind === 'object' && data.members.every(([name]) => MAP_NAME.test(name))
        ? { kind: 'entries', entries: data.members.flatMap(([name, value]) => entriesOf(type, name, value)) }
        : undefined
    case 'lost_events':
      return lossOf(data)
    case 'helper_error':
      return helperError(record)
    case 'attached_probes':
      return { kind: 'message', level: 'info', isBanner: true, isNew: member(record, 'count') !== undefined }
    case 'errorf':
      return message('error')
    case 'runtime_error':
    case 'warnf':
      return message('warning')
    default:
      // A type that differs by one byte from a known type is damaged.
      return data !== undefined && TYPES.some((known) => known !== type && isWithin(1, type, known))
        ? undefined
        : message('info')
  }
}

function message(level: Level): JsonRecord {
  return { kind: 'message', level, isBanner: false, isNew: false }
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function lossOf(data: JsonValue | undefined): JsonRecord {
  const events = member(data, 'events')
  const count = events?.kind === 'bare' ? Number(events.text) : Number.NaN
  return Number.isSafeInteger(count) && count >= 0
    ? { kind: 'loss', loss: { count, mode: 'delta' } }
    : message('warning')
}

/** If a map was full, the update is lost. Errors of other helpers are warnings. */
function helperError(record: JsonValue): JsonRecord {
  const helper = member(record, 'helper')
  const code = member(record, 'retcode')
  const isFull =
    helper?.kind === 'string' && helper.bytes === 'map_update_elem' && code?.kind === 'bare' && code.text === '-7'
  return isFull ? { kind: 'loss', loss: { count: undefined, mode: 'delta' } } : message('warning')
}

type MapType = 'map' | 'hist' | 'stats' | 'tseries'

const MAP_NAME = /^@[A-Za-z0-9_]*$/

/** The entries of a map: one for each key, or one if the map has no key. */
function entriesOf(type: MapType, name: string, value: JsonValue): readonly MapEntry[] {
  if (value.kind !== 'object' || isStats(type, value)) return valuesOf(type, name, undefined, value)
  return value.members.flatMap(([key, one]) => valuesOf(type, name, key, one))
}

/** True for an object that is a value of `stats()`, not a list of keys. */
function isStats(type: MapType, value: JsonValue): boolean {
  return (
    type === 'stats' && value.kind === 'object' && value.members.map(([key]) => key).join() === 'count,average,total'
  )
}

function valuesOf(type: MapType, name: string, key: string | undefined, value: JsonValue): readonly MapEntry[] {
  if (type === 'tseries' && value.kind === 'list') {
    return value.items.map((item) => ({ name, key, value: intervalOf(item), shows: 'tseries' }))
  }
  if (type === 'hist' && value.kind === 'list') {
    const buckets = value.items.map(bucketOf).filter((one) => one !== undefined)
    if (buckets.length === value.items.length)
      return [{ name, key, value: { kind: 'buckets', buckets }, shows: 'hist' }]
    return [{ name, key, value: scalarOf(value), shows: 'hist' }]
  }
  if (isStats(type, value)) {
    const [count, average, total] = ['count', 'average', 'total'].map((one) => digitsOf(member(value, one)))
    const isWhole = countOf(count) !== undefined && average !== undefined && total !== undefined
    const stats = isWhole ? ({ kind: 'stats', count: count ?? '', average, total } as const) : scalarOf(value)
    return [{ name, key, value: stats, shows: 'stats' }]
  }
  return [{ name, key, value: scalarOf(value), shows: type === 'stats' ? 'avg' : 'value' }]
}

function scalarOf(value: JsonValue): EntryValue {
  const digits = digitsOf(value)
  if (digits !== undefined) return { kind: 'number', digits }
  if (value.kind === 'string') return { kind: 'text', bytes: value.bytes }
  return { kind: 'text', bytes: value.kind === 'bare' ? value.text : jsonText(value) }
}

/**
 * The digits of a number. From 0.24 on a number that no double holds is a string: only the program can tell them
 * apart.
 */
function digitsOf(value: JsonValue | undefined): string | undefined {
  return value?.kind === 'bare' && /^-?[0-9]{1,40}$/.test(value.text) ? value.text : undefined
}

/** A count that is 0 or more, and exact. */
function countOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : uint(digits, 0, digits.length)
}

function bucketOf(item: JsonValue): Bucket | undefined {
  const [min, max, digits] = ['min', 'max', 'count'].map((key) => digitsOf(member(item, key)))
  const count = countOf(digits)
  if (count === undefined) return undefined
  return { ...(min !== undefined && { min: Number(min) }), ...(max !== undefined && { max: Number(max) }), count }
}

function intervalOf(item: JsonValue): EntryValue {
  const start = member(item, 'interval_start')
  const text = start?.kind === 'string' ? start.bytes : start?.kind === 'bare' ? start.text : ''
  return { kind: 'interval', start: text, digits: digitsOf(member(item, 'value')) }
}
