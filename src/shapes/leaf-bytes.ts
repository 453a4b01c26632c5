// The bytes of leaves, where they are found in a unit of input.
import { isBare } from '../text/bare.ts'
import type { TextForm } from './outline.ts'

const BLANK = 32
const POINT = 46
const ZERO = 48
const MOST_SECONDS = 10
/** Numbers of more digits do not fit 32 bits. */
const MOST_DECIMALS = 10
const MOST_HEX = 7

const IS_HEX = membership('0123456789abcdef')
const IS_DIGIT = membership('0123456789')

const FIRST = 2
const REST = 1

/** By byte: 0 no text holds it, 1 it may follow, 2 a text may also begin with it. */
export type TextBytes = Uint8Array

export function textBytesOf({ without, withoutFirst }: TextForm): TextBytes {
  return Uint8Array.from({ length: 256 }, (_, code) => {
    const char = String.fromCharCode(code)
    if (!isBare(code) || without.includes(char)) return 0
    return code === BLANK || withoutFirst.includes(char) ? REST : FIRST
  })
}

/** Where blanks end, at most at `end`. */
export function blanksStop(words: DataView, start: number, end: number): number {
  let at = start
  while (at < end && words.getUint8(at) === BLANK) at++
  return at
}

/** Where the text at `start` ends, at most at `end`; `start`: there is none. */
export function textStop(words: DataView, bytes: TextBytes, start: number, end: number): number {
  if (start >= end || bytes[words.getUint8(start)] !== FIRST) return start
  let at = start + 1
  while (at < end && (bytes[words.getUint8(at)] ?? 0) !== 0) at++
  return at
}

/** Where the decimal number at `start` ends, at most at `end`; `start`: there is none, or it is above `most`. */
export function decimalStop(words: DataView, start: number, end: number, most: number): number {
  const stop = Math.min(end, start + MOST_DECIMALS)
  let value = 0
  let at = start
  for (; at < stop && IS_DIGIT[words.getUint8(at)] === 1; at++) value = 10 * value + words.getUint8(at) - ZERO
  if (value > most) return start
  return at > start + 1 && words.getUint8(start) === ZERO ? start : at
}

/** Where the hexadecimal number at `start` ends, at most at `end`; `start`: there is none. */
export function hexStop(words: DataView, start: number, end: number): number {
  const stop = Math.min(end, start + MOST_HEX)
  let at = start
  while (at < stop && IS_HEX[words.getUint8(at)] === 1) at++
  return at > start + 1 && words.getUint8(start) === ZERO ? start : at
}

/** The value of such a number. */
export function hexValue(words: DataView, start: number, size: number): number {
  let value = 0
  for (let at = start; at < start + size; at++) {
    const digit = words.getUint8(at)
    value = 16 * value + (digit < 58 ? digit - ZERO : digit - 87)
  }
  return value
}

/** Writes the digits of a number below 2^31; gives where they end. */
export function writeDecimal(value: number, bytes: Uint8Array, at: number): number {
  let end = at + 1
  for (let bound = 10; value >= bound; bound *= 10) end++
  let rest = value
  for (let digit = end - 1; digit >= at; digit--) {
    const tenth = Math.floor(rest / 10)
    bytes[digit] = ZERO + rest - 10 * tenth
    rest = tenth
  }
  return end
}

/** Whether so many hexadecimal digits are at `start`, of which the first is not zero. */
export function isPointer(words: DataView, start: number, digits: number): boolean {
  if (words.getUint8(start) === ZERO) return false
  for (let at = start; at < start + digits; at++) if (IS_HEX[words.getUint8(at)] !== 1) return false
  return true
}

/** How many digits the seconds at `start` have, before a point and so many digits; 0: they are no such seconds. */
export function secondsSize(words: DataView, start: number, fraction: number): number {
  let size = 0
  while (size <= MOST_SECONDS && IS_DIGIT[words.getUint8(start + size)] === 1) size++
  if (size === 0 || size > MOST_SECONDS) return 0
  if (words.getUint8(start) === ZERO || words.getUint8(start + size) !== POINT) return 0
  const below = start + size + 1
  for (let at = below; at < below + fraction; at++) if (IS_DIGIT[words.getUint8(at)] !== 1) return 0
  return size
}

function membership(chars: string): Uint8Array {
  const has = new Uint8Array(256)
  for (const char of chars) has[char.charCodeAt(0)] = 1
  return has
}
