// The inner loop of shapes: from input bytes to output bytes. It is compiled twice: by tsc, over the memory of
// `words.ts`, and by AssemblyScript, over that of `simd.as`, to WebAssembly. Hence its types, and nothing but numbers.
import { find, hashOf } from './keys.ts'
import {
  CODE_BYTES,
  ENTRY_HITS,
  ENTRY_LINES,
  FOUND,
  FOUND_BYTES,
  FRACTION,
  KEY,
  LAST_START,
  LINE_DIGITS_END,
  LINE_START,
  LINES,
  LITERAL,
  NINE,
  OUTPUT,
  OUTPUT_BYTES,
  OUTPUT_END,
  POINTER,
  SECONDS,
  SHAPE_BYTES,
  SHAPE_LINES,
  SHAPE_STEPS,
  UNITS,
  ZERO,
} from './layout.ts'
import { blanksEnd, isTime, leafEnd, nanosecondsSize, secondsSize } from './leaves.ts'
import { areEqual, byteAt, findByte, hexFrom, type i32, intAt, setByte, setInt } from './words.ts'
import { write } from './write.ts'

/**
 * Writes the units of `[from, to)`, at most `most`, as long as they fit, and counts them; gives where the first one
 * begins that was not written. `to` follows a line end.
 */
export function run(shape: i32, from: i32, to: i32, most: i32): i32 {
  let begin: i32 = from
  for (let count: i32 = 0; begin < to && count < most && intAt(OUTPUT_END) < OUTPUT + OUTPUT_BYTES; count++) {
    const end: i32 = matched(shape, begin, to)
    if (end < 0) break
    write(shape)
    const lines: i32 = hit(shape)
    for (let line: i32 = 0; line < lines; line++) nextLine()
    setInt(UNITS, intAt(UNITS) + 1)
    setInt(LINES, intAt(LINES) + lines)
    setInt(LAST_START, begin)
    begin = end
  }
  return begin
}

/** Writes the one unit `[from, to)`, which is not counted; gives its end; another: it does not fit. */
export function writeOne(shape: i32, from: i32, to: i32): i32 {
  const end: i32 = matched(shape, from, to)
  if (end === to) write(shape)
  return end
}

/** Where the unit ends; -1: it does not fit. */
function matched(shape: i32, from: i32, to: i32): i32 {
  let at: i32 = from
  let found: i32 = FOUND
  const stepsEnd: i32 = shape + SHAPE_BYTES + CODE_BYTES * intAt(shape + SHAPE_STEPS)
  for (let code: i32 = shape + SHAPE_BYTES; code < stepsEnd; code += CODE_BYTES) {
    const a: i32 = intAt(code + 4)
    const b: i32 = intAt(code + 8)
    switch (intAt(code)) {
      case LITERAL:
        if (at + b > to || !areEqual(at, a, b)) return -1
        at += b
        break
      case KEY: {
        const end: i32 = keyEnd(at, to, a, b)
        if (end === to) return -1
        const entry: i32 = find(intAt(code + 12), at, end)
        if (entry === 0) return -1
        setInt(found, entry)
        at = end
        break
      }
      case SECONDS: {
        at = timeEnd(shape, found, a === 0 ? at : blanksEnd(at, to), a, b === 1)
        if (at < 0) return -1
        break
      }
      case POINTER:
        if (byteAt(at) === ZERO || hexFrom(at) < a) return -1
        setInt(found, at)
        setInt(found + 4, a)
        at += a
        break
      default: {
        const stop: i32 = a === 0 ? to : at + a
        const start: i32 = a === 0 ? at : blanksEnd(at, stop)
        const end: i32 = leafEnd(code, start, stop, b)
        if (end === start || stop > to || (a !== 0 && end < stop)) return -1
        setInt(found, start)
        setInt(found + 4, end - start)
        at = end
      }
    }
    found += FOUND_BYTES
  }
  return at > to ? -1 : at
}

/** Where the time at `start` ends; -1: there is none. A fraction of no digits: nanoseconds. */
function timeEnd(shape: i32, found: i32, start: i32, fraction: i32, makesTs: boolean): i32 {
  const hasPoint: boolean = fraction > 0
  const size: i32 = hasPoint ? secondsSize(start, fraction) : nanosecondsSize(start)
  if (size === 0) return -1
  const seconds: i32 = hasPoint ? size : size - FRACTION
  const below: i32 = hasPoint ? start + size + 1 : start + seconds
  const digits: i32 = hasPoint ? fraction : FRACTION
  if (makesTs && !isTime(shape, start, seconds, below, digits)) return -1
  setInt(found, start)
  setInt(found + 4, size)
  return below + digits
}

/** A key ends where the literal after it begins, with the byte `first`, and `second` if there is one. */
function keyEnd(at: i32, to: i32, first: i32, second: i32): i32 {
  let end: i32 = findByte(first, at, to)
  while (end < to && second >= 0 && byteAt(end + 1) !== second) end = findByte(first, end + 1, to)
  return end
}

/** Counts the keys of the unit; gives how many lines it has. */
function hit(shape: i32): i32 {
  let lines: i32 = intAt(shape + SHAPE_LINES)
  let found: i32 = FOUND
  const stepsEnd: i32 = shape + SHAPE_BYTES + CODE_BYTES * intAt(shape + SHAPE_STEPS)
  for (let code: i32 = shape + SHAPE_BYTES; code < stepsEnd; code += CODE_BYTES) {
    if (intAt(code) === KEY) {
      const entry: i32 = intAt(found)
      setInt(entry + ENTRY_HITS, intAt(entry + ENTRY_HITS) + 1)
      lines += intAt(entry + ENTRY_LINES)
    }
    found += FOUND_BYTES
  }
  return lines
}

/** To count on in digits is cheaper than to divide. */
function nextLine(): void {
  let at: i32 = LINE_DIGITS_END - 1
  const start: i32 = intAt(LINE_START)
  while (at >= start && byteAt(at) === NINE) {
    setByte(at, ZERO)
    at--
  }
  if (at < start) {
    setInt(LINE_START, at)
    setByte(at, ZERO)
  }
  setByte(at, byteAt(at) + 1)
}

export { find, hashOf }
