import type { Bucket } from '../decode/metric.ts'

const UNITS = ' KMGTPE'
const BOUND = '-?[0-9]+[KMGTPE]?'
/** A bucket's line: its label padded to 16, the count, a bar of 52 (bpftrace 0.9 to 0.27). */
const LINE = new RegExp(
  String.raw`^(?:\[(${BOUND})\]|([[(])(${BOUND}|\.\.\.), (${BOUND}|\.\.\.)([)\]]))\s+([0-9]{1,16}) \|[@ ]*\|\s*$`,
)

/** What a line of a histogram says; undefined: it is none. Both bounds are inside: the upper one that is printed is not. */
export function readBucket(line: string): Bucket | undefined {
  const [, single, open, from = '', to = '', , countText] = LINE.exec(line) ?? []
  if (countText === undefined) return undefined
  const count = Number(countText)
  if (single !== undefined) return { min: boundOf(single), max: boundOf(single), count }
  if (open === undefined) return undefined
  return { ...(from !== '...' && { min: boundOf(from) }), ...(to !== '...' && { max: boundOf(to) - 1 }), count }
}

function boundOf(text: string): number {
  const unit = UNITS.indexOf(text.slice(-1))
  return unit > 0 ? Number(text.slice(0, -1)) * 1024 ** unit : Number(text)
}

/** True when some power of two bounds no bucket: buckets of one width, `lhist()`. */
export function isLinear(buckets: readonly Bucket[]): boolean {
  return buckets.some(({ min, max }) => {
    if (min === undefined) return max !== -1
    if (max === undefined) return true
    const next = max + 1
    return min < 0 || (min > 0 && !(isPower(min) && next === 2 * min)) || (min === 0 && next !== 1)
  })
}

function isPower(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}
