// Leaves, where they are found in a unit of input. See `run.ts`.
import {
  BLANK,
  DECIMAL,
  FRACTION,
  HEX,
  LETTER_A,
  MAY_BEGIN,
  NANOSECOND,
  NINE,
  OFFSET_LEAST,
  OFFSET_MOST,
  OFFSET_NANOSECONDS,
  OFFSET_SECONDS,
  POINT,
  SECOND,
  TEXT,
  TEXT_SECOND,
  WANTS_SECOND,
  ZERO,
} from './layout.ts'
import { byteAt, digitsFrom, type f64, floatAt, hexFrom, type i32, intAt, lesser, setFloat, setInt } from './words.ts'

const MOST_SECONDS: i32 = 10
/** Numbers of more digits do not fit 32 bits. */
const MOST_DECIMALS: i32 = 10
const MOST_HEX: i32 = 7
/** As many bytes are looked at at once. */
const SIXTEEN: i32 = 16
const SECOND_NS: i32 = 1_000_000_000

export function blanksEnd(start: i32, end: i32): i32 {
  let at: i32 = start
  while (at < end && byteAt(at) === BLANK) at++
  return at
}

/** Where the leaf at `start` ends, at most at `stop`; `start`: there is none. */
export function leafEnd(code: i32, start: i32, stop: i32, most: i32): i32 {
  const is: i32 = intAt(code)
  if (is === TEXT) return textEnd(intAt(code + 12), start, lesser(stop, start + most))
  const size: i32 = lesser(is === HEX ? hexFrom(start) : digitsFrom(start), stop - start)
  if (size > (is === HEX ? MOST_HEX : MOST_DECIMALS) || (size > 1 && byteAt(start) === ZERO)) return start
  return is === DECIMAL && numberAt(start, size) > most ? start : start + size
}

function textEnd(table: i32, start: i32, end: i32): i32 {
  if (start >= end || byteAt(table + byteAt(start)) !== MAY_BEGIN) return start
  let at: i32 = start + 1
  while (at < end && byteAt(table + byteAt(at)) !== 0) at++
  return at
}

/**
 * Reads a time of the wall clock: digits of seconds at `at`, and a fraction at `belowAt`; false: the offset does not
 * apply to it, or the text of its second is another.
 */
export function isTime(shape: i32, at: i32, size: i32, belowAt: i32, fraction: i32): boolean {
  const seconds: f64 = numberAt(at, size)
  if (seconds < floatAt(shape + OFFSET_LEAST) || seconds > floatAt(shape + OFFSET_MOST)) return false
  let below: i32 = 0
  for (let digit: i32 = 0; digit < FRACTION; digit++)
    below = below * 10 + (digit < fraction ? byteAt(belowAt + digit) - ZERO : 0)
  let nanoseconds: i32 = below + intAt(shape + OFFSET_NANOSECONDS)
  let second: f64 = seconds + floatAt(shape + OFFSET_SECONDS)
  if (nanoseconds >= SECOND_NS) {
    nanoseconds -= SECOND_NS
    second += 1
  }
  setInt(NANOSECOND, nanoseconds)
  if (second === floatAt(TEXT_SECOND)) return true
  setFloat(SECOND, second)
  setInt(WANTS_SECOND, 1)
  return false
}

/** How many digits the seconds at `at` have, before a point and so many digits; 0: they are no such seconds. */
export function secondsSize(at: i32, fraction: i32): i32 {
  const size: i32 = digitsFrom(at)
  const isNumber: boolean = size > 0 && size <= MOST_SECONDS && byteAt(at) !== ZERO && byteAt(at + size) === POINT
  return isNumber && digitsFrom(at + size + 1) >= fraction ? size : 0
}

/** How many digits the nanoseconds at `at` have; 0: they are below a second, or no such number. */
export function nanosecondsSize(at: i32): i32 {
  const first: i32 = digitsFrom(at)
  const size: i32 = first < SIXTEEN ? first : first + digitsFrom(at + SIXTEEN)
  return size <= FRACTION || size > MOST_SECONDS + FRACTION || byteAt(at) === ZERO ? 0 : size
}

function numberAt(at: i32, digits: i32): f64 {
  let value: f64 = 0
  for (let digit: i32 = at; digit < at + digits; digit++) value = value * 10 + (byteAt(digit) - ZERO)
  return value
}

export function hexNumber(start: i32, size: i32): i32 {
  let value: i32 = 0
  for (let at: i32 = start; at < start + size; at++) {
    const digit: i32 = byteAt(at)
    value = 16 * value + (digit > NINE ? digit - LETTER_A + 10 : digit - ZERO)
  }
  return value
}
