import type { Target } from '../program/vocabulary.ts'
import type { TextShape } from './shape.ts'

/** A part of a printed text. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'capture'; readonly capture: Capture }

/** A part that is a value of the event. */
export interface Capture {
  readonly shape: TextShape
  readonly pad: Pad | undefined
  readonly target: Target
  /** Its name in `args`, if it goes there. */
  readonly key: string
  /** How its text shows the value. */
  readonly notation: ValueNotation
  /** It says nothing of the event: it is a constant, the time of printing, a file, the output of a command. */
  readonly isAside?: true
  /** The format cuts the text to so many bytes, up to 0.23. A text of that length may have been longer. */
  readonly cutAt?: number
  /** The format has `0x` before the value. */
  readonly isHexMarked?: true
}

/** A width in bytes. Blanks fill it up, on the right with the `-` flag. Zeros are part of the shape instead. */
export interface Pad {
  readonly width: number
  readonly left: boolean
}

/** How the text of a capture shows its value. */
export type ValueNotation =
  /** `bits`: so many the conversion shows. */
  | { readonly as: 'number'; readonly base: 10 | 16 | 8; readonly bits: number }
  | { readonly as: 'pointer' }
  | { readonly as: 'text' }
  /** The name of an enumerator, or a number. */
  | { readonly as: 'name_or_number' }
  /** Bytes as `%rx` or `%rh` prints them. */
  | { readonly as: 'bytes' }
  | { readonly as: 'stack' }
  /** A number if the text is exactly a decimal number, else a text. */
  | { readonly as: 'scalar' }

export function captureCount(segments: readonly Segment[]): number {
  return segments.reduce((count, { kind }) => (kind === 'capture' ? count + 1 : count), 0)
}
