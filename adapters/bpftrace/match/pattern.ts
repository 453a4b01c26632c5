import { type LinePlan, matchLine, planLine } from './line-plan.ts'
import type { Search, SearchResult } from './search.ts'
import type { Capture, Segment } from './segment.ts'
import { holdsLines, mostOf } from './shape.ts'
import type { Slots } from './slots.ts'

/** The text that one or more calls print, compiled. */
export interface TextPattern {
  readonly segments: readonly Segment[]
  readonly captures: readonly Capture[]
  /** It ends with a line end. */
  readonly endsLine: boolean
  /** For a line with its end that can be read without a search. */
  readonly plan: LinePlan | undefined
  /** It has no value, and no text but line ends. */
  readonly isBlank: boolean
  /** It has a free value, and no text but line ends: any line may fit it. */
  readonly isBare: boolean
  /** The greatest length of a text with line ends in its values; 0: no value can have any. */
  readonly longestOverLines: number
  /**
   * The literals of a text of one line, in order: a line without them does not fit. Undefined: there may be several
   * lines.
   */
  readonly anchors: readonly string[] | undefined
}

export function patternOf(segments: readonly Segment[]): TextPattern {
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
    longestOverLines: captures.some(({ shape }) => holdsLines(shape)) ? longestOf(segments) : 0,
    anchors: endsLine ? anchorsOf(body, captures) : undefined,
  }
}

function longestOf(segments: readonly Segment[]): number {
  return segments.reduce(
    (sum, one) =>
      sum +
      (one.kind === 'literal' ? one.text.length : Math.max(mostOf(one.capture.shape), one.capture.pad?.width ?? 0)),
    0,
  )
}

function anchorsOf(body: readonly Segment[], captures: readonly Capture[]): readonly string[] | undefined {
  if (captures.some(({ shape }) => shape.kind === 'stack')) return undefined
  const literals = body.flatMap((segment) => (segment.kind === 'literal' ? [segment.text] : []))
  return literals.some((literal) => /[\r\n]/.test(literal)) ? undefined : literals
}

/** True when the line has the literals of the pattern, in order. */
function isAnchored({ anchors }: TextPattern, text: string, start: number, end: number): boolean {
  if (anchors === undefined) return true
  const line = text.slice(start, end)
  let at = 0
  for (const literal of anchors) {
    const found = line.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return true
}

function isFree(segment: Segment): boolean {
  return segment.kind === 'capture' && segment.capture.shape.kind === 'text'
}

/** The segments without the last line end. */
function bodyOf(segments: readonly Segment[], last: string): readonly Segment[] {
  const rest = segments.slice(0, -1)
  return last === '\n' ? rest : [...rest, { kind: 'literal', text: last.slice(0, -1) }]
}

/**
 * The readings of the text that begins at `start`, with no line end in its values. `lineEnd` is the LF of its first
 * line, -1 where the window has none. `search.end` becomes the offset after the reading.
 */
export function findHere(
  pattern: TextPattern,
  search: Search,
  text: string,
  start: number,
  lineEnd: number,
  limit: number,
  isLast: boolean,
  slots: Slots,
  base: number,
): SearchResult {
  if (pattern.plan !== undefined && lineEnd >= 0) {
    const end = lineEnd > start && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd
    if (matchLine(pattern.plan, text, start, end, slots, base)) {
      search.end = lineEnd + 1
      return 'one'
    }
    return 'none'
  }
  if (lineEnd >= 0 && !isAnchored(pattern, text, start, lineEnd)) return 'none'
  return search.begin('within_lines', pattern.segments, text, start, limit, isLast, slots, base)
}
