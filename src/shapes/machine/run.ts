// The inner loop of shapes: from input bytes to output bytes. It is compiled twice: by tsc, over the memory of
// `words.ts`, and by AssemblyScript, over that of `simd.as`, to WebAssembly. Hence its types, and nothing but numbers.
import { find, hashOf } from './keys.ts'
import {
  BLANK_BYTES,
  BLANKS,
  CODE_BYTES,
  CR,
  DIGITS,
  ENTRIES,
  ENTRY_HITS,
  ENTRY_LINES,
  FIXED_KEY,
  FOUND,
  FOUND_AHEAD,
  FOUND_BYTES,
  FRACTION,
  KEY,
  LAST_END,
  LAST_START,
  LF,
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
  SHAPE_AHEAD,
  SHAPE_BYTES,
  SHAPE_LINES,
  SHAPE_STEPS,
  TAKES_BLANKS,
  TOGETHER,
  UNITS,
  WAITING,
  ZERO,
} from './layout.ts'
import { blanksEnd, isTime, leafEnd, nanosecondsSize, secondsSize } from './leaves.ts'
import { areEqual, byteAt, digitsFrom, findByte, hexFrom, type i32, intAt, setByte, setInt } from './words.ts'
import { write } from './write.ts'

/**
 * Writes the units of `[from, to)`, at most `most`, as long as they fit, and counts them; gives where the first one
 * begins that was not written. `to` follows a line end.
 */
export function run(shape: i32, from: i32, to: i32, most: i32): i32 {
  const steps: i32 = intAt(shape + SHAPE_STEPS)
  const ahead: i32 = intAt(shape + SHAPE_AHEAD)
  let begin: i32 = pastBlanks(from, to)
  for (let count: i32 = 0; begin < to && count < most && intAt(OUTPUT_END) < OUTPUT + OUTPUT_BYTES; count++) {
    const end: i32 = matched(shape, steps, FOUND, begin, to)
    if (end < 0) break
    const lastEnd: i32 = ahead === 0 ? end : matched(shape, ahead, FOUND_AHEAD, end, to)
    if (lastEnd < 0) {
      if (end === to) setInt(WAITING, begin)
      break
    }
    write(shape)
    const lines: i32 = hit(shape)
    for (let line: i32 = 0; line < lines; line++) nextLine()
    setInt(UNITS, intAt(UNITS) + 1)
    setInt(LINES, intAt(LINES) + lines)
    setInt(LAST_START, begin)
    setInt(LAST_END, lastEnd)
    begin = pastBlanks(end, to)
  }
  return begin
}

/** Takes empty lines, where that is wanted. */
function pastBlanks(from: i32, to: i32): i32 {
  let at: i32 = from
  while (at < to && intAt(TAKES_BLANKS) !== 0) {
    const lf: i32 = byteAt(at) === CR ? at + 1 : at
    if (lf >= to || byteAt(lf) !== LF) break
    at = lf + 1
    nextLine()
    setInt(LINES, intAt(LINES) + 1)
    setInt(BLANKS, intAt(BLANKS) + 1)
  }
  setInt(BLANK_BYTES, intAt(BLANK_BYTES) + at - from)
  return at
}

/** Writes the one unit `[from, to)`, which is not counted; gives its end; another: it does not fit. */
export function writeOne(shape: i32, from: i32, to: i32): i32 {
  const end: i32 = matched(shape, intAt(shape + SHAPE_STEPS), FOUND, from, to)
  if (end === to) write(shape)
  return end
}

/**
 * Where so many steps of the unit at `from` end; -1: they do not fit. What is found of them is kept at `place`. Of a
 * unit that is only looked at, the time may be any.
 */
function matched(shape: i32, steps: i32, place: i32, from: i32, to: i32): i32 {
  let at: i32 = from
  let found: i32 = place
  const stepsEnd: i32 = shape + SHAPE_BYTES + CODE_BYTES * steps
  for (let code: i32 = shape + SHAPE_BYTES; code < stepsEnd; code += CODE_BYTES) {
    const a: i32 = intAt(code + 4)
    const b: i32 = intAt(code + 8)
    switch (intAt(code)) {
      case LITERAL:
        if (at + b > to || !areEqual(at, a, b)) return -1
        at += b
        break
      case KEY:
      case FIXED_KEY: {
        const end: i32 = intAt(code) === KEY ? keyEnd(at, to, a, b) : at + a
        if (end >= to) return -1
        const entry: i32 = find(intAt(code + 12), at, end)
        if (entry === 0) return -1
        setInt(found, entry)
        at = end
        break
      }
      case SECONDS:
        at = timeEnd(shape, found, a === 0 ? at : blanksEnd(at, to), a, b === 1 && place === FOUND)
        if (at < 0) return -1
        break
      case DIGITS:
      case POINTER:
        if (!areDigits(intAt(code), at, a, b)) return -1
        setInt(found, at)
        setInt(found + 4, a)
        at += a
        break
      case TOGETHER:
        if (!areTogether(a, b, intAt(code + 12))) return -1
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

/** Whether a leaf of so many digits is here. `most`: the largest byte that may be the first of decimal ones. */
function areDigits(is: i32, at: i32, count: i32, most: i32): boolean {
  if (is === DIGITS) return byteAt(at) <= most && digitsFrom(at) >= count
  return byteAt(at) !== ZERO && hexFrom(at) >= count
}

/** Whether the entries at these places are known together. */
function areTogether(places: i32, count: i32, key: i32): boolean {
  for (let at: i32 = 0; at < 4 * count; at += 4) setInt(ENTRIES + at, intAt(intAt(places + at)))
  return find(key, ENTRIES, ENTRIES + 4 * count) !== 0
}

/**
 * A key ends where the literal after it begins, with a byte, and `second` if there is one, after so many such places.
 */
function keyEnd(at: i32, to: i32, byteAndPasses: i32, second: i32): i32 {
  const first: i32 = byteAndPasses & 255
  let passes: i32 = byteAndPasses >> 8
  let end: i32 = findByte(first, at, to)
  while (end < to) {
    if (second < 0 || byteAt(end + 1) === second) {
      if (passes === 0) break
      passes--
    }
    end = findByte(first, end + 1, to)
  }
  return end
}

/** Counts the keys of the unit; gives how many lines it has. */
function hit(shape: i32): i32 {
  let lines: i32 = intAt(shape + SHAPE_LINES)
  let found: i32 = FOUND
  const stepsEnd: i32 = shape + SHAPE_BYTES + CODE_BYTES * intAt(shape + SHAPE_STEPS)
  for (let code: i32 = shape + SHAPE_BYTES; code < stepsEnd; code += CODE_BYTES) {
    if (intAt(code) === KEY || intAt(code) === FIXED_KEY) {
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
