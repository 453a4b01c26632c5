import { isWord } from '../../../src/text/scan.ts'
import { framesEnd } from './stack.ts'

/** Which texts a value may have. */
export type TextShape =
  /** `least` to `most` bytes of one class. `signed`: with or without a minus before them. */
  | {
      readonly kind: 'run'
      readonly bytes: ByteClass
      readonly least: number
      readonly most: number
      readonly signed: boolean
      /** The greatest number that the digits may show; for decimal digits only. */
      readonly limit?: number | undefined
    }
  /** `0xff`, `(nil)` (up to 0.23) or `0` (from 0.24 on). */
  | { readonly kind: 'pointer' }
  /** Any bytes except NUL, with line ends. */
  | { readonly kind: 'text'; readonly least: number; readonly most: number }
  /** A number, or a word with this prefix: `SKB_` for drop reasons. */
  | { readonly kind: 'enumerator'; readonly prefix: string }
  /** One byte, which may be NUL, or none (`%c` of 0, up to 0.23). */
  | { readonly kind: 'byte' }
  /** The template, with a digit for each `0` and an upper-case hex digit for each `X`; or `other`. */
  | { readonly kind: 'template'; readonly template: string; readonly other: string | undefined }
  /** One of these texts. */
  | { readonly kind: 'words'; readonly texts: readonly string[] }
  /** A line end and then frames, one a line, each with its line end; or nothing. `rawDigits`: as in `framesEnd`. */
  | { readonly kind: 'stack'; readonly rawDigits: number }
  /** What this expression matches as a whole. For rare values only: it is slow. */
  | { readonly kind: 'expression'; readonly whole: RegExp; readonly most: number }

/** Bits of the byte table. */
export const BYTES = {
  digit: 1,
  hex: 2,
  upperHex: 4,
  octal: 8,
  /** Of kernel symbols: letters, digits, `_ . $`. */
  symbol: 16,
  word: 32,
  /** What `ntop()` prints, with the scope. */
  inet: 64,
  /** 0x20 to 0x7e: what `%r` prints as it is. */
  printable: 128,
  notBlank: 256,
  /** `\\x61`: what `%rx` prints. */
  escaped: 512,
  /** `61 62`: what `%rh` prints. */
  spaced: 1024,
  /** Of the kernel's enumerators. */
  upper: 2048,
  /** Of `0xff` and `(nil)`. */
  pointer: 4096,
} as const
export type ByteClass = (typeof BYTES)[keyof typeof BYTES]

const TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, code) => {
  const c = String.fromCharCode(code)
  return (
    (/[0-9]/.test(c) ? BYTES.digit : 0) |
    (/[0-9a-f]/.test(c) ? BYTES.hex : 0) |
    (/[0-9A-F]/.test(c) ? BYTES.upperHex : 0) |
    (/[0-7]/.test(c) ? BYTES.octal : 0) |
    (/[\w.$]/.test(c) ? BYTES.symbol : 0) |
    (isWord(code) ? BYTES.word : 0) |
    (/[0-9a-fA-F:.%]/.test(c) ? BYTES.inet : 0) |
    (code >= 0x20 && code <= 0x7e ? BYTES.printable : 0) |
    (code > 0x20 && code !== 0x7f ? BYTES.notBlank : 0) |
    (/[0-9a-f\\x]/.test(c) ? BYTES.escaped : 0) |
    (/[0-9a-f ]/.test(c) ? BYTES.spaced : 0) |
    (/[A-Z0-9_]/.test(c) ? BYTES.upper : 0) |
    (/[0-9a-fx()nil]/.test(c) ? BYTES.pointer : 0)
  )
})

const MINUS = 45
const LF = 10
const NINE = 57

export function isOf(code: number, bytes: number): boolean {
  return ((TABLE[code] ?? 0) & bytes) !== 0
}

/** The first offset at or after `start` whose byte is not of the class; at most `end`. */
export function runEnd(text: string, start: number, end: number, bytes: number): number {
  let at = start
  while (at < end && ((TABLE[text.charCodeAt(at)] ?? 0) & bytes) !== 0) at++
  return at
}

/** The last offset at or before `end` that follows a byte not of the class; at least `start`. */
export function runStart(text: string, start: number, end: number, bytes: number): number {
  let at = end
  while (at > start && ((TABLE[text.charCodeAt(at - 1)] ?? 0) & bytes) !== 0) at--
  return at
}

/** The most bytes that a text of this shape has, without padding. */
export function mostOf(shape: TextShape): number {
  switch (shape.kind) {
    case 'run':
      return shape.most + (shape.signed ? 1 : 0)
    case 'pointer':
      return 18
    case 'text':
    case 'expression':
      return shape.most
    case 'enumerator':
      return LONGEST_ENUMERATOR
    case 'byte':
      return 1
    case 'template':
      return Math.max(shape.template.length, shape.other?.length ?? 0)
    case 'words':
      return Math.max(0, ...shape.texts.map(({ length }) => length))
    case 'stack':
      return Number.POSITIVE_INFINITY
  }
}

/** True when a text of this shape may hold line ends, except for those of a stack. */
export function holdsLines(shape: TextShape): boolean {
  return (
    shape.kind === 'text' ||
    shape.kind === 'byte' ||
    (shape.kind === 'words' && shape.texts.some((word) => word.includes('\n')))
  )
}

/** True when `[start, end)` is a text of this shape. */
export function fits(shape: TextShape, text: string, start: number, end: number): boolean {
  switch (shape.kind) {
    case 'run': {
      const from = shape.signed && text.charCodeAt(start) === MINUS ? start + 1 : start
      const count = end - from
      // A minus alone is not a number.
      if (count < shape.least || count > shape.most || (from > start && count === 0)) return false
      return runEnd(text, from, end, shape.bytes) === end && isWithin(shape.limit, shape.most, text, from, end)
    }
    case 'pointer':
      return isPointer(text, start, end)
    case 'text': {
      const count = end - start
      return count >= shape.least && count <= shape.most && !hasNul(text, start, end)
    }
    case 'enumerator':
      return fitsEnumerator(shape.prefix, text, start, end)
    case 'byte':
      return end - start <= 1
    case 'template':
      if (shape.other !== undefined && end - start === shape.other.length && text.startsWith(shape.other, start))
        return true
      return end - start === shape.template.length && fitsTemplate(shape.template, text, start)
    case 'words':
      return shape.texts.some((word) => word.length === end - start && text.startsWith(word, start))
    case 'stack':
      return (
        start === end ||
        (text.charCodeAt(start) === LF &&
          (end === start + 1 || framesEnd(text, start + 1, end, shape.rawDigits) === end))
      )
    case 'expression':
      return end - start <= shape.most && shape.whole.test(text.slice(start, end))
  }
}

function hasNul(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 0) return true
  return false
}

/** True when the number of the digits is not greater than the limit. */
export function isWithin(limit: number | undefined, most: number, text: string, start: number, end: number): boolean {
  return limit === undefined || end - start < most || Number(text.slice(start, end)) <= limit
}

/** Enumerators of the kernel and numbers of 64 bits are shorter. */
const LONGEST_ENUMERATOR = 128

export function fitsEnumerator(prefix: string, text: string, start: number, end: number): boolean {
  const count = end - start
  if (count === 0 || count > LONGEST_ENUMERATOR) return false
  const isNumber = isOf(text.charCodeAt(start), BYTES.digit)
  if (isNumber) return count <= 20 && runEnd(text, start, end, BYTES.digit) === end
  return text.startsWith(prefix, start) && runEnd(text, start, end, prefix === '' ? BYTES.word : BYTES.upper) === end
}

function isPointer(text: string, start: number, end: number): boolean {
  if (text.startsWith('0x', start)) {
    const count = end - start - 2
    return count >= 1 && count <= 16 && runEnd(text, start + 2, end, BYTES.hex) === end
  }
  return (end - start === 1 && text.charCodeAt(start) === 48) || (end - start === 5 && text.startsWith('(nil)', start))
}

function fitsTemplate(template: string, text: string, start: number): boolean {
  for (let index = 0; index < template.length; index++) {
    const wanted = template.charCodeAt(index)
    const found = text.charCodeAt(start + index)
    if (wanted === ZERO) {
      if (!(found >= ZERO && found <= NINE)) return false
    } else if (wanted === X) {
      if (!isOf(found, BYTES.upperHex)) return false
    } else if (found !== wanted) return false
  }
  return true
}

const ZERO = 48
const X = 88
