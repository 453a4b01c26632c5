// The operators of C, over integers that keep their sign.
import { clipped } from './value.ts'

/** How tightly an operator binds; the tightest last. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

/** Undefined: it is no operator with two sides. */
export function levelOf(sign: string): number | undefined {
  const level = LEVELS.findIndex((signs) => signs.includes(sign))
  return level < 0 ? undefined : level
}

/** All but `&&` and `||`, which may not look at their right side. */
export function applied(sign: string, a: bigint, b: bigint): bigint {
  switch (sign) {
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '&':
      return a & b
    case '==':
      return a === b ? 1n : 0n
    case '!=':
      return a === b ? 0n : 1n
    case '<':
      return a < b ? 1n : 0n
    case '>':
      return a > b ? 1n : 0n
    case '<=':
      return a <= b ? 1n : 0n
    case '>=':
      return a >= b ? 1n : 0n
    case '<<':
      return b < 0n || b > 63n ? 0n : clipped(a << b)
    case '>>':
      return b < 0n || b > 63n ? 0n : a >> b
    case '+':
      return clipped(a + b)
    case '-':
      return clipped(a - b)
    case '*':
      return clipped(a * b)
    case '/':
      return b === 0n ? 0n : a / b
    default:
      return b === 0n ? 0n : a % b
  }
}
