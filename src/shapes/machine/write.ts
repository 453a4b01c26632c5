// The output of a unit. See `run.ts`.

import {
  CODE_BYTES,
  CONSTANT,
  ENTRY_PIECES,
  FOUND,
  FOUND_BYTES,
  FRACTION,
  HEX_NUMBER,
  LEAF,
  LINE_DIGITS_END,
  LINE_NUMBER,
  LINE_START,
  NANOSECOND,
  NANOSECONDS,
  OUTPUT_END,
  PIECE,
  POINTER_LEAF,
  SECOND_TEXT,
  SECOND_TEXT_BYTES,
  SHAPE_BYTES,
  SHAPE_PUTS,
  SHAPE_STEPS,
  TS,
  ZERO,
} from './layout.ts'
import { hexNumber } from './leaves.ts'
import { copy, copySixteen, type i32, intAt, quotient, setByte, setInt, setWord } from './words.ts'

const CAPITAL_Z: i32 = 90
const FOUR_ZEROS: i32 = 0x30303030

export function write(shape: i32): void {
  let to: i32 = intAt(OUTPUT_END)
  const puts: i32 = shape + SHAPE_BYTES + CODE_BYTES * intAt(shape + SHAPE_STEPS)
  const putsEnd: i32 = puts + CODE_BYTES * intAt(shape + SHAPE_PUTS)
  for (let code: i32 = puts; code < putsEnd; code += CODE_BYTES) {
    const found: i32 = FOUND + FOUND_BYTES * intAt(code + 4)
    const start: i32 = intAt(found)
    switch (intAt(code)) {
      case CONSTANT:
        to = copy(intAt(code + 8), to, intAt(code + 12))
        break
      case PIECE: {
        const piece: i32 = start + ENTRY_PIECES + 8 * intAt(code + 8)
        to = copy(intAt(piece), to, intAt(piece + 4))
        break
      }
      case LEAF:
        to = copy(start, to, intAt(found + 4))
        break
      case POINTER_LEAF:
        copySixteen(start, to)
        to += intAt(found + 4)
        break
      case NANOSECONDS: {
        const size: i32 = intAt(found + 4)
        copySixteen(start, to)
        copySixteen(start + size + 1, to + size)
        setWord(to + size + intAt(code + 8), FOUR_ZEROS)
        to += size + FRACTION
        break
      }
      case HEX_NUMBER:
        to = writeDecimal(hexNumber(start, intAt(found + 4)), to)
        break
      case TS:
        to = writeTime(to)
        break
      case LINE_NUMBER:
        to = copy(intAt(LINE_START), to, LINE_DIGITS_END - intAt(LINE_START))
        break
    }
  }
  setInt(OUTPUT_END, to)
}

function writeTime(to: i32): i32 {
  const point: i32 = copy(SECOND_TEXT, to, SECOND_TEXT_BYTES)
  writeDigits(intAt(NANOSECOND), point, point + FRACTION)
  setByte(point + FRACTION, CAPITAL_Z)
  return point + FRACTION + 1
}

function writeDecimal(value: i32, to: i32): i32 {
  let end: i32 = to + 1
  for (let rest: i32 = quotient(value, 10); rest > 0; rest = quotient(rest, 10)) end++
  writeDigits(value, to, end)
  return end
}

/** Fills `[to, end)` with the last digits of the number. */
function writeDigits(value: i32, to: i32, end: i32): void {
  let rest: i32 = value
  for (let at: i32 = end - 1; at >= to; at--) {
    const tenth: i32 = quotient(rest, 10)
    setByte(at, ZERO + rest - 10 * tenth)
    rest = tenth
  }
}
