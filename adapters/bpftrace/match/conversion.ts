import type { Meaning, Target, ValueType } from '../program/vocabulary.ts'
import type { Capture, Pad, Segment, ValueNotation } from './segment.ts'
import { BYTES, type ByteClass, mostOf, type TextShape } from './shape.ts'
import { timeShape } from './time-format.ts'

/** A conversion of a printf format. */
export interface ConversionSpec {
  readonly left: boolean
  readonly plus: boolean
  readonly alternate: boolean
  readonly zero: boolean
  readonly width: number
  readonly precision: number | undefined
  /** `hh`, `h`, `l`, `ll`, `j`, `z`, `t` or nothing. */
  readonly length: string
  /** `d i u x X o p c s r rx rh gr`. */
  readonly type: string
}

/** The most digits that conversions of 8, 16, 32 and 64 bits print, by base. */
const DIGITS: Readonly<Record<10 | 16 | 8, Readonly<Record<number, number>>>> = {
  10: { 8: 3, 16: 5, 32: 10, 64: 20 },
  16: { 8: 2, 16: 4, 32: 8, 64: 16 },
  8: { 8: 3, 16: 6, 32: 11, 64: 22 },
}

const ARGS: Target = { to: 'args' }
const LONGEST_TEXT = 1024
/** The length of `..`, or of what the program sets instead. */
const TRAILER_BYTES = 3

/** What a conversion prints of a value, in bpftrace 0.9 to 0.27, and where it goes in the event. */
export function segmentsOf(conversion: ConversionSpec, meaning: Meaning): readonly Segment[] {
  const { width, left, type } = conversion
  const pad: Pad | undefined = width > 0 ? { width, left } : undefined
  switch (type) {
    case 's':
      return cutSegments(valueSegments(meaning, pad), conversion.precision)
    case 'p':
      return [capture(meaning, { kind: 'pointer' }, pad, { as: 'pointer' }, targetOf(meaning, 64, 16))]
    case 'c':
      return [capture(meaning, { kind: 'byte' }, pad, { as: 'text' }, ARGS)]
    case 'gr':
      return [
        capture(
          meaning,
          { kind: 'run', bytes: BYTES.notBlank, least: 0, most: LONGEST_TEXT, signed: false },
          pad,
          { as: 'text' },
          ARGS,
        ),
      ]
    case 'r':
    case 'rx':
    case 'rh':
      return [bytesSegment(type, meaning, pad)]
    default:
      return [numberSegment(conversion, meaning, pad)]
  }
}

/**
 * `%.3s` cuts up to 0.23, and does nothing from 0.24 on. A part of a name is not a name, so it goes to `args`. The
 * name of a thread stays one, because the kernel cuts it too.
 */
function cutSegments(segments: readonly Segment[], precision: number | undefined): readonly Segment[] {
  const [only] = segments
  if (precision === undefined || only?.kind !== 'capture' || segments.length > 1) return segments
  const { capture: one } = only
  if (mostOf(one.shape) <= precision || one.shape.kind === 'stack') return segments
  if (one.target.to === 'comm') return [{ kind: 'capture', capture: { ...one, cutAt: precision } }]
  const shape: TextShape = { kind: 'text', least: 0, most: Math.max(precision, mostOf(one.shape)) }
  return [{ kind: 'capture', capture: { ...one, shape, notation: TEXT, target: ARGS, cutAt: precision } }]
}

function capture(
  meaning: Meaning,
  shape: TextShape,
  pad: Pad | undefined,
  notation: ValueNotation,
  target: Target = meaning.target,
): Segment {
  const one: Capture = {
    shape,
    pad,
    target,
    key: meaning.key,
    notation,
    ...(meaning.isConstant && { isAside: true }),
  }
  return { kind: 'capture', capture: one }
}

/**
 * `%r` prints printable bytes as they are, and others as `\xHH`. Its text stays as it is: a backslash in it is
 * ambiguous. `%rx` and `%rh` print every byte in hex.
 */
function bytesSegment(type: 'r' | 'rx' | 'rh', meaning: Meaning, pad: Pad | undefined): Segment {
  const count = meaning.value.type === 'buffer' ? meaning.value.bytes : undefined
  const most = count ?? LONGEST_TEXT
  if (type === 'r') {
    const shape: TextShape = { kind: 'run', bytes: BYTES.printable, least: count ?? 0, most: 4 * most, signed: false }
    return capture(meaning, shape, pad, { as: 'text' }, ARGS)
  }
  const [bytes, size] = type === 'rx' ? [BYTES.escaped, 4 * most] : [BYTES.spaced, Math.max(0, 3 * most - 1)]
  const shape: TextShape = { kind: 'run', bytes, least: count === undefined ? 0 : size, most: size, signed: false }
  const isComm = meaning.target.to === 'comm'
  return capture(meaning, shape, pad, { as: isComm ? 'bytes' : 'text' }, isComm ? meaning.target : ARGS)
}

const BASES: Readonly<Record<string, 10 | 16 | 8>> = { d: 10, i: 10, u: 10, x: 16, X: 16, o: 8 }
const CLASSES: Readonly<Record<string, ByteClass>> = { x: BYTES.hex, X: BYTES.upperHex, o: BYTES.octal }

function numberSegment(conversion: ConversionSpec, meaning: Meaning, pad: Pad | undefined): Segment {
  const { type, length, plus, alternate, width, precision } = conversion
  const zero = conversion.zero && !conversion.left
  const base = BASES[type] ?? 10
  const bits = length === 'hh' ? 8 : length === 'h' ? 16 : length === '' ? 32 : 64
  const target = targetOf(meaning, bits, base)
  const signed = (type === 'd' || type === 'i') && !isUnsigned(target)
  const notation: ValueNotation = { as: 'number', base, bits }
  const limit = limitOf(meaning)
  const digits = Math.min(DIGITS[base][bits] ?? 20, limit === undefined ? 22 : limit.toString(base).length)
  const most = Math.max(digits, zero ? width : 0, precision ?? 0)
  const bytes = CLASSES[type] ?? BYTES.digit
  if ((zero && signed) || plus || alternate) {
    // `-0042` up to 0.23, `00-42` from 0.24 on; `+5`, `0xff`.
    const word = base === 16 ? '(?:0x)?[0-9a-fA-F]+' : '[0-9]+'
    const whole = new RegExp(`^(?:[+-]?${word}|0+-[0-9]+)$`)
    return capture(meaning, { kind: 'expression', whole, most: most + 3 }, pad, notation, target)
  }
  const least = Math.max(1, zero ? Math.min(width, most) : 0, precision ?? 0)
  const shape: TextShape = { kind: 'run', bytes, least, most, signed, limit: base === 10 ? limit : undefined }
  return capture(meaning, shape, zero ? undefined : pad, notation, target)
}

/** The greatest number that a value can have, or that its field in the event can hold. */
function limitOf({ value, target }: Meaning): number | undefined {
  if (value.type === 'integer' && value.most !== undefined) return value.most
  return target.to === 'reason' || target.to === 'ifindex' ? 0xffffffff : undefined
}

/** True for a field whose numbers are never negative: a minus is not part of them. */
function isUnsigned({ to }: Target): boolean {
  return ['pid', 'tid', 'cpu', 'protocol', 'skb_len', 'reason', 'ifindex'].includes(to)
}

/**
 * Where a value goes after its conversion. A conversion that shows too few bits loses a part of the value, so it is
 * just a number: 32 bits of `nsecs` wrap every 4.3 s.
 */
function targetOf({ target }: Meaning, bits: number, base: number): Target {
  switch (target.to) {
    case 'clock':
    case 'skb_addr':
    case 'rx_sk':
    case 'location_address':
      return bits === 64 ? target : ARGS
    case 'reason':
    case 'pid':
    case 'tid':
    case 'skb_len':
    case 'ifindex':
      return bits >= 32 ? target : ARGS
    case 'cpu':
    case 'protocol':
      return bits >= 16 ? target : ARGS
    case 'args':
      return target
    // A text, printed as a number.
    default:
      return base > 0 ? ARGS : target
  }
}

const COMMA: Segment = { kind: 'literal', text: ', ' }

/** How `%s`, `print()`, map keys and map values print a value. */
export function valueSegments(meaning: Meaning, pad?: Pad): readonly Segment[] {
  const { value, target } = meaning
  if (value.type !== 'tuple') {
    const { shape, notation } = valueShape(value, target)
    return [capture(meaning, shape, pad, notation, isNumeric(value) ? targetOf(meaning, 64, 10) : target)]
  }
  const items = value.items.flatMap((item, index) =>
    index === 0 ? valueSegments(item) : [COMMA, ...valueSegments(item)],
  )
  return [{ kind: 'literal', text: '(' }, ...items, { kind: 'literal', text: ')' }]
}

function isNumeric(value: ValueType): boolean {
  return value.type === 'integer' || value.type === 'pointer'
}

interface ValueShape {
  readonly shape: TextShape
  readonly notation: ValueNotation
}

const DECIMAL: ValueNotation = { as: 'number', base: 10, bits: 64 }
const TEXT: ValueNotation = { as: 'text' }

/** Values whose shape has no parameters. */
const FIXED_SHAPES = {
  // Hexadecimal from 0.18 on, signed decimal before.
  pointer: {
    shape: { kind: 'expression', whole: /^(?:0x[0-9a-f]{1,16}|-?[0-9]{1,20})$/, most: 21 },
    notation: { as: 'pointer' },
  },
  kernel_symbol: { shape: runOf(BYTES.symbol, 1, 512), notation: TEXT },
  user_symbol: { shape: { kind: 'text', least: 1, most: LONGEST_TEXT }, notation: TEXT },
  probe: { shape: runOf(BYTES.notBlank, 1, 256), notation: TEXT },
  enum: { shape: { kind: 'enumerator', prefix: '' }, notation: { as: 'name_or_number' } },
  reason: { shape: { kind: 'enumerator', prefix: 'SKB_' }, notation: { as: 'name_or_number' } },
  inet: { shape: runOf(BYTES.inet, 0, 64), notation: TEXT },
  mac: { shape: { kind: 'template', template: 'XX:XX:XX:XX:XX:XX', other: undefined }, notation: TEXT },
  unknown: { shape: { kind: 'text', least: 0, most: LONGEST_TEXT + TRAILER_BYTES }, notation: { as: 'scalar' } },
} as const satisfies Partial<Record<ValueType['type'], ValueShape>>

function runOf(bytes: ByteClass, least: number, most: number): TextShape {
  return { kind: 'run', bytes, least, most, signed: false }
}

function valueShape(value: Exclude<ValueType, { readonly type: 'tuple' }>, target: Target): ValueShape {
  switch (value.type) {
    case 'integer': {
      const limit = value.most
      const most = limit === undefined ? 20 : String(limit).length
      const signed = !isUnsigned(target)
      return { shape: { kind: 'run', bytes: BYTES.digit, least: 1, most, signed, limit }, notation: DECIMAL }
    }
    case 'text': {
      const most = value.bytes + (target.to === 'comm' ? 0 : TRAILER_BYTES)
      return { shape: { kind: 'text', least: 0, most }, notation: TEXT }
    }
    case 'time':
      return { shape: timeShape(value.format), notation: TEXT }
    case 'stack':
      return { shape: { kind: 'stack', rawDigits: value.rawDigits }, notation: { as: 'stack' } }
    case 'buffer':
      return { shape: runOf(BYTES.printable, value.bytes ?? 0, 4 * (value.bytes ?? LONGEST_TEXT)), notation: TEXT }
    case 'words':
      return { shape: { kind: 'words', texts: value.texts }, notation: TEXT }
    default:
      return FIXED_SHAPES[value.type]
  }
}
