// One conversion of a print format, `%d` or `%-16s`, with what it prints.
import type { RawData } from '../raw-data.ts'
import { addressText } from './addresses.ts'
import { spanOf } from './calls.ts'
import type { ExpressionReader } from './expression.ts'
import { refuseUnknown } from './nodes.ts'
import { UnknownFormat } from './tokens.ts'
import { hexOf, integerOf, type PrintExpression } from './value.ts'

/** What a conversion needs beside the sample. */
export interface PrintContext {
  /** Texts by their address in the kernel. */
  readonly printkTexts: ReadonlyMap<bigint, string>
  /** `tcp_v4_rcv+0x91` of an address, without `+0x91` where not asked for; undefined: it has no name. */
  symbolOf(address: bigint, withOffset: boolean): string | undefined
}

export interface PrintConversion {
  readonly render: (raw: RawData) => string
  /** What it looks like: decimal digits, hexadecimal digits without `0x`, a pointer with it, or text. */
  readonly look: 'decimal' | 'hex' | 'pointer' | 'text'
  /** The field that it prints, and nothing else. */
  readonly expression: PrintExpression
  /** It prints a place in the kernel. */
  readonly isPlace: boolean
}

/** The conversion as it is written. */
export interface Written {
  readonly flags: string
  readonly width: string
  /** With its dot. */
  readonly precision: string
  readonly length: string
  /** `d`, `x`, `s`, or `p` with its letters. */
  readonly letter: string
}

const WIDEST = 1024

/** Takes its arguments from `next`. Throws UnknownFormat. */
export function conversionOf(written: Written, args: ExpressionReader, context: PrintContext): PrintConversion {
  const { letter, precision } = written
  const width = written.width === '*' ? nextArgument(args) : constant(Number(written.width))
  const cut = precision === '.*' ? nextArgument(args) : undefined
  const expression = nextArgument(args)
  const base = { expression, isPlace: false }
  if (letter === 's' || letter === 'c') {
    const most = precision === '' ? constant(-1) : (cut ?? constant(Number(precision.slice(1))))
    const plain = letter === 's' ? textOf(expression, context) : characterOf(expression)
    const short = (raw: RawData): string => {
      const limit = sizeIn(most, raw)
      return limit < 0 ? plain(raw) : plain(raw).slice(0, limit)
    }
    return { ...base, look: 'text', render: padded(precision === '' ? plain : short, width, written) }
  }
  if (letter.startsWith('p')) return pointerConversion(letter.slice(1), base, width, written, context)
  const digits = integerText(written, expression, args.longBytes)
  if (cut !== undefined) throw new UnknownFormat('a precision that an argument gives')
  const exact = precision.length > 1 ? withZeros(digits, Number(precision.slice(1))) : digits
  const look =
    letter === 'd' || letter === 'i' || letter === 'u' ? 'decimal' : written.flags.includes('#') ? 'pointer' : 'hex'
  return { ...base, look, render: padded(exact, width, written) }
}

function nextArgument(args: ExpressionReader): PrintExpression {
  args.need(',')
  const argument = args.expression()
  refuseUnknown(argument)
  return argument
}

function constant(value: number): PrintExpression {
  const integer = BigInt(value)
  return { evaluate: () => integer }
}

function sizeIn(of: PrintExpression, raw: RawData): number {
  const size = Number(BigInt.asIntN(32, integerOf(of.evaluate(raw), raw)))
  return Math.min(Math.max(size, -WIDEST), WIDEST)
}

function padded(render: (raw: RawData) => string, width: PrintExpression, { width: typed, flags }: Written) {
  if (typed === '') return render
  const isLeft = flags.includes('-')
  const fill = flags.includes('0') && !isLeft ? '0' : ' '
  return (raw: RawData): string => {
    const text = render(raw)
    const wide = sizeIn(width, raw)
    if (isLeft || wide < 0) return text.padEnd(Math.abs(wide))
    if (fill === ' ') return text.padStart(wide)
    const [sign = ''] = /^(?:0x|-)?/.exec(text) ?? []
    return sign + text.slice(sign.length).padStart(wide - sign.length, '0')
  }
}

function withZeros(render: (raw: RawData) => string, digits: number): (raw: RawData) => string {
  return (raw) => {
    const text = render(raw)
    const [sign = ''] = /^(?:0x|-)?/.exec(text) ?? []
    return sign + text.slice(sign.length).padStart(Math.min(digits, WIDEST), '0')
  }
}

/** A text ends at a NUL. */
function characterOf({ evaluate }: PrintExpression): (raw: RawData) => string {
  return (raw) => {
    const code = Number(BigInt.asUintN(8, integerOf(evaluate(raw), raw)))
    return code === 0 ? '' : String.fromCharCode(code)
  }
}

function textOf({ evaluate }: PrintExpression, { printkTexts }: PrintContext): (raw: RawData) => string {
  return (raw) => {
    const value = evaluate(raw)
    if (typeof value === 'string') return value
    if (typeof value === 'object') return raw.text(value)
    const address = BigInt.asUintN(64, value ?? 0n)
    return printkTexts.get(address) ?? hexOf(address)
  }
}

const BITS: ReadonlyMap<string, number> = new Map([
  ['hh', 8],
  ['h', 16],
  ['', 32],
])

function integerText({ length, letter, flags }: Written, expression: PrintExpression, longBytes: number) {
  const bits = BITS.get(length) ?? (length === 'l' || length === 'z' || length === 't' ? longBytes * 8 : 64)
  const isSigned = letter === 'd' || letter === 'i'
  const { field, table, evaluate } = expression
  // Most arguments are such fields, and numbers are several times as fast as bigints.
  if (field?.form === 'value' && table === undefined && field.size <= 4 && bits >= field.size * 8 && letter === 'u') {
    if (!field.isSigned) return (raw: RawData): string => String(raw.number(field))
  } else if (field?.form === 'value' && table === undefined && field.size <= 4 && isSigned) {
    if (bits > field.size * 8 || (bits === field.size * 8 && field.isSigned))
      return (raw: RawData): string => String(raw.number(field))
  }
  const radix = letter === 'x' || letter === 'X' ? 16 : letter === 'o' ? 8 : 10
  const prefix = flags.includes('#') && radix === 16 ? '0x' : ''
  const plus = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  return (raw: RawData): string => {
    const value = integerOf(evaluate(raw), raw)
    const cut = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
    const text = cut.toString(radix)
    const sign = isSigned && cut >= 0n ? plus : cut === 0n ? '' : prefix
    return sign + (letter === 'X' ? text.toUpperCase() : text)
  }
}

/** `%*phC`: what is between two bytes. */
const BETWEEN_BYTES: ReadonlyMap<string, string> = new Map([
  ['h', ' '],
  ['hC', ':'],
  ['hD', '-'],
  ['hN', ''],
])

function pointerConversion(
  letters: string,
  base: { readonly expression: PrintExpression; readonly isPlace: boolean },
  width: PrintExpression,
  written: Written,
  context: PrintContext,
): PrintConversion {
  const { expression } = base
  const addressOf = (raw: RawData): bigint => BigInt.asUintN(64, integerOf(expression.evaluate(raw), raw))
  if (letters === '' || letters === 'x' || letters === 'K') {
    const render = (raw: RawData): string => {
      const address = addressOf(raw)
      return address === 0n ? '(nil)' : hexOf(address)
    }
    return { ...base, look: 'pointer', render: padded(render, width, written) }
  }
  if (/^[SsFfB]$/.test(letters)) {
    const withOffset = letters !== 's' && letters !== 'f'
    const render = (raw: RawData): string => {
      const address = addressOf(raw)
      return context.symbolOf(address, withOffset) ?? hexOf(address)
    }
    return { expression, isPlace: true, look: 'text', render }
  }
  const separator = BETWEEN_BYTES.get(letters)
  if (separator !== undefined && written.width === '*') {
    const render = (raw: RawData): string => {
      const { start, end } = spanOf(expression, raw)
      const hex = raw.hex({ start, end: Math.min(end, start + Math.max(0, sizeIn(width, raw)), start + 64) })
      return hex.replace(/..(?!$)/g, `$&${separator}`)
    }
    return { ...base, look: 'text', render }
  }
  const address = addressText(letters)
  if (address === undefined) throw new UnknownFormat(`%p${letters}`)
  const { field } = expression
  // An address that is a number: its bytes as they stand in the sample.
  const span = field === undefined ? undefined : (raw: RawData) => raw.span(field)
  const render = (raw: RawData): string => address(span?.(raw) ?? spanOf(expression, raw), raw)
  return { ...base, look: 'text', render: padded(render, width, written) }
}
