import type { MapFacts } from '../decode/maps.ts'
import type { Entry, EntryValue } from '../decode/metric.ts'
import { withoutCr } from '../decode/sections.ts'
import { framesEnd, isOpenFrame } from '../match/stack.ts'
import { isLinear, readBucket } from './histogram.ts'
import { lineOf } from './talk.ts'

export interface EntriesFound {
  /** Several where old versions run them together on a line. */
  readonly entries: readonly Entry[]
  readonly end: number
}

/** What is at a place where a map's entry may begin. */
export type EntryFinding = EntriesFound | 'more' | 'broken' | undefined

const NAME = /@[A-Za-z0-9_]*/y
/** A key with line ends is looked for over so many lines, a stack in it over so many more. */
const MOST_KEY_LINES = 64
const NUMBER = /^-?[0-9]{1,20}$/
/** `count 3, average 3, total 9` to 0.23, `{ .count = 3, .average = 3, .total = 9 }` from 0.24 on. */
const STATS =
  /^(?:count ([0-9]{1,16}), average (-?[0-9]{1,20}), total (-?[0-9]{1,20})|\{ \.count = ([0-9]{1,16}), \.average = (-?[0-9]{1,20}), \.total = (-?[0-9]{1,20}) \})$/
const INTERVAL = /^([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?) .{53} (-|-?[0-9]{1,20})$/

/**
 * The entry of a map that begins at `start`, an `@`. `maps` are the program's, whose names alone count; undefined where no program is known. `broken`: it begins as
 * an entry and ends as none.
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
    for (const at of closesOf(lineOf(text, lineStart, lineEnd), facts)) {
      const key = withoutCr(text.slice(keyStart, lineStart + at))
      const found = valueAt(text, lineStart + at + 2, lineEnd, isLast, name, key, facts)
      if (found !== undefined && found !== 'broken') return found
    }
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
  }
  return 'broken'
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
  const isTextual = facts !== undefined && facts.type === 'value' && facts.value.value.type !== 'stack'
  if (rest === '' || rest === ' ') {
    const drawn = drawingAt(text, next, isLast, name, key)
    if (drawn !== undefined) return drawn
    return rest === ' ' && (isTextual || facts === undefined)
      ? found(name, key, { kind: 'text', bytes: '' }, next)
      : 'broken'
  }
  if (rest[0] !== ' ') return 'broken'
  const value = rest.slice(1)
  const split = facts?.runsTogether === true ? runTogether(value, name, key) : undefined
  if (split !== undefined) return { entries: split, end: next }
  if (lineEnd >= text.length && isLast) return found(name, key, { kind: 'cut' }, next)
  if (NUMBER.test(value)) return found(name, key, { kind: 'number', digits: value }, next)
  const stats = STATS.exec(value)
  if (stats !== null) {
    const [count = '', average = '', total = ''] = stats.slice(1).filter((part) => part !== undefined)
    return found(name, key, { kind: 'stats', count, average, total }, next)
  }
  return facts === undefined || facts.type === 'value'
    ? found(name, key, { kind: 'text', bytes: value }, next)
    : 'broken'
}

function found(name: string, key: string | undefined, value: EntryValue, end: number): EntriesFound {
  const shows = value.kind === 'stats' ? 'stats' : 'value'
  return { entries: [{ name, key, value, shows }], end }
}

/** What is drawn under the name: a histogram, a series, a stack. An empty line behind the first two belongs to them. */
function drawingAt(text: string, start: number, isLast: boolean, name: string, key: string | undefined): EntryFinding {
  const first = lineFrom(text, start, isLast)
  if (first === undefined) return isLast ? undefined : 'more'
  if (readBucket(first.line) !== undefined) return histogramAt(text, start, isLast, name, key)
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
    : found(name, key, { kind: 'text', bytes: withoutCr(text.slice(start, frames)).trimEnd() }, frames)
}

/** The least and the greatest value, over and under the graph. */
const NUMBERS = /^\s*-?[0-9]+(?:\s+-?[0-9]+)?\s*$/

/** What stands above and below the graph: `hh:mm:ss.ms |____|`, `v____v`. */
const FRAME = /^(?:[ 0-9a-z.:]*[|v]_+[|v]\s*|<no data>)$/

function isSeriesHead(line: string): boolean {
  return /\|_+\|$/.test(line) || line === '<no data>' || INTERVAL.test(line)
}

function histogramAt(
  text: string,
  start: number,
  isLast: boolean,
  name: string,
  key: string | undefined,
): EntryFinding {
  const buckets = []
  let at = start
  for (;;) {
    const next = lineFrom(text, at, isLast)
    if (next === undefined && !isLast) return 'more'
    const bucket = next === undefined ? undefined : readBucket(next.line)
    if (next === undefined || bucket === undefined) {
      const end = next?.line === '' ? next.end : at
      return {
        entries: [{ name, key, value: { kind: 'buckets', buckets }, shows: isLinear(buckets) ? 'lhist' : 'hist' }],
        end,
      }
    }
    buckets.push(bucket)
    at = next.end
  }
}

/** Of the drawing only the times and their values are taken. */
function seriesAt(text: string, start: number, isLast: boolean, name: string, key: string | undefined): EntryFinding {
  const entries: Entry[] = []
  let at = start
  for (;;) {
    const next = lineFrom(text, at, isLast)
    if (next === undefined && !isLast) return 'more'
    if (next === undefined) return { entries, end: at }
    if (next.line === '') return { entries, end: next.end }
    const [, time, digits] = INTERVAL.exec(next.line) ?? []
    if (time === undefined && !FRAME.test(next.line) && !NUMBERS.test(next.line)) return { entries, end: at }
    if (time !== undefined) {
      const value: EntryValue = { kind: 'interval', start: time, digits: digits === '-' ? undefined : digits }
      entries.push({ name, key, value, shows: 'tseries' })
    }
    at = next.end
  }
}

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
function runTogether(value: string, name: string, key: string | undefined): readonly Entry[] | undefined {
  const entries: Entry[] = []
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
