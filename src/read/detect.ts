import type { Adapter } from '../contract.ts'
import type { Seam } from './intake.ts'
import { LONGEST_UNIT_BYTES } from './window.ts'

const FIRST_LINES = 16
/** Only this tool prints such a line. */
const SURE = 90
const LIKELY = 60
const LEAD = 20

/** `more`: too few lines yet; `nobody`: no reader knows these lines. */
export type Finding = Seam | 'more' | 'nobody'

/**
 * Who reads an input, by its first lines (16 count as one): the first line that somebody is sure of decides; with none, the best of 60 or
 * more with a lead of 20 over all of them. The answer hangs on lines, never on how they arrived.
 */
export function findReader(text: string, last: boolean, adapters: readonly Adapter[]): Finding {
  let start = 0
  let lines = 0
  while (lines < FIRST_LINES && start < text.length) {
    const lf = text.indexOf('\n', start)
    if (lf < 0 && !last) break
    const end = lf < 0 ? text.length : lf + 1
    const sure = best(text.slice(start, end), adapters)
    if (sure !== undefined && sure.verdict.score >= SURE) return sure
    start = end
    lines++
  }
  if (lines < FIRST_LINES && !last && text.length < LONGEST_UNIT_BYTES) return 'more'
  const head = text.slice(0, start)
  const first = best(head, adapters)
  if (first === undefined || first.verdict.score < LIKELY) return 'nobody'
  const second = best(
    head,
    adapters.filter((adapter) => adapter !== first.adapter),
  )
  return first.verdict.score - (second?.verdict.score ?? 0) >= LEAD ? first : 'nobody'
}

function best(lines: string, adapters: readonly Adapter[]): Seam | undefined {
  let found: Seam | undefined
  for (const adapter of adapters) {
    const verdict = adapter.detect(lines)
    if (verdict !== undefined && verdict.score > (found?.verdict.score ?? 0)) found = { adapter, verdict }
  }
  return found
}
