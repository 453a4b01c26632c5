import { uint } from '../../../src/text/scan.ts'
import type { Bucket } from '../decode/metric.ts'

const UNITS = ' KMGTPE'
/** Units are capitals; reports of 2018 have small ones. */
const BOUND = '-?[0-9]+[KMGTPEkmgtpe]?'
/**
 * A bucket's line: its label padded to 16, the count, a bar of 52 (bpftrace 0.9 to 0.27). Before 0.9 the first labels were closed: `(...,0]`, `[0, 1]`.
 */
const LINE = new RegExp(
  String.raw`^(?:\[(${BOUND})\]|([[(])(${BOUND}|\.\.\.), ?(${BOUND}|\.\.\.)([)\]]))\s+([0-9]{1,16}) \|[@ ]*\|(?:\s+(\S.*)?)?$`,
)
/** How a row begins, and how it ends: damage of a byte leaves one of them. */
const END = /^(?:\[-?[0-9]+[KMGTPEkmgtpe]?[\],)]|\(\.\.\.,)|[0-9] \|[@ ]+\|\s*$/

/** A row of a histogram. */
export interface HistogramRow {
  /** Both bounds are inside: the upper one that is printed is not, as a rule. */
  readonly bucket: Bucket
  /** Both bounds are printed, and inside: `[0, 1]`. */
  readonly isClosed: boolean
  /** What a person wrote behind the bar. */
  readonly note: string | undefined
}

/** What a line of a histogram says; undefined: it is none. */
export function readRow(line: string): HistogramRow | undefined {
  const [, single, open, from = '', to = '', close, countText, note] = LINE.exec(line) ?? []
  if (countText === undefined) return undefined
  const count = uint(countText, 0, countText.length)
  if (count === undefined) return undefined
  if (single !== undefined)
    return { bucket: { min: boundOf(single), max: boundOf(single), count }, isClosed: false, note }
  if (open === undefined) return undefined
  const isClosed = close === ']' && to !== '...'
  const min = from === '...' ? {} : { min: boundOf(from) }
  const max = to === '...' ? {} : { max: isClosed ? boundOf(to) : boundOf(to) - 1 }
  return { bucket: { ...min, ...max, count }, isClosed, note }
}

/** True for a line that begins or ends as a row does: when it is none then, it is damaged. */
export function isLikeRow(line: string): boolean {
  return END.test(line)
}

function boundOf(text: string): number {
  const unit = UNITS.indexOf(text.slice(-1).toUpperCase())
  return unit > 0 ? Number(text.slice(0, -1)) * 1024 ** unit : Number(text)
}

/** How the rows were made: with equal steps (`lhist()`), where some power of two bounds no bucket. */
export function shapeOf(rows: readonly HistogramRow[]): 'hist' | 'lhist' {
  if (rows.some(({ isClosed }) => isClosed)) return 'hist'
  const isLinear = rows.some(({ bucket: { min, max } }) => {
    if (min === undefined) return max !== -1
    if (max === undefined) return true
    const next = max + 1
    return min < 0 || (min > 0 && !(isPower(min) && next === 2 * min)) || (min === 0 && next !== 1)
  })
  return isLinear ? 'lhist' : 'hist'
}

/** Buckets are printed from the first to the last that is not empty: true where none is missing between. */
export function areWhole(rows: readonly HistogramRow[]): boolean {
  return rows.every((row, index) => {
    const before = rows[index - 1]
    if (before === undefined || before.isClosed || row.isClosed) return true
    return before.bucket.max !== undefined && row.bucket.min === before.bucket.max + 1
  })
}

function isPower(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}
