// The memory that `run.ts` works on, in TypeScript. `simd.as` has the same functions for AssemblyScript.

export type i32 = number
export type f64 = number

/** The same bytes, seen as numbers of each size. */
export class Views {
  readonly bytes: Uint8Array
  readonly ints: Int32Array
  readonly floats: Float64Array
  readonly words: DataView

  constructor(memory: ArrayBuffer) {
    this.bytes = new Uint8Array(memory)
    this.ints = new Int32Array(memory)
    this.floats = new Float64Array(memory)
    this.words = new DataView(memory)
  }
}

let { bytes, ints, floats, words } = new Views(new ArrayBuffer(0))

/** What follows works on this memory. */
export function use(views: Views): void {
  bytes = views.bytes
  ints = views.ints
  floats = views.floats
  words = views.words
}

export function byteAt(at: i32): i32 {
  return bytes[at] ?? 0
}

export function setByte(at: i32, byte: i32): void {
  bytes[at] = byte
}

/** Four bytes, at a place that need not be aligned. */
export function wordAt(at: i32): i32 {
  return words.getInt32(at, true)
}

export function setWord(at: i32, word: i32): void {
  words.setInt32(at, word, true)
}

/** An aligned number. */
export function intAt(at: i32): i32 {
  return ints[at >> 2] ?? 0
}

export function setInt(at: i32, value: i32): void {
  ints[at >> 2] = value
}

export function floatAt(at: i32): f64 {
  return floats[at >> 3] ?? 0
}

export function setFloat(at: i32, value: f64): void {
  floats[at >> 3] = value
}

export function product(a: i32, b: i32): i32 {
  return Math.imul(a, b)
}

/** Of numbers that are not negative. */
export function quotient(a: i32, b: i32): i32 {
  return Math.floor(a / b)
}

export function lesser(a: i32, b: i32): i32 {
  return Math.min(a, b)
}

export function areEqual(a: i32, b: i32, length: i32): boolean {
  let at = 0
  for (; at + 4 <= length; at += 4) if (words.getInt32(a + at, true) !== words.getInt32(b + at, true)) return false
  for (; at < length; at++) if (bytes[a + at] !== bytes[b + at]) return false
  return true
}

/** Gives where the copy ends. Up to 15 bytes after it are overwritten. */
export function copy(from: i32, to: i32, length: i32): i32 {
  for (let at = 0; at < length; at += 4) words.setInt32(to + at, words.getInt32(from + at, true), true)
  return to + length
}

export function copySixteen(from: i32, to: i32): void {
  copy(from, to, 16)
}

/** Where the byte is in `[start, end)`, or `end`. */
export function findByte(byte: i32, start: i32, end: i32): i32 {
  const at = bytes.subarray(start, end).indexOf(byte)
  return at < 0 ? end : start + at
}

/** How many decimal digits begin here: at most 16. */
export function digitsFrom(at: i32): i32 {
  let count = 0
  while (count < 16 && isWithin(byteAt(at + count), 48, 57)) count++
  return count
}

/** The same of lowercase hexadecimal digits. */
export function hexFrom(at: i32): i32 {
  let count = 0
  while (count < 16 && (isWithin(byteAt(at + count), 48, 57) || isWithin(byteAt(at + count), 97, 102))) count++
  return count
}

function isWithin(byte: i32, least: i32, most: i32): boolean {
  return byte >= least && byte <= most
}
