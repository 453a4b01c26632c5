// The helpers that print formats call (include/trace/stages/stage3_trace_output.h, Linux 6.1 to 7.2).
import type { RawData, RawSpan } from '../raw-data.ts'
import { hexOf, integerOf, type PrintExpression } from './value.ts'

/** An entry of `__print_symbolic` and `__print_flags`. */
export interface TableEntry {
  readonly value: bigint
  readonly name: string
}

/** `__print_symbolic`: the name of the number, or the number in hexadecimal. */
export function symbolic(of: PrintExpression, entries: readonly TableEntry[]): PrintExpression {
  const names = new Map<bigint, string>()
  for (const { value, name } of entries) {
    const key = BigInt.asUintN(64, value)
    if (!names.has(key)) names.set(key, name)
  }
  return {
    evaluate: (raw) => {
      const value = BigInt.asUintN(64, integerOf(of.evaluate(raw), raw))
      return names.get(value) ?? hexOf(value)
    },
    ...(of.field !== undefined && { field: of.field, table: 'names' }),
  }
}

/** `__print_flags`: the names of the bits, and the other bits in hexadecimal. 0 has the name of the entry of 0. */
export function flagNames(of: PrintExpression, separator: string, entries: readonly TableEntry[]): PrintExpression {
  const ofZero = entries.find(({ value }) => value === 0n)?.name ?? ''
  return {
    evaluate: (raw) => {
      let left = BigInt.asUintN(64, integerOf(of.evaluate(raw), raw))
      if (left === 0n) return ofZero
      const found: string[] = []
      for (const { value, name } of entries) {
        if (value === 0n || (left & value) !== value) continue
        found.push(name)
        left &= ~value
      }
      if (left !== 0n) found.push(hexOf(left))
      return found.join(separator)
    },
  }
}

/** `__print_hex` with a blank between two bytes, `__print_hex_str` without. */
export function hexBytes(of: PrintExpression, count: PrintExpression, separator: '' | ' '): PrintExpression {
  return {
    evaluate: (raw) => {
      const { start, end } = spanOf(of, raw)
      const length = Number(BigInt.asUintN(32, integerOf(count.evaluate(raw), raw)))
      const hex = raw.hex({ start, end: Math.min(end, start + length) })
      return separator === '' ? hex : hex.replace(/..(?!$)/g, '$& ')
    },
  }
}

/** `__print_array`: `{0x1,0x2}`. */
export function arrayText(of: PrintExpression, count: PrintExpression, size: PrintExpression): PrintExpression {
  return {
    evaluate: (raw) => {
      const { start, end } = spanOf(of, raw)
      const bytes = Number(integerOf(size.evaluate(raw), raw))
      if (bytes !== 1 && bytes !== 2 && bytes !== 4 && bytes !== 8) return ''
      const length = Number(BigInt.asUintN(32, integerOf(count.evaluate(raw), raw)))
      const items: string[] = []
      for (let at = start; at + bytes <= end && items.length < length; at += bytes)
        items.push(hexOf(raw.bigintAt(at, bytes, false)))
      return `{${items.join(',')}}`
    },
  }
}

const NOTHING: RawSpan = { start: 0, end: 0 }

/** The bytes of a value that is bytes. */
export function spanOf(of: PrintExpression, raw: RawData): RawSpan {
  const value = of.evaluate(raw)
  return typeof value === 'object' ? value : NOTHING
}
