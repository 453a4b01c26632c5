// A shape: how a line of input becomes a line of output, without a text, a record or an object in between.

import { areEqual, copy, findByte } from '../text/byte-words.ts'
import type { Arena } from './arena.ts'
import {
  blanksStop,
  decimalStop,
  hexStop,
  hexValue,
  isPointer,
  secondsSize,
  type TextBytes,
  textBytesOf,
  textStop,
  writeDecimal,
} from './leaf-bytes.ts'
import { type LineNumber, OUTPUT_BYTES, type OutputLines } from './output-lines.ts'
import { ShapeKey } from './shape-key.ts'
import type { Put, Step } from './step.ts'
import { WallClock } from './wall-clock.ts'

const LITERAL = 0
const KEY = 1
const SECONDS = 2
const POINTER = 3
const HEX = 4
const DECIMAL = 5
const TEXT = 6

const PIECE = 0
const LEAF = 1
const NANOSECONDS = 2
const LINE_NUMBER = 3
const TS = 4
const HEX_NUMBER = 5

/** Numbers that describe a step, and a put. */
const STEP_WIDTH = 4
const PUT_WIDTH = 3

const NO_BYTE = -1
const NO_TEXT = new Uint8Array()
const FOUR_ZEROS = 0x30303030

export class Shape {
  readonly keys: readonly ShapeKey[]
  private readonly arena: Arena
  /** Which steps are keys. */
  private readonly keySteps: readonly number[]
  private readonly steps: Int32Array
  private readonly puts: Int32Array
  /** By put: the texts of its piece. */
  private readonly places: readonly (readonly number[])[]
  private readonly lengths: readonly (readonly number[])[]
  /**
   * By step: a key's number, or where a leaf begins; and how long it is. One more, always zero: for texts that no key
   * chooses.
   */
  private readonly starts: Int32Array
  private readonly sizes: Int32Array
  /** By step of a text. */
  private readonly texts: readonly TextBytes[]
  private readonly wall: WallClock
  /** Line ends in its literals. */
  private readonly literalLines: number

  constructor(steps: readonly Step[], puts: readonly Put[], arena: Arena) {
    this.arena = arena
    this.starts = new Int32Array(steps.length + 1)
    this.sizes = new Int32Array(steps.length + 1)
    this.wall = new WallClock(
      steps.map((step) => (step.is === 'seconds' ? step.offset : undefined)).find((offset) => offset !== undefined),
    )
    this.texts = steps.map((step) => (step.is === 'text' ? textBytesOf(step.form) : NO_TEXT))
    const literals = steps.map((step) => (step.is === 'literal' ? step.text : '')).join('')
    this.literalLines = literals.split('\n').length - 1
    this.keySteps = steps.flatMap(({ is }, step) => (is === 'key' ? [step] : []))
    const piecesOf = (step: number): number => puts.filter((put) => put.is === 'piece' && put.step === step).length
    this.keys = this.keySteps.map((step) => new ShapeKey(arena, piecesOf(step)))
    this.steps = Int32Array.from(
      steps.flatMap((step, at) => codeOf(step, steps[at + 1], this.keySteps.indexOf(at), arena)),
    )
    this.puts = Int32Array.from(puts.flatMap((put) => codeOfPut(put, steps)))
    const tables = puts.map((put, at) => {
      if (put.is === 'text') return { places: [arena.addText(put.text)], lengths: [put.text.length] }
      if (put.is !== 'piece') return { places: [], lengths: [] }
      const piece = puts.slice(0, at).filter((one) => one.is === 'piece' && one.step === put.step).length
      const key = this.keys[this.keySteps.indexOf(put.step)]
      return { places: key?.places[piece] ?? [], lengths: key?.lengths[piece] ?? [] }
    })
    this.places = tables.map(({ places }) => places)
    this.lengths = tables.map(({ lengths }) => lengths)
  }

  /**
   * Writes the units of `[from, to)`, at most `most`, as long as they fit; gives where the first one begins that was
   * not written. `to` follows a line end.
   */
  run(words: DataView, from: number, to: number, most: number, output: OutputLines, line: LineNumber): number {
    let at = from
    for (let count = 0; at < to && count < most && output.length < OUTPUT_BYTES; count++) {
      const end = this.matched(words, at, to)
      if (end < 0) break
      this.write(words, output, line)
      const lines = this.countKeys()
      line.add(lines)
      output.units++
      output.lines += lines
      output.lastStart = at
      at = end
    }
    return at
  }

  /** Writes the one line `[0, end)`, which is not counted; false: it does not fit. */
  writeOne(words: DataView, end: number, lines: OutputLines, line: LineNumber): boolean {
    if (this.matched(words, 0, end) !== end) return false
    this.write(words, lines, line)
    return true
  }

  /** Gives how many lines the unit has. */
  private countKeys(): number {
    const { keys, keySteps, starts } = this
    let lines = this.literalLines
    for (let at = 0; at < keySteps.length; at++) {
      const key = keys[at]
      const number = starts[keySteps[at] ?? 0] ?? 0
      key?.hit(number)
      lines += key?.lines[number] ?? 0
    }
    return lines
  }

  /** Where the line ends; -1: it does not fit. */
  private matched(words: DataView, from: number, to: number): number {
    const { steps, starts, sizes } = this
    let at = from
    for (let code = 0, step = 0; code < steps.length; code += STEP_WIDTH, step++) {
      const a = steps[code + 1] ?? 0
      const b = steps[code + 2] ?? 0
      switch (steps[code]) {
        case LITERAL:
          if (at + b > to || !areEqual(words, at, this.arena.words, a, b)) return -1
          at += b
          break
        case KEY: {
          let end = findByte(words, a, at, to)
          while (end < to && b !== NO_BYTE && words.getUint8(end + 1) !== b) end = findByte(words, a, end + 1, to)
          if (end === to) return -1
          const found = this.keys[steps[code + 3] ?? 0]?.keys.find(words, at, end) ?? -1
          if (found < 0) return -1
          starts[step] = found
          at = end
          break
        }
        case SECONDS: {
          at = blanksStop(words, at, to)
          const size = secondsSize(words, at, a)
          if (size === 0 || (b === 1 && !this.wall.takes(words, at, size, a))) return -1
          starts[step] = at
          sizes[step] = size
          at += size + 1 + a
          break
        }
        case POINTER:
          if (!isPointer(words, at, a)) return -1
          starts[step] = at
          sizes[step] = a
          at += a
          break
        default: {
          const start = a === 0 ? at : blanksStop(words, at, at + a)
          const stop = a === 0 ? to : at + a
          const end = this.leafStop(steps[code] ?? 0, step, words, start, stop, b)
          if (end === start || stop > to || (a !== 0 && end < stop)) return -1
          starts[step] = start
          sizes[step] = end - start
          at = end
        }
      }
    }
    return at > to ? -1 : at
  }

  private leafStop(is: number, step: number, words: DataView, start: number, stop: number, most: number): number {
    if (is === HEX) return hexStop(words, start, stop)
    if (is === DECIMAL) return decimalStop(words, start, stop, most)
    return textStop(words, this.texts[step] ?? NO_TEXT, start, Math.min(stop, start + most))
  }

  private write(words: DataView, lines: OutputLines, line: LineNumber): void {
    const { puts, starts, sizes } = this
    const { words: out } = lines
    let to = lines.length
    for (let code = 0, put = 0; code < puts.length; code += PUT_WIDTH, put++) {
      const step = puts[code + 1] ?? 0
      const start = starts[step] ?? 0
      switch (puts[code]) {
        case PIECE: {
          const length = this.lengths[put]?.[start] ?? 0
          copy(this.arena.words, this.places[put]?.[start] ?? 0, out, to, length)
          to += length
          break
        }
        case LEAF: {
          const size = sizes[step] ?? 0
          copy(words, start, out, to, size)
          to += size
          break
        }
        case NANOSECONDS: {
          const size = sizes[step] ?? 0
          const fraction = puts[code + 2] ?? 0
          copy(words, start, out, to, size)
          copy(words, start + size + 1, out, to + size, fraction)
          out.setInt32(to + size + fraction, FOUR_ZEROS)
          to += size + 9
          break
        }
        case HEX_NUMBER:
          to = writeDecimal(hexValue(words, start, sizes[step] ?? 0), lines.bytes, to)
          break
        case TS:
          to = this.wall.writeTo(lines.bytes, to)
          break
        case LINE_NUMBER:
          to = line.writeTo(lines.bytes, to)
          break
      }
    }
    lines.length = to
  }
}

function codeOf(step: Step, next: Step | undefined, key: number, arena: Arena): readonly number[] {
  switch (step.is) {
    case 'literal':
      return [LITERAL, arena.addText(step.text), step.text.length, 0]
    case 'key': {
      const after = next?.is === 'literal' ? next.text : ''
      return [KEY, after.charCodeAt(0), after.length > 1 ? after.charCodeAt(1) : NO_BYTE, key]
    }
    case 'seconds':
      return [SECONDS, step.fraction, step.offset === undefined ? 0 : 1, 0]
    case 'pointer':
      return [POINTER, step.digits, 0, 0]
    case 'hex':
      return [HEX, 0, 0, 0]
    case 'decimal':
      return [DECIMAL, step.width, step.most, 0]
    case 'text':
      return [TEXT, step.width, step.form.most, 0]
  }
}

function codeOfPut(put: Put, steps: readonly Step[]): readonly number[] {
  switch (put.is) {
    case 'text':
      return [PIECE, steps.length, 0]
    case 'piece':
      return [PIECE, put.step, 0]
    case 'leaf': {
      const step = steps[put.step]
      if (step?.is === 'seconds') return [NANOSECONDS, put.step, step.fraction]
      return [step?.is === 'hex' ? HEX_NUMBER : LEAF, put.step, 0]
    }
    case 'ts':
      return [TS, put.step, 0]
    case 'line number':
      return [LINE_NUMBER, steps.length, 0]
  }
}
