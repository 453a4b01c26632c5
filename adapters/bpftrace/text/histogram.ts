import { uint } from '../../../src/text/scan.ts'
import type { Bucket } from '../decode/metric.ts'

const UNITS = ' KMGTPE'
/** Units are capitals, in reports of 2018 small letters. */
const BOUND = '-?[0-9]+[KMGTPEkmgtpe]?'
/**
 * The line of a bucket (bpftrace 0.9 to 0.27): a label padded to 16, the count, a bar of 52. Before 0.9 the first
 * labels were closed: `(...,0]`, `[0, 1]`.
 */
const LINE = new RegExp(
  String.raw`^(?:\[(${BOUND})\]|([[(])(${BOUND}|\.\.\.), ?(${BOUND}|\.\.\.)([)\]]))\s+([0-9]{1,16}) \|[@ ]*\|(?:\s+(\S.*)?)?$`,
)
/** How a row begins, or how it ends: one damaged byte leaves one of the two. */
const END = /^(?:\[-?[0-9]+[KMGTPEkmgtpe]?[\],)]|\(\.\.\.,)|[0-9] \|[@ ]+\|\s*$/

/** A row of a histogram. */
export interface HistogramRow {
  /** Both bounds belong to the bucket. Usually the upper bound that is printed does not. */
  readonly bucket: Bucket
  /** Both printed bounds belong to the bucket: `[0, 1]`. */
  readonly isClosed: boolean
  /** What a person wrote after the bar. */
  readonly note: string | undefined
}

/** The row of a line. Undefined: the line is not a row. */
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

/** True for a line that begins or ends like a row. If it is not a row, it is a damaged one. */
export function isLikeRow(line: string): boolean {
  return END.test(line)
}

function boundOf(text: string): number {
  const unit = UNITS.indexOf(text.slice(-1).toUpperCase())
  return unit > 0 ? Number(text.slice(0, -1)) * 1024 ** unit : Number(text)
}

/** How the rows were made: by `lhist()`, with equal steps, if a bound is not a power of two. */
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

/** True when no row is missing: all buckets from the first to the last one that is not empty are printed. */
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
