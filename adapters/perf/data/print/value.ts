// What an expression of a print format gives.
import type { FormatField } from '../format-text.ts'
import type { RawData, RawSpan } from '../raw-data.ts'

/**
 * An integer with its sign, a text (latin1), bytes of the sample, or undefined: a name of C whose number is unknown.
 */
export type FieldValue = bigint | string | RawSpan | undefined

export interface PrintExpression {
  readonly evaluate: (raw: RawData) => FieldValue
  /** It is the value of this field as it stands. */
  readonly field?: FormatField
  /** It is what a table says of that field. */
  readonly table?: 'names'
}

/** As C takes it where an integer is needed. */
export function integerOf(value: FieldValue, raw: RawData): bigint {
  if (typeof value === 'bigint') return value
  if (value === undefined || typeof value === 'string') return 0n
  const { start, end } = value
  return [1, 2, 4, 8].includes(end - start) ? raw.bigintAt(start, end - start, false) : 0n
}

/** No operation grows beyond 64 bits. */
export function clipped(value: bigint): bigint {
  return value < 0n ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)
}

export function hexOf(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`
}
