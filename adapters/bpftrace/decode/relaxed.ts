import { joinLiterals } from '../match/format.ts'
import { type Pattern, patternOf } from '../match/pattern.ts'
import type { Segment } from '../match/segment.ts'
import type { Decoder, Piece } from './compile.ts'

/**
 * A program's pieces as their lines look after a paste, also as they were, the least damage first: blanks at line ends cut; runs of blanks squeezed and
 * padding lost; empty lines left out. Only where that differs from what the program prints.
 */
export function relaxedDecoders(decoder: Decoder): readonly Decoder[] {
  return [trimmed, squeezed, unspaced].flatMap((relax) => {
    const pieces = decoder.pieces.map((piece): Writable<Piece> => ({ ...piece, patterns: withRelaxed(piece, relax) }))
    if (pieces.every(({ patterns }, index) => patterns.length === decoder.pieces[index]?.patterns.length)) return []
    const byId = new Map(pieces.map((piece) => [piece.id, piece]))
    for (const piece of pieces) piece.next = piece.next.flatMap(({ id }) => byId.get(id) ?? [])
    return [{ ...decoder, pieces }]
  })
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

type Relax = (segment: Segment, before: Segment | undefined, next: Segment | undefined) => Segment

function withRelaxed({ patterns }: Piece, relax: Relax): readonly Pattern[] {
  return [...patterns, ...patterns.flatMap((pattern) => relaxed(pattern, relax) ?? [])]
}

function relaxed({ segments }: Pattern, relax: Relax): Pattern | undefined {
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

/** Behind a stack, whose text ends in one, a line end is an empty line. */
function unspaced(segment: Segment, before: Segment | undefined, next: Segment | undefined): Segment {
  if (segment.kind !== 'literal') return segment
  const text = withoutEnds(segment.text, next).replaceAll(/\n{2,}/g, '\n')
  return { kind: 'literal', text: isStack(before) ? text.replace(/^\n/, '') : text }
}

function isStack(segment: Segment | undefined): boolean {
  return segment?.kind === 'capture' && segment.capture.shape.kind === 'stack'
}

/** Without the blanks before line ends; a stack begins with one. */
function withoutEnds(literal: string, next: Segment | undefined): string {
  const text = literal.replaceAll(/(?<! ) +\n/g, '\n')
  return isStack(next) ? text.trimEnd() : text
}
