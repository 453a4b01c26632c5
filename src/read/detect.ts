import type { Adapter } from '../contract.ts'
import { markEnd } from '../text/mark.ts'
import type { Implied, Seam } from './seam.ts'
import { LONGEST_UNIT_BYTES } from './window.ts'

const FIRST_LINES = 16
/** Only this tool prints such a line, or writes such bytes. */
export const SURE = 90
export const LIKELY = 60
const LEAD = 20
/** So much of an input an adapter may look at. */
const HEAD_BYTES = 64 * 1024

/** `more`: too few bytes yet; `unrecognized`: no reader knows these. */
export type Finding = Seam | 'more' | 'unrecognized'

/**
 * Who reads an input. An adapter that is sure of its first bytes decides. Else its first lines do (16 count as one):
 * the first line that an adapter is sure of, or that an implied reader knows; without such a line, the best of 60 or
 * more with a lead of 20 over all of them, or else the implied one. The answer depends only on the bytes, not on how
 * they arrived.
 */
export function findReader(text: string, last: boolean, adapters: readonly Adapter[], implied?: Implied): Finding {
  const begin = markEnd(text)
  const byHead = findByHead(text.slice(begin, begin + HEAD_BYTES), last, adapters)
  return byHead ?? findByLines(text, begin, last, adapters, implied)
}

/**
 * Who is sure of the first bytes of an input: each adapter is asked about the first one, two, four… bytes while it
 * answers `more`. So what it says does not depend on how many bytes came at once.
 */
function findByHead(head: string, last: boolean, adapters: readonly Adapter[]): Seam | 'more' | undefined {
  let asked = adapters.filter((adapter) => adapter.detectHead !== undefined)
  for (let bytes = 1; asked.length > 0 && bytes <= HEAD_BYTES; bytes *= 2) {
    if (head.length < bytes && !last) return 'more'
    const waiting: Adapter[] = []
    let found: Seam | undefined
    for (const adapter of asked) {
      const verdict = adapter.detectHead?.(head.slice(0, bytes))
      if (verdict === 'more') waiting.push(adapter)
      else if (verdict !== undefined && verdict.score >= Math.max(SURE, (found?.verdict.score ?? 0) + 1))
        found = { adapter, verdict }
    }
    if (found !== undefined || (last && bytes >= head.length)) return found
    asked = waiting
  }
  return undefined
}

function findByLines(
  text: string,
  begin: number,
  last: boolean,
  adapters: readonly Adapter[],
  implied: Implied | undefined,
): Finding {
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

/** `--from`. Without a format the beginning of the input decides, else it is the adapter's first. */
export interface GivenReader {
  readonly adapter: Adapter
  readonly format: string | undefined
}

/** Of lines, the first alone decides on the format: no record waits for the next line where the reader is given. */
export function givenReader({ adapter, format }: GivenReader, text: string, last: boolean): Seam | 'more' {
  const known = format ?? formatOf(adapter, text, last)
  if (known === undefined) return 'more'
  return { adapter, verdict: { format: known, score: 100, why: 'given by --from' } }
}

/** Undefined: too few bytes yet. */
function formatOf(adapter: Adapter, text: string, last: boolean): string | undefined {
  const byHead = findByHead(text.slice(0, HEAD_BYTES), last, [adapter])
  if (byHead === 'more') return undefined
  if (byHead !== undefined) return byHead.verdict.format
  const lf = text.indexOf('\n')
  if (lf < 0 && !last && text.length < LONGEST_UNIT_BYTES) return undefined
  return adapter.detect(lf < 0 ? text : text.slice(0, lf + 1))?.format ?? adapter.formats[0]?.name ?? ''
}

/** The surest of 60 or more, with a lead of 20. */
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

/** Why the adapter that a flag implies takes over, for people. */
export const IMPLIED = 'a flag tells what it is, and nobody is sure of another'

/** Where the adapter that a flag implies takes over. */
export function impliedSeam(adapter: Adapter): Seam {
  const format = adapter.formats[0]?.name ?? ''
  return { adapter, verdict: { format, score: LIKELY, why: IMPLIED } }
}

/** The adapter that is surest about these lines, where its score is `least` or more. */
export function surest(lines: string, adapters: readonly Adapter[], least: number): Seam | undefined {
  let found: Seam | undefined
  for (const adapter of adapters) {
    const verdict = adapter.detect(lines)
    if (verdict !== undefined && verdict.score >= least && verdict.score > (found?.verdict.score ?? 0))
      found = { adapter, verdict }
  }
  return found
}
