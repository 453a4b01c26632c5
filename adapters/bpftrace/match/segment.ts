import type { Target } from '../program/vocabulary.ts'
import type { Shape } from './shape.ts'

/** One stretch of a printed text. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'capture'; readonly capture: Capture }

/** A place in a printed text where a value of the event stands. */
export interface Capture {
  readonly shape: Shape
  readonly pad: Pad | undefined
  readonly target: Target
  /** What `args` calls it, where it goes there. */
  readonly key: string
  /** How its text is read. */
  readonly notation: ValueNotation
  /** It tells nothing of the event: a constant, the time of printing, a file, a command. */
  readonly isAside?: true
  /** Bytes to which the format cuts it, to 0.23: a text so long may have been longer. */
  readonly cutAt?: number
  /** The format has `0x` before it. */
  readonly isHexMarked?: true
}

/** A width: blanks (or zeros, which the shape allows for) fill up to it, on the right with the `-` flag. In bytes. */
export interface Pad {
  readonly width: number
  readonly left: boolean
}

export type ValueNotation =
  /** A number as printed; `bits`: as many as the conversion shows. */
  | { readonly as: 'number'; readonly base: 10 | 16 | 8; readonly bits: number }
  | { readonly as: 'pointer' }
  | { readonly as: 'text' }
  /** An enumerator's name or a number. */
  | { readonly as: 'name_or_number' }
  /** Bytes as `%rx` or `%rh` prints them. */
  | { readonly as: 'bytes' }
  | { readonly as: 'stack' }
  /** A number where the text is one as it stands. */
  | { readonly as: 'scalar' }
