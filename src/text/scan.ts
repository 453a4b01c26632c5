// Scanners of single leaves, at offsets in a latin1 window. Each gives the leaf as the event has it, or undefined when
// it does not read all of the text. The schema accepts all that they give (a property test shows it).

const SPACE = 32
const ZERO = 48
const NINE = 57

/** The offset of the first byte at or after `start` that is not a decimal digit. */
export function digitsEnd(text: string, start: number): number {
  let at = start
  for (let c = text.charCodeAt(at); c >= ZERO && c <= NINE; c = text.charCodeAt(at)) at++
  return at
}

/** The offset of the first byte at or after `start` that is not a hexadecimal digit, of either case. */
export function hexEnd(text: string, start: number): number {
  let at = start
  while (isHex(text.charCodeAt(at))) at++
  return at
}

/** The offset of the first byte at or after `start` that is not a blank (0x20). */
export function blanksEnd(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) === SPACE) at++
  return at
}

/**
 * Whether `text` has `literal` at `at`. Char by char: `startsWith` takes 2.5 ns a char, this takes a third of that.
 */
export function holdsAt(text: string, at: number, literal: string): boolean {
  for (let of = 0; of < literal.length; of++) if (text.charCodeAt(at + of) !== literal.charCodeAt(of)) return false
  return true
}

/** Whether a code is a decimal digit. */
export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

/** Whether a code is a hexadecimal digit of either case. */
export function isHex(code: number): boolean {
  return (code >= ZERO && code <= NINE) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}

/** Whether a code is an ASCII letter, a digit or `_`. */
export function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= ZERO && code <= NINE) || code === 95
}

/** All of `[start, end)`, decimal digits, as a safe integer; undefined when it is not. */
export function uint(text: string, start: number, end: number): number | undefined {
  if (end <= start || end - start > 16) return undefined
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return Number.isSafeInteger(value) ? value : undefined
}

/** All of `[start, end)`, hexadecimal digits without `0x`, as a safe integer; undefined when it is not. */
export function hexInt(text: string, start: number, end: number): number | undefined {
  if (end <= start || end - start > 16 || hexEnd(text, start) < end) return undefined
  const value = Number.parseInt(text.slice(start, end), 16)
  return Number.isSafeInteger(value) ? value : undefined
}

/**
 * A pointer of 1 to 16 digits in any form that tools print (`0xffff88811f6a7068`, `ffff88811f6a7068`, `(nil)`), in the
 * form of the event: `0x` and lower-case digits without leading zeros. `(nil)` gives `0x0`.
 */
export function pointer(text: string, start: number, end: number): string | undefined {
  let at = start
  if (text.charCodeAt(at) === ZERO && at + 1 < end && (text.charCodeAt(at + 1) | 32) === 120) {
    at += 2
    if (end - at > 16 || end <= at) return undefined
    // The common case, all lower case and no leading zero, needs no change.
    const first = text.charCodeAt(at)
    if (first !== ZERO && text.charCodeAt(start + 1) === 120 && lowerHex(text, at, end)) return text.slice(start, end)
  } else if (end - start === 5 && holdsAt(text, start, '(nil)')) return '0x0'
  if (end <= at || end - at > 16 || hexEnd(text, at) < end) return undefined
  while (at < end - 1 && text.charCodeAt(at) === ZERO) at++
  return `0x${text.slice(at, end).toLowerCase()}`
}

function lowerHex(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at)
    if (!((c >= ZERO && c <= NINE) || (c >= 97 && c <= 102))) return false
  }
  return true
}

/**
 * All of `[start, end)`, seconds with 6 or 9 fraction digits, as decimal nanoseconds: `340.799805` → `340799805000`.
 * perf prints 6 digits, cut and not rounded, or 9 with `--ns` (seen in perf 5.10 to 7.2). The seconds have at most 10
 * digits, so that the result fits 64 bits.
 */
export function secondsToNs(text: string, start: number, end: number): string | undefined {
  const dot = digitsEnd(text, start)
  const fraction = end - dot - 1
  if (dot === start || dot - start > 10 || text.charCodeAt(dot) !== 46) return undefined
  if ((fraction !== 6 && fraction !== 9) || digitsEnd(text, dot + 1) < end) return undefined
  let from = start
  while (from < dot - 1 && text.charCodeAt(from) === ZERO) from++
  const fractionText = text.slice(dot + 1, end)
  if (text.charCodeAt(from) !== ZERO) {
    return text.slice(from, dot) + (fraction === 6 ? `${fractionText}000` : fractionText)
  }
  // Below one second the result has no leading zeros.
  let rest = 0
  while (rest < fraction - 1 && fractionText.charCodeAt(rest) === ZERO) rest++
  const digits = fractionText.slice(rest)
  return digits === '0' ? '0' : fraction === 6 ? `${digits}000` : digits
}
