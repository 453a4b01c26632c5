// What the expressions of a print format are made of.
import type { FormatField } from '../format-text.ts'
import { type CType, castTo } from './c-type.ts'
import { applied } from './operators.ts'
import { UnknownFormat } from './tokens.ts'
import { clipped, type FieldValue, integerOf, type PrintExpression } from './value.ts'

/** A name of C, as of an enum: it equals nothing, and nobody can count with it. */
export const UNKNOWN: PrintExpression = { evaluate: () => undefined }

export function numberIn(text: string): bigint {
  const digits = /^(0[xX][0-9a-fA-F]{1,16}|\d{1,20})[uUlL]{0,3}$/.exec(text)?.[1]
  if (digits === undefined) throw new UnknownFormat(`a number ${text}`)
  return clipped(BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits))
}

export function fieldOf(field: FormatField): PrintExpression {
  return field.form === 'value'
    ? { evaluate: (raw) => raw.bigint(field), field }
    : { evaluate: (raw) => raw.span(field), field }
}

/** `&REC->field`. */
export function bytesOf({ field }: PrintExpression): PrintExpression {
  if (field === undefined) throw new UnknownFormat('the address of what is no field')
  return { evaluate: (raw) => raw.span(field), field }
}

/** A cast that changes no value leaves it the field. */
export function castOf(of: PrintExpression, type: CType): PrintExpression {
  if (of === UNKNOWN) return of
  const { evaluate, field, table } = of
  const isSame = field !== undefined && table === undefined && isWideEnough(type, field)
  return {
    evaluate: (raw) => {
      const value = evaluate(raw)
      return typeof value === 'bigint' ? castTo(value, type) : value
    },
    ...(isSame && { field }),
  }
}

function isWideEnough({ bits, isSigned }: CType, field: FormatField): boolean {
  return bits === 0 || bits === 64 || (bits >= field.size * 8 && isSigned === field.isSigned)
}

export function operation(sign: string, left: PrintExpression, right: PrintExpression): PrintExpression {
  if (left === UNKNOWN || right === UNKNOWN) {
    if (sign === '==') return { evaluate: () => 0n }
    if (sign === '!=') return { evaluate: () => 1n }
    throw new UnknownFormat(`${sign} of a name without a number`)
  }
  if (sign === '&&') return { evaluate: (raw) => (isTrue(left.evaluate(raw)) && isTrue(right.evaluate(raw)) ? 1n : 0n) }
  if (sign === '||') return { evaluate: (raw) => (isTrue(left.evaluate(raw)) || isTrue(right.evaluate(raw)) ? 1n : 0n) }
  return { evaluate: (raw) => applied(sign, integerOf(left.evaluate(raw), raw), integerOf(right.evaluate(raw), raw)) }
}

export function refuseUnknown(expression: PrintExpression): void {
  if (expression === UNKNOWN) throw new UnknownFormat('a name without a number')
}

export function isTrue(value: FieldValue): boolean {
  return value !== undefined && value !== 0n
}

export function lengthOf({ start, end }: { readonly start: number; readonly end: number }): bigint {
  return BigInt(end - start)
}
