import { joinLiterals } from '../match/format.ts'
import { type Pattern, patternOf } from '../match/pattern.ts'
import type { Segment } from '../match/segment.ts'
import type { Decoder, Piece } from './compile.ts'

/**
 * A program's pieces as their lines look after a paste, the least damage first: blanks at line ends cut; runs of blanks squeezed and padding lost. Only those
 * that differ from what the program prints.
 */
export function relaxedDecoders(decoder: Decoder): readonly Decoder[] {
  return [trimmed, squeezed].map((relax) => ({
    ...decoder,
    pieces: decoder.pieces.flatMap((piece) => relaxedPiece(piece, relax)),
  }))
}

type Relax = (segment: Segment, next: Segment | undefined) => Segment

function relaxedPiece(piece: Piece, relax: Relax): readonly Piece[] {
  const patterns = piece.patterns.flatMap((pattern) => relaxed(pattern, relax) ?? [])
  return patterns.length === 0 ? [] : [{ ...piece, patterns }]
}

function relaxed({ segments }: Pattern, relax: Relax): Pattern | undefined {
  const changed = segments.map((segment, index) => relax(segment, segments[index + 1]))
  const isSame = changed.every((segment, index) => {
    const before = segments[index]
    return (
      segment === before || (segment.kind === 'literal' && before?.kind === 'literal' && segment.text === before.text)
    )
  })
  return isSame ? undefined : patternOf(joinLiterals(changed))
}

function trimmed(segment: Segment, next: Segment | undefined): Segment {
  return segment.kind === 'literal' ? { kind: 'literal', text: withoutEnds(segment.text, next) } : segment
}

function squeezed(segment: Segment, next: Segment | undefined): Segment {
  if (segment.kind === 'literal') {
    return { kind: 'literal', text: withoutEnds(segment.text, next).replaceAll(/ {2,}/g, ' ') }
  }
  const { capture } = segment
  return capture.pad === undefined ? segment : { kind: 'capture', capture: { ...capture, pad: undefined } }
}

/** Without the blanks before line ends; a stack begins with one. */
function withoutEnds(literal: string, next: Segment | undefined): string {
  const text = literal.replaceAll(/ +\n/g, '\n')
  return next?.kind === 'capture' && next.capture.shape.kind === 'stack' ? text.trimEnd() : text
}
