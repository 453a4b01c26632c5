// The values of expressions. A whole number is a JavaScript number while that is exact, and a bigint beyond. So a
// number has only one form, and `===` compares. Undefined means a missing value, or one that cannot be computed: an
// overflow or a division by zero.
import type { Json } from '../../event/part.ts'

/** A value in an expression. No record has `null`. */
export type CelValue = Json | bigint | readonly CelValue[] | { readonly [key: string]: CelValue | undefined }

const LONGEST_INT = 2n ** 63n

/** A whole number in its one form; undefined when it does not fit 64 bits. */
export function intOf(exact: bigint): number | bigint | undefined {
  if (exact >= LONGEST_INT || exact < -LONGEST_INT) return undefined
  const number = Number(exact)
  return Number.isSafeInteger(number) ? number : exact
}

export function isNumber(value: CelValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

export function isList(value: CelValue | undefined): value is readonly CelValue[] {
  return Array.isArray(value)
}

export function isObject(value: CelValue | undefined): value is { readonly [key: string]: CelValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/**
 * Computes with whole numbers, exactly, in 64 bits. Division rounds towards zero. Undefined when there is no result.
 */
export function computeInts(op: Arithmetic, a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = computeDoubles(op, a, b)
    const whole = op === '/' ? Math.trunc(result) : result
    // `+ 0` turns minus zero into zero.
    if (Number.isSafeInteger(whole)) return whole + 0
  }
  const [x, y] = [BigInt(a), BigInt(b)]
  switch (op) {
    case '+':
      return intOf(x + y)
    case '-':
      return intOf(x - y)
    case '*':
      return intOf(x * y)
    case '/':
      return y === 0n ? undefined : intOf(x / y)
    case '%':
      return y === 0n ? undefined : intOf(x % y)
  }
}

export function computeDoubles(op: Arithmetic, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
  }
}

/** Whether two values are equal. 1 and 1.0 are equal; values of different types are not. */
export function equal(a: CelValue, b: CelValue): boolean {
  if (a === b) return true
  if (isNumber(a)) return compare(a, b) === 0
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}

/** -1, 0 or 1; undefined when the values have no order, or different types. */
export function compare(a: CelValue | undefined, b: CelValue | undefined): -1 | 0 | 1 | undefined {
  if (typeof a === 'string') return typeof b === 'string' ? sign(a < b, a > b) : undefined
  if (typeof a === 'boolean') return typeof b === 'boolean' ? sign(a < b, a > b) : undefined
  if (!isNumber(a) || !isNumber(b) || Number.isNaN(a) || Number.isNaN(b)) return undefined
  return sign(a < b, a > b)
}

function sign(isBelow: boolean, isAbove: boolean): -1 | 0 | 1 {
  return isBelow ? -1 : isAbove ? 1 : 0
}

function same(a: CelValue | undefined, b: CelValue | undefined): boolean {
  return a !== undefined && b !== undefined && equal(a, b)
}
