import type { Context } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { bareName } from '../../../src/kernel/reasons/reasons.ts'
import type { TextPattern } from '../match/pattern.ts'
import { Search } from '../match/search.ts'
import { type Capture, captureCount, type Segment } from '../match/segment.ts'
import { mostOf, type TextShape } from '../match/shape.ts'
import { Slots } from '../match/slots.ts'
import type { Decoder, TextPiece } from './decoder.ts'
import { type DecodeContext, recipeOf } from './recipe.ts'

/** How far a cut text goes along a pattern. */
interface Beginning {
  readonly piece: TextPiece
  readonly pattern: TextPattern
  /** How many segments are whole. */
  readonly whole: number
  /** The last whole capture touches the end of the input. */
  readonly isTouched: boolean
}

/**
 * The record of a text that is cut by the end of the input, without the member that touches the end. `truncated`: the
 * text begins like a piece of the program, but has no whole value, or may belong to several pieces. Undefined: it does
 * not begin like a piece.
 */
export function cutAt(
  decoder: Decoder,
  text: string,
  at: number,
  context: DecodeContext,
  { isWholeReason }: Context,
): EventRecord | 'truncated' | undefined {
  const slots = new Slots(
    Math.max(1, ...decoder.pieces.flatMap(({ patterns }) => patterns.map(({ captures }) => captures.length))),
  )
  const search = new Search(slots.starts.length)
  const beginnings = decoder.pieces.flatMap((piece) =>
    piece.patterns.flatMap((pattern) => beginningOf(piece, pattern, text, at, search, slots) ?? []),
  )
  const most = Math.max(...beginnings.map(({ whole }) => whole))
  const best = beginnings.find(({ whole }) => whole === most)
  if (best === undefined) return undefined
  const others = beginnings.filter(({ piece, whole }) => whole === most || piece !== best.piece)
  const { piece, pattern, whole } = best
  const segments = pattern.segments.slice(0, whole)
  const captures = wholeCaptures(best, text, at, search, slots, isWholeReason)
  // If only empty stacks are whole, nothing is.
  const isNothing = captures.length === 0 || (slots.end(captures.length - 1) === at && !isAnchored(segments))
  if (isNothing || others.length > 1) return isAnchored(segments) ? 'truncated' : undefined
  return recipeOf(captures, piece.clause, piece.opens, false, slots, 'text', context).build(text)
}

/** How far the text goes along a pattern. Undefined: it does not begin like it, or in several ways. */
function beginningOf(
  piece: TextPiece,
  pattern: TextPattern,
  text: string,
  at: number,
  search: Search,
  slots: Slots,
): Beginning | undefined {
  const { segments } = pattern
  for (let whole = segments.length; whole >= 0; whole--) {
    for (const tail of tailsOf(segments, whole)) {
      const finding = search.whole([...segments.slice(0, whole), ...tail], text, at, text.length, slots, 0)
      if (finding === 'one')
        return { piece, pattern, whole, isTouched: tail.length === 0 && segments[whole - 1]?.kind === 'capture' }
      if (finding === 'several') return undefined
    }
  }
  return undefined
}

/** What may be left of a cut segment: nothing, the beginning of its literal, bytes of its class. */
function tailsOf(segments: readonly Segment[], whole: number): readonly (readonly Segment[])[] {
  const next = segments[whole]
  if (next === undefined) return whole === 0 ? [] : [[]]
  const nothing: readonly (readonly Segment[])[] = whole === 0 ? [] : [[]]
  if (next.kind === 'capture')
    return [
      ...nothing,
      [{ kind: 'capture', capture: { ...next.capture, pad: undefined, shape: partOf(next.capture.shape) } }],
    ]
  const parts = Array.from({ length: next.text.length - 1 }, (_, index) => next.text.slice(0, index + 1))
  return [...nothing, ...parts.map((text): readonly Segment[] => [{ kind: 'literal', text }])]
}

function partOf(shape: TextShape): TextShape {
  if (shape.kind === 'run') return { ...shape, least: 0, limit: undefined }
  const most = mostOf(shape)
  return { kind: 'text', least: 0, most: Number.isFinite(most) ? most : 65_536 }
}

/** The whole captures. One that touches the end counts only if it cannot be a part of a longer value. */
function wholeCaptures(
  { pattern, whole, isTouched }: Beginning,
  text: string,
  at: number,
  search: Search,
  slots: Slots,
  isWholeReason: (name: string) => boolean,
): readonly Capture[] {
  const { segments } = pattern
  for (const tail of tailsOf(segments, whole)) {
    if (search.whole([...segments.slice(0, whole), ...tail], text, at, text.length, slots, 0) === 'one') break
  }
  const count = captureCount(segments.slice(0, whole))
  const last = pattern.captures[count - 1]
  const isWhole =
    last !== undefined && last.target.to === 'reason' && isWholeReason(bareName(slots.text(text, count - 1)))
  return pattern.captures.slice(0, isTouched && !isWhole ? count - 1 : count)
}

/** True when the text begins with a literal of the format. */
function isAnchored(segments: readonly Segment[]): boolean {
  const [first] = segments
  return first?.kind === 'literal' && first.text.trim().length > 1
}
