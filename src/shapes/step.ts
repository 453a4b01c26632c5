import type { ClockOffset } from '../time/clock.ts'
import type { TextForm } from './outline.ts'

/** What a unit of input is, from its first byte to its last. */
export type Step =
  | { readonly is: 'literal'; readonly text: string }
  | KeyStep
  /** Blanks, seconds without leading zeros, a point, so many digits. */
  | { readonly is: 'seconds'; readonly fraction: number; readonly offset: ClockOffset | undefined }
  /** Nanoseconds without leading zeros, a second or more. */
  | { readonly is: 'nanoseconds'; readonly offset: ClockOffset | undefined }
  /** So many decimal digits, of which the first is at most that. */
  | { readonly is: 'digits'; readonly count: number; readonly mostFirst: number }
  /** So many hexadecimal digits, of which the first is not zero. */
  | { readonly is: 'pointer'; readonly digits: number }
  /** At most 7 hexadecimal digits without leading zeros. */
  | { readonly is: 'hex' }
  /** Decimal digits without leading zeros. `width`: so many bytes, of which the first may be blanks; 0: no blanks. */
  | { readonly is: 'decimal'; readonly width: number; readonly most: number }
  | { readonly is: 'text'; readonly width: number; readonly form: TextForm }
  /** No bytes: the values of these steps, which are keys, have come together before. */
  | { readonly is: 'together'; readonly keys: readonly number[] }

/** A span that is looked up as a whole. */
export interface KeyStep {
  readonly is: 'key'
  /** It has so many bytes. Undefined: a literal follows, and the key ends where that begins. */
  readonly length: number | undefined
  /** So many places in the key look like the beginning of that literal. */
  readonly passes: number
}

/** What the line of output is. `step` is the place of a key or leaf among the steps. */
export type Put =
  | { readonly is: 'text'; readonly text: string }
  /** The text that the key chooses. A key has one for each of its pieces, in this order. */
  | { readonly is: 'piece'; readonly step: number }
  | { readonly is: 'leaf'; readonly step: number }
  /** The wall clock time of a step of seconds or nanoseconds that has an offset. */
  | { readonly is: 'ts'; readonly step: number }
  | { readonly is: 'line number' }
