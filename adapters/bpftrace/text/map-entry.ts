import { trimmedEnd } from '../../../src/text/blank.ts'
import { uint } from '../../../src/text/scan.ts'
import type { MapFacts } from '../decode/maps.ts'
import type { EntryValue, MapEntry } from '../decode/metric.ts'
import { withoutCr } from '../decode/sections.ts'
import { Search } from '../match/search.ts'
import { Slots } from '../match/slots.ts'
import { framesEnd, isOpenFrame } from '../match/stack.ts'
import { lineOf } from '../tool/talk.ts'
import { areWhole, type HistogramRow, isLikeRow, readRow, shapeOf } from './histogram.ts'
import { splitNote } from './note.ts'

export interface EntriesFound {
  /** Several where old versions run them together on a line. */
  readonly entries: readonly MapEntry[]
  readonly end: number
  /** Rows of a drawing that are none. */
  readonly damages: readonly Damage[]
  /** Rows of a drawing are missing, or may be. */
  readonly isIncomplete: boolean
  /** What a person wrote behind the value. */
  readonly note: string | undefined
}

/** Offsets of a line that is none of those among which it stands. */
export interface Damage {
  readonly start: number
  readonly end: number
}

/** What is at a place where a map's entry may begin. */
export type EntryFinding = EntriesFound | 'more' | 'broken' | 'ambiguous' | undefined

const NAME = /@[A-Za-z0-9_]*/y
/** A key with line ends is looked for over so many lines, a stack in it over so many more. */
const MOST_KEY_LINES = 64
/** Places in a line where a key may end that are tried. */
const MOST_CLOSES = 16
const NUMBER = /^-?[0-9]{1,20}$/
/** `count 3, average 3, total 9` to 0.23, `{ .count = 3, .average = 3, .total = 9 }` from 0.24 on. */
const STATS =
  /^(?:count ([0-9]{1,16}), average (-?[0-9]{1,20}), total (-?[0-9]{1,20})|\{ \.count = ([0-9]{1,16}), \.average = (-?[0-9]{1,20}), \.total = (-?[0-9]{1,20}) \})$/
const INTERVAL = /^([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?) .{53} (-|-?[0-9]{1,20})$/

/**
 * The entry of a map that begins at `start`, an `@`. `maps` are the program's, whose names alone count; undefined where no program is known. `broken`: it begins as
 * an entry and ends as none. `ambiguous`: its key may end in several places.
 */
export function entryAt(
  text: string,
  start: number,
  lineEnd: number,
  isLast: boolean,
  maps: ReadonlyMap<string, MapFacts> | undefined,
): EntryFinding {
  NAME.lastIndex = start
  const name = NAME.exec(text)?.[0] ?? ''
  const facts = maps?.get(name)
  if (name === '' || (maps !== undefined && facts === undefined)) return undefined
  const after = start + name.length
  if (text[after] === ':') return valueAt(text, after + 1, lineEnd, isLast, name, undefined, facts)
  return text[after] === '[' ? keyedAt(text, after + 1, lineEnd, isLast, name, facts) : undefined
}

/** The key may hold line ends, and the text that ends it: the last `]:` of a line behind which a value stands. */
function keyedAt(
  text: string,
  keyStart: number,
  firstLineEnd: number,
  isLast: boolean,
  name: string,
  facts: MapFacts | undefined,
): EntryFinding {
  let lineStart = keyStart
  let lineEnd = firstLineEnd
  for (let lines = 0; lines < MOST_KEY_LINES; lines++) {
    let only: EntryFinding
    const closes = closesOf(lineOf(text, lineStart, lineEnd), facts)
    if (closes.length > MOST_CLOSES && isTextual(facts)) return 'ambiguous'
    for (const at of closes.slice(0, MOST_CLOSES)) {
      const key = withoutCr(text.slice(keyStart, lineStart + at))
      const value = valueAt(text, lineStart + at + 2, lineEnd, isLast, name, key, facts)
      if (value === undefined || value === 'broken') continue
      const holdsValue = VALUE_IN_KEY.test(key)
      if (value === 'more' || !(holdsValue || isTextual(facts))) return value
      if (!mayBeKey(key, facts)) continue
      if (holdsValue || only !== undefined) return 'ambiguous'
      only = value
    }
    if (only !== undefined) return only
    if (!mayGoOn(facts, text.slice(keyStart, lineEnd))) return 'broken'
    if (lineEnd >= text.length) return isLast ? 'broken' : 'more'
    lineStart = lineEnd + 1
    // The frames of a stack in the key, all at once.
    const frames = framesEnd(text, lineStart, text.length, 1)
    if (!isLast && isOpenFrame(text, frames, text.length)) return 'more'
    lineStart = frames
    const lf = text.indexOf('\n', lineStart)
    if (lf < 0 && !isLast) return 'more'
    lineEnd = lf < 0 ? text.length : lf
    // The next entry is no part of a key that was cut off.
    if (ENTRY.test(text.slice(lineStart, Math.min(lineEnd, lineStart + LONGEST_NAME)))) return 'broken'
  }
  return 'broken'
}

/** `1]: 5 | @b[1`: the key of one entry, or two entries. */
const VALUE_IN_KEY = /\]: -?[0-9]+ /
const ENTRY = /^@[A-Za-z0-9_]*(?:\[|: )/
const LONGEST_NAME = 256

/** True for a map whose values are any text: every `]: ` may end its key. */
function isTextual(facts: MapFacts | undefined): boolean {
  return facts?.type === 'value' && ['text', 'unknown', 'words'].includes(facts.value.value.type)
}

/** True where the program says so of the whole key, or nothing. */
function mayBeKey(key: string, facts: MapFacts | undefined): boolean {
  if (facts === undefined || facts.keys.length === 0) return true
  const { segments, captures } = facts.textKey
  const slots = new Slots(captures.length)
  return new Search(captures.length).whole(segments, key, 0, key.length, slots, 0) !== 'none'
}

/** Places of `]:` in a line, the last first; where entries run together on a line, the first ends the first key. */
function closesOf(line: string, facts: MapFacts | undefined): readonly number[] {
  const closes: number[] = []
  for (let at = line.indexOf(']:'); at >= 0; at = line.indexOf(']:', at + 1)) closes.push(at)
  return facts?.runsTogether === true ? closes : closes.toReversed()
}

/** True when a key of this map can hold a line end. Without the program any can, but no more than a few. */
function mayGoOn(facts: MapFacts | undefined, key: string): boolean {
  if (facts === undefined) return key.split('\n').length < 4 || key.startsWith('\n')
  const types = facts.keys.map(({ value }) => value.type)
  return (
    types.length === 0 ||
    types.some((type) => ['text', 'words', 'stack', 'user_symbol', 'unknown', 'tuple'].includes(type))
  )
}

function valueAt(
  text: string,
  start: number,
  lineEnd: number,
  isLast: boolean,
  name: string,
  key: string | undefined,
  facts: MapFacts | undefined,
): EntryFinding {
  const rest = lineOf(text, start, lineEnd)
  const next = Math.min(lineEnd + 1, text.length)
  if (rest === '' || rest === ' ') {
    const drawn = drawingAt(text, next, isLast, name, key)
    if (drawn !== undefined) return drawn
    const isEmptyText = facts === undefined || (facts.type === 'value' && facts.value.value.type !== 'stack')
    return rest === ' ' && isEmptyText ? found({ name, key, value: { kind: 'text', bytes: '' } }, next) : 'broken'
  }
  if (rest[0] !== ' ') return 'broken'
  const value = rest.slice(1)
  const split = facts?.runsTogether === true ? runTogether(value, name, key) : undefined
  if (split !== undefined) return entriesFound(split, next)
  if (lineEnd >= text.length && isLast) return found({ name, key, value: { kind: 'cut' } }, next)
  const exact = exactValue(value)
  if (exact !== undefined) return found({ name, key, value: exact }, next)
  const noted = isTextual(facts) ? undefined : splitNote(value)
  const before = noted && exactValue(noted.line)
  if (before !== undefined) return { ...found({ name, key, value: before }, next), note: noted?.note }
  return facts === undefined || facts.type === 'value'
    ? found({ name, key, value: { kind: 'text', bytes: value } }, next)
    : 'broken'
}

/** A number, or what `stats()` prints. */
function exactValue(text: string): EntryValue | undefined {
  if (NUMBER.test(text)) return { kind: 'number', digits: text }
  const stats = STATS.exec(text)
  if (stats === null) return undefined
  const [count = '', average = '', total = ''] = stats.slice(1).filter((part) => part !== undefined)
  return uint(count, 0, count.length) === undefined ? undefined : { kind: 'stats', count, average, total }
}

function found({ name, key, value }: Omit<MapEntry, 'shows'>, end: number): EntriesFound {
  return entriesFound([{ name, key, value, shows: value.kind === 'stats' ? 'stats' : 'value' }], end)
}

function entriesFound(entries: readonly MapEntry[], end: number): EntriesFound {
  return { entries, end, damages: [], isIncomplete: false, note: undefined }
}

/** What is drawn under the name: a histogram, a series, a stack. An empty line behind the first two belongs to them. */
function drawingAt(text: string, start: number, isLast: boolean, name: string, key: string | undefined): EntryFinding {
  const first = lineFrom(text, start, isLast)
  if (first === undefined) return isLast ? undefined : 'more'
  if (isLikeRow(first.line)) return histogramAt(text, start, isLast, name, key)
  if (isSeriesHead(first.line)) return seriesAt(text, start, isLast, name, key)
  if (NUMBERS.test(first.line)) {
    const second = lineFrom(text, first.end, isLast)
    if (second === undefined && !isLast) return 'more'
    if (second !== undefined && isSeriesHead(second.line)) return seriesAt(text, start, isLast, name, key)
  }
  const frames = framesEnd(text, start, text.length, 1)
  if (!isLast && isOpenFrame(text, frames, text.length)) return 'more'
  return frames === start
    ? undefined
    : found({ name, key, value: { kind: 'text', bytes: trimmedEnd(withoutCr(text.slice(start, frames))) } }, frames)
}

/** The least and the greatest value, over and under the graph. */
const NUMBERS = /^\s*-?[0-9]+(?:\s+-?[0-9]+)?\s*$/

/** What stands above and below the graph: `hh:mm:ss.ms |____|`, `v____v`. */
const FRAME = /^(?:[ 0-9a-z.:]*[|v]_+[|v]\s*|<no data>)$/

function isSeriesHead(line: string): boolean {
  return /\|_+\|$/.test(line) || line === '<no data>' || INTERVAL.test(line)
}

/** An author left rows out. */
const ELISION = /^\s*(?:\.{2,}|\[\.{2,}\]|\xe2\x80\xa6)\s*$/

function histogramAt(
  text: string,
  start: number,
  isLast: boolean,
  name: string,
  key: string | undefined,
): EntryFinding {
  const rows: HistogramRow[] = []
  const damages: Damage[] = []
  let isElided = false
  for (let at = start; ; ) {
    const next = lineFrom(text, at, isLast)
    if (next === undefined && !isLast) return 'more'
    if (next !== undefined && rows.length > 0 && ELISION.test(next.line)) {
      isElided = true
      at = next.end
      continue
    }
    const row = next && readRow(next.line)
    if (next !== undefined && (row !== undefined || isLikeRow(next.line))) {
      if (row === undefined) damages.push({ start: at, end: next.end })
      else rows.push(row)
      at = next.end
      continue
    }
    if (rows.length === 0) return undefined
    const value: EntryValue = { kind: 'buckets', buckets: rows.map(({ bucket }) => bucket) }
    return {
      entries: [{ name, key, value, shows: shapeOf(rows) }],
      end: next?.line === '' ? next.end : at,
      damages,
      // An empty line ends it: where the input ends before, rows may have followed.
      isIncomplete: next === undefined || isElided || damages.length > 0 || !areWhole(rows),
      note: rows.map(({ note }) => note).find((note) => note !== undefined),
    }
  }
}

/** Of the drawing only the times and their values are taken. */
function seriesAt(text: string, start: number, isLast: boolean, name: string, key: string | undefined): EntryFinding {
  const entries: MapEntry[] = []
  const damages: Damage[] = []
  for (let at = start; ; ) {
    const next = lineFrom(text, at, isLast)
    if (next === undefined && !isLast) return 'more'
    const [, time, digits] = INTERVAL.exec(next?.line ?? '') ?? []
    const isPart = time !== undefined || (next !== undefined && (FRAME.test(next.line) || NUMBERS.test(next.line)))
    const isDamaged = !isPart && next !== undefined && SERIES_ROW.test(next.line)
    if (next === undefined || !(isPart || isDamaged)) {
      return { ...entriesFound(entries, next?.line === '' ? next.end : at), damages }
    }
    if (isDamaged) damages.push({ start: at, end: next.end })
    if (time !== undefined) {
      const value: EntryValue = { kind: 'interval', start: time, digits: digits === '-' ? undefined : digits }
      entries.push({ name, key, value, shows: 'tseries' })
    }
    at = next.end
  }
}

/** What an interval of a series begins with. */
const SERIES_ROW = /^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? [|*]/

function lineFrom(
  text: string,
  start: number,
  isLast: boolean,
): { readonly line: string; readonly end: number } | undefined {
  const lf = text.indexOf('\n', start)
  if (lf >= 0) return { line: lineOf(text, start, lf), end: lf + 1 }
  return isLast && start < text.length ? { line: text.slice(start), end: text.length } : undefined
}

/** `sk_skb_reason_drop@a[2]: __udp4_lib_rcv`: to 0.23 no line end between entries whose values are symbols or addresses. */
function runTogether(value: string, name: string, key: string | undefined): readonly MapEntry[] | undefined {
  const entries: MapEntry[] = []
  let from = value
  let at = key
  for (let next = from.indexOf(`${name}[`); next >= 0; next = from.indexOf(`${name}[`)) {
    const close = from.indexOf(']: ', next)
    if (close < 0) break
    entries.push({ name, key: at, value: { kind: 'text', bytes: from.slice(0, next) }, shows: 'value' })
    at = from.slice(next + name.length + 1, close)
    from = from.slice(close + 3)
  }
  if (entries.length === 0) return undefined
  return [...entries, { name, key: at, value: { kind: 'text', bytes: from }, shows: 'value' }]
}
