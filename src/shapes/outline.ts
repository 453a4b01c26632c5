import type { PartName } from '../event/generated/members.ts'
import type { Leaf } from '../event/leaf.ts'

/** What bytes `[start, end)` of a unit made of its record. */
export type OutlineSpan = KeySpan | LeafSpan

/** The parts depend on these bytes alone, and on those between the spans. */
export interface KeySpan {
  readonly is: 'key'
  readonly start: number
  readonly end: number
  readonly makes: readonly PartName[]
  /** All keys of this form have one length. Of any other, a literal that is not a span follows the key. */
  readonly isFixed?: boolean
  /** The same bytes in smaller spans, for captures in which they do not come again. */
  readonly divided?: readonly OutlineSpan[] | undefined
}

/** The leaf of this name in one of the record's moulded parts, and how it is written here. */
export type LeafSpan = { readonly start: number; readonly end: number; readonly leaf: Leaf | TimeField } & LeafForm

/** Of a local time that is a leaf, and of its `ts`: what follows the minute, which is a key that makes both parts. */
type TimeField = 'second' | 'fraction'

export type LeafForm =
  /** Blanks, seconds without leading zeros, a point, 6 or 9 digits: they make nanoseconds. */
  | { readonly is: 'seconds' }
  /** Nanoseconds without leading zeros, 10 to 19 digits. */
  | { readonly is: 'nanoseconds' }
  /** Two digits up to 59. */
  | { readonly is: 'sixty' }
  /** 9 digits. */
  | { readonly is: 'fraction' }
  /** `0x` and digits of lower case, of which the first is not zero. */
  | { readonly is: 'pointer' }
  /** A number of at most 7 such digits without `0x`; 0 is one. */
  | { readonly is: 'hex' }
  /**
   * Decimal digits without leading zeros: a number up to `most`, which is below 2^31. With `isColumn`, blanks before it
   * fill the span, which is as long in each unit of this form.
   */
  | { readonly is: 'decimal'; readonly most: number; readonly isColumn: boolean }
  /**
   * Printable ASCII that JSON writes as it is, up to `most` bytes, without the characters of `without`. It begins with
   * none of `withoutFirst`, and no blank.
   */
  | ({ readonly is: 'text'; readonly isColumn: boolean } & TextForm)

export interface TextForm {
  readonly most: number
  readonly without: string
  readonly withoutFirst: string
}

/**
 * How a regular unit was read. Between its spans are bytes that every unit of this form has. A record with other parts
 * than these and those that the stamp puts on was not read so.
 */
export interface Outline {
  /** From left to right. */
  readonly spans: readonly OutlineSpan[]
  /** Parts that the bytes between the spans make, but for their leaves. */
  readonly constant: readonly PartName[]
  /** Another adapter may claim such a line: one that has read in this input, or any (`Out.yields`). */
  readonly mayBeOf?: 'heard' | 'any'
  /**
   * The unit is read so only where the one after it begins alike: with the spans that begin before this offset, and
   * with what is between them and the next one.
   */
  readonly ahead?: number
}
