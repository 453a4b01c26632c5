import { joinLiterals } from '../match/format.ts'
import { type Pattern, patternOf } from '../match/pattern.ts'
import type { Segment } from '../match/segment.ts'
import type { Decoder, Piece } from './compile.ts'

/**
 * A program's pieces as their lines look after a paste: blanks at line ends cut, runs of blanks squeezed, padding lost. Only those that differ; each is a run of
 * its own.
 */
export function relaxedDecoder(decoder: Decoder): Decoder {
  const pieces = decoder.pieces.flatMap((piece): readonly Piece[] => {
    const patterns = piece.patterns.flatMap((pattern) => relaxed(pattern) ?? [])
    return patterns.length === 0 ? [] : [{ ...piece, patterns }]
  })
  return { ...decoder, pieces }
}

function relaxed(pattern: Pattern): Pattern | undefined {
  const { segments } = pattern
  const changed = segments.map((segment, index): Segment => {
    if (segment.kind === 'capture') {
      return segment.capture.pad === undefined
        ? segment
        : { kind: 'capture', capture: { ...segment.capture, pad: undefined } }
    }
    const text = segment.text.replaceAll(/ +\n/g, '\n').replaceAll(/ {2,}/g, ' ')
    const next = segments[index + 1]
    const isBeforeStack = next?.kind === 'capture' && next.capture.shape.kind === 'stack'
    return { kind: 'literal', text: isBeforeStack ? text.trimEnd() : text }
  })
  const isSame = changed.every((segment, index) => {
    const before = segments[index]
    return (
      segment === before || (segment.kind === 'literal' && before?.kind === 'literal' && segment.text === before.text)
    )
  })
  return isSame ? undefined : patternOf(joinLiterals(changed))
}
