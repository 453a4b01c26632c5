import { scalarOf } from '../../../src/kernel/args.ts'
import { pointer } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import type { Capture } from '../match/segment.ts'
import { readStack } from '../match/stack.ts'

/** The integer of a printed number: `800` of `%x`, `-5`. Undefined: the text is not a number. */
export function integerOf(text: string, base: 10 | 16 | 8): bigint | undefined {
  const [, sign, bare] = /^(?:0*([+-])(?:0x)?|0*0x)?([0-9a-fA-F]+)$/.exec(text) ?? []
  if (bare === undefined) return undefined
  if (base === 10 && !/^[0-9]+$/.test(bare)) return undefined
  const value = base === 10 ? BigInt(bare) : base === 16 ? BigInt(`0x${bare}`) : BigInt(`0o${bare}`)
  return sign === '-' ? -value : value
}

/** The number, if it is 0 or more and no greater than the greatest safe integer. */
export function naturalOf(text: string, base: 10 | 16 | 8): number | undefined {
  const value = integerOf(text, base)
  return value === undefined || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value)
}

/** An address that was printed as `0xffff…`, `ffff…`, `(nil)`, or as a decimal with or without a sign. */
export function addressOf(text: string, capture: Capture): string | undefined {
  const { notation } = capture
  const isDecimal =
    (notation.as === 'number' && notation.base === 10) || (notation.as === 'pointer' && /^-?[0-9]+$/.test(text))
  if (!isDecimal) return pointer(text, 0, text.length)
  const value = integerOf(text, 10)
  return value === undefined ? undefined : `0x${BigInt.asUintN(64, value).toString(16)}`
}

/** The bytes that `%rx` (`\x62\x70`) or `%rh` (`62 70`) printed, up to the first NUL, as latin1. */
function bytesOf(text: string): string {
  const hex = text.replaceAll(/\\x| /g, '')
  const bytes = Buffer.from(hex, 'hex').toString('latin1')
  const nul = bytes.indexOf('\0')
  return nul < 0 ? bytes : bytes.slice(0, nul)
}

/** The bytes of the name of a thread, as latin1. */
export function commBytes(text: string, capture: Capture): string {
  return capture.notation.as === 'bytes' ? bytesOf(text) : text
}

/** A value for `args`. `isText`: the member is a string even if it looks like a number. */
export function argOf(text: string, capture: Capture, isText: boolean): string | number {
  const { notation, isHexMarked } = capture
  switch (notation.as) {
    case 'number':
      if (notation.base === 10) return isText ? text : scalarOf(text)
      return isHexMarked === true ? `0x${text}` : text
    case 'pointer':
      return pointer(text, 0, text.length) ?? text
    case 'stack':
      return JSON.stringify(readStack(text).frames)
    case 'scalar':
      return isText ? utf8(text) : scalarOf(text)
    case 'bytes':
    case 'text':
    case 'name_or_number':
      return utf8(text)
  }
}
