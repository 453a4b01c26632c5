// Events that an engine is given, and those that come back.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { columns } from '../../src/event/generated/columns.ts'
import { validateStrict } from '../../src/event/generated/validators.ts'
import { root, tracked } from '../source-text.ts'

/** An event as JSON.parse gives it. */
export interface PlainEvent {
  readonly [member: string]: unknown
}

/** At the limits of what the schema lets through. */
const EXTREMES: readonly PlainEvent[] = [
  {
    ts: '2261-12-31T23:59:59.999999999Z',
    clock: { id: 'realtime', ns: '18446744073709551615', resolution_ns: Number.MAX_SAFE_INTEGER },
  },
  { ts: '1678-01-01T00:00:00.000000001Z', clock: { id: 'unknown', ns: '0' } },
  { process: { comm: '', pid: -1 }, args: { a: '', b: '2026-01-01', c: true, d: -9007199254740991, e: '1.50' } },
  { event_name: 'a\r\n"b",\t\\\u0001\u2028ü😀', labels: { ts: '2026-01-01T00:00:00Z' }, sample: { ip: { line: 1 } } },
  { payload: 'x'.repeat(250 * 1024), stack: Array.from({ length: 20 }, (_, line) => ({ file: 'f', line })) },
].map((members, at) => ({ v: 1, kind: 'trace', ...members, capture: { path: 'extremes', line: at + 1 } }))

/**
 * All records of the fixtures, all kinds of them, and extremes; or those of the NDJSON file TRACENORM_EVENTS, which may
 * hold a whole corpus.
 */
export function sampleEvents(): readonly PlainEvent[] {
  const { TRACENORM_EVENTS } = process.env
  const files = tracked.filter((path) => path.startsWith('fixtures/') && path.endsWith('/records.ndjson'))
  const texts = (TRACENORM_EVENTS === undefined ? files.map((path) => join(root, path)) : [TRACENORM_EVENTS]).map(
    (path) => readFileSync(path, 'utf8'),
  )
  const events: readonly PlainEvent[] = texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )
  // A table has no place for the members of a later version of the format.
  return [...events.filter((event) => validateStrict(event)), ...EXTREMES]
}

export function ndjsonOf(events: readonly PlainEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

/** A row with sections, as an engine gives it, without what it has in the place of an absent member. */
export function rebuilt(row: PlainEvent, isAbsent: (value: unknown) => boolean): PlainEvent {
  const event = Object.entries(pruned(row, isAbsent) ?? {}).map(([name, value]) => [
    name,
    isText(name, value) ? JSON.parse(value) : value,
  ])
  return Object.fromEntries(event)
}

function isText(name: string, value: unknown): value is string {
  return typeof value === 'string' && ['args', 'labels', 'sample'].includes(name)
}

function pruned(value: unknown, isAbsent: (value: unknown) => boolean): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return value.map((one) => pruned(one, isAbsent) ?? one)
  const members = Object.entries(value).flatMap(([name, member]) => {
    const inner = typeof member === 'object' && member !== null && !isAbsent(member) ? pruned(member, isAbsent) : member
    return isAbsent(member) || (isObject(inner) && Object.keys(inner).length === 0) ? [] : [[name, inner]]
  })
  return Object.fromEntries(members)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A row of a table that has a column for each of our CSV: `drop_reason`. */
export function rebuiltFlat(row: PlainEvent): PlainEvent {
  const event: { [member: string]: { [key: string]: unknown } | unknown } = {}
  for (const { name } of columns) {
    const value = row[name.replaceAll('.', '_')]
    if (value === null) continue
    const [member = '', key] = name.split('.', 2)
    event[member] = key === undefined ? value : { ...Object(event[member]), [key]: value }
  }
  return event
}

/** The same events came back, in whatever order. */
export function expectSame(back: Iterable<PlainEvent>, sent: readonly PlainEvent[]): void {
  const missing = new Map<string, number>()
  for (const event of sent) count(missing, canonical(event), 1)
  const strange: string[] = []
  let came = 0
  for (const event of back) {
    came++
    const text = canonical(event)
    if ((missing.get(text) ?? 0) === 0) strange.push(text)
    else count(missing, text, -1)
  }
  const lost = [...missing].filter(([, times]) => times > 0).map(([text]) => text)
  expect({ came, strange: strange.slice(0, 3), lost: lost.slice(0, 3) }).toEqual({
    came: sent.length,
    strange: [],
    lost: [],
  })
}

function count(counts: Map<string, number>, key: string, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times)
}

/** The same for equal events, in whatever order their members are. */
function canonical(event: PlainEvent): string {
  return JSON.stringify(event, (_, value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  )
}
