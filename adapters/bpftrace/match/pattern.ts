import { type LinePlan, matchLine, planLine } from './line-plan.ts'
import type { Finding, Search } from './search.ts'
import type { Capture, Segment } from './segment.ts'
import { holdsLines } from './shape.ts'
import type { Slots } from './slots.ts'

/** The text that one or more calls print, compiled. */
export interface Pattern {
  readonly segments: readonly Segment[]
  readonly captures: readonly Capture[]
  /** It ends in a line end. */
  readonly endsLine: boolean
  /** For texts of one line with their end: a reading that needs no trying. */
  readonly plan: LinePlan | undefined
  /** It has no value and no text beside line ends. */
  readonly isBlank: boolean
  /** It has no text of its own but line ends: any line may be it. */
  readonly isBare: boolean
  /** A value in it may have line ends. */
  readonly mayHoldLines: boolean
}

export function patternOf(segments: readonly Segment[]): Pattern {
  const last = segments[segments.length - 1]
  const endsLine = last?.kind === 'literal' && last.text.endsWith('\n')
  const body = endsLine ? bodyOf(segments, last.text) : segments
  const texts = segments.map((segment) => (segment.kind === 'literal' ? segment.text : ''))
  const captures = segments.flatMap((segment) => (segment.kind === 'capture' ? [segment.capture] : []))
  return {
    segments,
    captures,
    endsLine,
    plan: endsLine ? planLine(body) : undefined,
    isBlank: captures.length === 0 && /^\n*$/.test(texts.join('')),
    isBare: captures.length > 0 && /^\n*$/.test(texts.join('')) && segments.some(isFree),
    mayHoldLines: captures.some(({ shape }) => holdsLines(shape)),
  }
}

function isFree(segment: Segment): boolean {
  return segment.kind === 'capture' && segment.capture.shape.kind === 'text'
}

/** The segments without the line end at their end. */
function bodyOf(segments: readonly Segment[], last: string): readonly Segment[] {
  const rest = segments.slice(0, -1)
  return last === '\n' ? rest : [...rest, { kind: 'literal', text: last.slice(0, -1) }]
}

/**
 * The readings of the text that begins at `start`, values without line ends; `lineEnd` is that of its first line (-1: not there yet), a CR before it
 * apart. `search.end` is behind the reading.
 */
export function findHere(
  pattern: Pattern,
  search: Search,
  text: string,
  start: number,
  lineEnd: number,
  limit: number,
  isLast: boolean,
  slots: Slots,
  base: number,
): Finding {
  if (pattern.plan !== undefined && lineEnd >= 0) {
    const end = lineEnd > start && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd
    if (matchLine(pattern.plan, text, start, end, slots, base)) {
      search.end = lineEnd + 1
      return 'one'
    }
    return 'none'
  }
  return search.begin('within_lines', pattern.segments, text, start, limit, isLast, slots, base)
}
