import type { Adapter } from '../contract.ts'
import { markEnd } from '../text/mark.ts'
import type { Implied, Seam } from './seam.ts'
import { LONGEST_UNIT_BYTES } from './window.ts'

const FIRST_LINES = 16
/** Only this tool prints such a line. */
export const SURE = 90
export const LIKELY = 60
const LEAD = 20

/** `more`: too few lines yet; `unrecognized`: no reader knows these lines. */
export type Finding = Seam | 'more' | 'unrecognized'

/**
 * Who reads an input, by its first lines (16 count as one): the first line that somebody is sure of decides, or that an implied reader knows; with none, the best of 60 or
 * more with a lead of 20 over all of them, or else the implied one. The answer hangs on lines, never on how they arrived.
 */
export function findReader(text: string, last: boolean, adapters: readonly Adapter[], implied?: Implied): Finding {
  const begin = markEnd(text)
  let start = begin
  let lines = 0
  while (lines < FIRST_LINES && start < text.length) {
    const lf = text.indexOf('\n', start)
    if (lf < 0 && !last) break
    const end = lf < 0 ? text.length : lf + 1
    const line = text.slice(start, end)
    const sure = surest(line, adapters, SURE)
    if (sure !== undefined) return sure
    if (implied?.reads(line) === true) return impliedSeam(implied.adapter)
    start = end
    lines++
  }
  if (lines < FIRST_LINES && !last && text.length < LONGEST_UNIT_BYTES) return 'more'
  return (
    likeliest(text.slice(begin, start), adapters) ??
    (implied === undefined ? 'unrecognized' : impliedSeam(implied.adapter))
  )
}

/** `--from`. Without a format the first line tells it, else it is the adapter's first. */
export interface GivenReader {
  readonly adapter: Adapter
  readonly format: string | undefined
}

/** The format hangs on the first line alone: no record waits for the next where the reader is given. */
export function givenReader({ adapter, format }: GivenReader, text: string, last: boolean): Seam | 'more' {
  const lf = text.indexOf('\n')
  if (format === undefined && lf < 0 && !last && text.length < LONGEST_UNIT_BYTES) return 'more'
  const known =
    format ?? adapter.detect(lf < 0 ? text : text.slice(0, lf + 1))?.format ?? adapter.formats[0]?.name ?? ''
  return { adapter, verdict: { format: known, score: 100, why: 'given by --from' } }
}

/** The best of 60 or more with a lead of 20. */
function likeliest(lines: string, adapters: readonly Adapter[]): Seam | undefined {
  const first = surest(lines, adapters, LIKELY)
  const second = surest(
    lines,
    adapters.filter((adapter) => adapter !== first?.adapter),
    1,
  )
  if (first === undefined) return undefined
  return first.verdict.score - (second?.verdict.score ?? 0) >= LEAD ? first : undefined
}

/** The adapter that a flag implies takes over. */
export function impliedSeam(adapter: Adapter): Seam {
  const format = adapter.formats[0]?.name ?? ''
  return { adapter, verdict: { format, score: LIKELY, why: 'a flag tells what it is, and nobody is sure of another' } }
}

/** The surest about these lines, where that is `least` at least. */
export function surest(lines: string, adapters: readonly Adapter[], least: number): Seam | undefined {
  let found: Seam | undefined
  for (const adapter of adapters) {
    const verdict = adapter.detect(lines)
    if (verdict !== undefined && verdict.score >= least && verdict.score > (found?.verdict.score ?? 0))
      found = { adapter, verdict }
  }
  return found
}
