import { isStack } from '../match/empty-stacks.ts'
import { joinLiterals } from '../match/format.ts'
import { patternOf, type TextPattern } from '../match/pattern.ts'
import type { Segment } from '../match/segment.ts'
import type { Decoder, TextPiece } from './decoder.ts'

/**
 * The decoders of a program's lines as a paste leaves them, the least damage first: without blanks at line ends; also
 * with single blanks and without padding; also without empty lines. Each reads undamaged lines too. Left out are those
 * that would be no different.
 */
export function relaxedDecoders(decoder: Decoder): readonly Decoder[] {
  return [trimmed, squeezed, unspaced].flatMap((relax) => relaxedDecoder(decoder, relax) ?? [])
}

type Relax = (segment: Segment, before: Segment | undefined, next: Segment | undefined) => Segment

function relaxedDecoder(decoder: Decoder, relax: Relax): Decoder | undefined {
  const following = new Map<number, TextPiece[]>()
  const pieces = decoder.pieces.map((piece): TextPiece => {
    const next: TextPiece[] = []
    following.set(piece.id, next)
    return { ...piece, next, patterns: withRelaxed(piece, relax) }
  })
  if (pieces.every(({ patterns }, index) => patterns.length === decoder.pieces[index]?.patterns.length))
    return undefined
  const byId = new Map(pieces.map((piece) => [piece.id, piece]))
  for (const { id, next } of decoder.pieces) following.get(id)?.push(...next.flatMap((one) => byId.get(one.id) ?? []))
  return { ...decoder, pieces }
}

function withRelaxed({ patterns }: TextPiece, relax: Relax): readonly TextPattern[] {
  return [...patterns, ...patterns.flatMap((pattern) => relaxed(pattern, relax) ?? [])]
}

/** Undefined: the pattern has nothing to relax. */
function relaxed({ segments }: TextPattern, relax: Relax): TextPattern | undefined {
  const changed = segments.map((segment, index) => relax(segment, segments[index - 1], segments[index + 1]))
  const isSame = changed.every((segment, index) => {
    const before = segments[index]
    return (
      segment === before || (segment.kind === 'literal' && before?.kind === 'literal' && segment.text === before.text)
    )
  })
  return isSame ? undefined : patternOf(joinLiterals(changed))
}

function trimmed(segment: Segment, _before: Segment | undefined, next: Segment | undefined): Segment {
  return segment.kind === 'literal' ? { kind: 'literal', text: withoutEnds(segment.text, next) } : segment
}

function squeezed(segment: Segment, _before: Segment | undefined, next: Segment | undefined): Segment {
  if (segment.kind === 'literal') {
    return { kind: 'literal', text: withoutEnds(segment.text, next).replaceAll(/ {2,}/g, ' ') }
  }
  const { capture } = segment
  return capture.pad === undefined ? segment : { kind: 'capture', capture: { ...capture, pad: undefined } }
}

/** The text of a stack ends in a line end: a line end after it is an empty line. */
function unspaced(segment: Segment, before: Segment | undefined, next: Segment | undefined): Segment {
  if (segment.kind !== 'literal') return segment
  const text = withoutEnds(segment.text, next).replaceAll(/\n{2,}/g, '\n')
  return { kind: 'literal', text: isStack(before) ? text.replace(/^\n/, '') : text }
}

/** Without the blanks before line ends. A stack begins with a line end. */
function withoutEnds(literal: string, next: Segment | undefined): string {
  const text = literal.replaceAll(/(?<! ) +\n/g, '\n')
  return isStack(next) ? text.trimEnd() : text
}
