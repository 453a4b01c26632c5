// A shape: how a line of input becomes a line of output, without a text, a record or an object in between.
import { isBare } from '../text/bare.ts'
import type { ClockOffset } from '../time/clock.ts'
import {
  BLANK,
  CODE_BYTES,
  CONSTANT,
  DECIMAL,
  DIGITS,
  FIXED_KEY,
  HEX,
  HEX_NUMBER,
  KEY,
  LEAF,
  LINE_NUMBER,
  LITERAL,
  MAY_BEGIN,
  MAY_FOLLOW,
  NANOSECONDS,
  OFFSET_LEAST,
  OFFSET_MOST,
  OFFSET_NANOSECONDS,
  OFFSET_SECONDS,
  PIECE,
  POINTER,
  POINTER_LEAF,
  SECONDS,
  SHAPE_AHEAD,
  SHAPE_BYTES,
  SHAPE_LINES,
  SHAPE_PUTS,
  SHAPE_STEPS,
  TEXT,
  TEXT_TABLE_BYTES,
  TOGETHER,
  TS,
  ZERO,
} from './machine/layout.ts'
import type { ShapeMemory } from './memory.ts'
import type { TextForm } from './outline.ts'
import { ShapeKey } from './shape-key.ts'
import type { Put, Step } from './step.ts'
import { Together } from './together.ts'

const NO_BYTE = -1
type Code = readonly [number, number, number, number]

/** Writes a shape to the memory of a machine; `at` is where it is. */
export class Shape {
  readonly at: number
  readonly keys: readonly ShapeKey[]
  private readonly together: Together | undefined

  /** So many of the steps must begin the unit after it, too: the reader looks at them. */
  constructor(steps: readonly Step[], ahead: number, puts: readonly Put[], memory: ShapeMemory) {
    const piecesOf = (step: number): number => puts.filter((put) => put.is === 'piece' && put.step === step).length
    const keys = steps.map(({ is }, step) => (is === 'key' ? new ShapeKey(memory, piecesOf(step)) : undefined))
    this.keys = keys.filter((key) => key !== undefined)
    const joined = steps.find((step) => step.is === 'together')?.keys ?? []
    const joinedKeys = joined.map((step) => keys[step]).filter((key) => key !== undefined)
    this.together = joined.length === 0 ? undefined : new Together(joinedKeys, joined, memory)
    const codes = [
      ...steps.map((step, at) => codeOf(step, steps[at + 1], keys[at], this.together, memory)),
      ...puts.map((put, at) => codeOfPut(put, steps, puts.slice(0, at), memory)),
    ]
    this.at = memory.allocate(SHAPE_BYTES + CODE_BYTES * codes.length)
    memory.setInts(this.at + SHAPE_STEPS, [steps.length])
    memory.setInts(this.at + SHAPE_PUTS, [puts.length])
    memory.setInts(this.at + SHAPE_LINES, [lineEndsOf(steps)])
    memory.setInts(this.at + SHAPE_AHEAD, [ahead])
    memory.setInts(this.at + SHAPE_BYTES, codes.flat())
    for (const step of steps) if ('offset' in step && step.offset !== undefined) this.setOffset(step.offset, memory)
  }

  /** The keys have the values that were found or learned last: these are known together from now on. */
  learnTogether(): void {
    this.together?.learn()
  }

  private setOffset({ seconds, nanoseconds, least, most }: ClockOffset, memory: ShapeMemory): void {
    memory.setFloat(this.at + OFFSET_SECONDS, seconds)
    memory.setFloat(this.at + OFFSET_LEAST, least)
    memory.setFloat(this.at + OFFSET_MOST, most)
    memory.setInts(this.at + OFFSET_NANOSECONDS, [nanoseconds])
  }
}

function codeOf(
  step: Step,
  next: Step | undefined,
  key: ShapeKey | undefined,
  together: Together | undefined,
  memory: ShapeMemory,
): Code {
  switch (step.is) {
    case 'literal':
      return [LITERAL, memory.addText(step.text), step.text.length, 0]
    case 'key': {
      if (step.length !== undefined) return [FIXED_KEY, step.length, 0, key?.at ?? 0]
      const after = next?.is === 'literal' ? next.text : ''
      const first = after.charCodeAt(0) + 256 * step.passes
      return [KEY, first, after.length > 1 ? after.charCodeAt(1) : NO_BYTE, key?.at ?? 0]
    }
    case 'seconds':
      return [SECONDS, step.fraction, step.offset === undefined ? 0 : 1, 0]
    case 'nanoseconds':
      return [SECONDS, 0, step.offset === undefined ? 0 : 1, 0]
    case 'digits':
      return [DIGITS, step.count, ZERO + step.mostFirst, 0]
    case 'pointer':
      return [POINTER, step.digits, 0, 0]
    case 'hex':
      return [HEX, 0, 0, 0]
    case 'decimal':
      return [DECIMAL, step.width, step.most, 0]
    case 'text':
      return [TEXT, step.width, step.form.most, textTable(step.form, memory)]
    case 'together':
      return [TOGETHER, together?.places ?? 0, step.keys.length, together?.key.at ?? 0]
  }
}

/** By byte: whether a text may hold it, or begin with it. */
function textTable({ without, withoutFirst }: TextForm, memory: ShapeMemory): number {
  const at = memory.allocate(TEXT_TABLE_BYTES)
  for (let code = 0; code < TEXT_TABLE_BYTES; code++) {
    const char = String.fromCharCode(code)
    if (!isBare(code) || without.includes(char)) continue
    memory.machine.bytes[at + code] = code === BLANK || withoutFirst.includes(char) ? MAY_FOLLOW : MAY_BEGIN
  }
  return at
}

function codeOfPut(put: Put, steps: readonly Step[], before: readonly Put[], memory: ShapeMemory): Code {
  switch (put.is) {
    case 'text':
      return [CONSTANT, 0, memory.addText(put.text), put.text.length]
    case 'piece':
      return [PIECE, put.step, before.filter((one) => one.is === 'piece' && one.step === put.step).length, 0]
    case 'leaf': {
      const step = steps[put.step]
      if (step?.is === 'seconds') return [NANOSECONDS, put.step, step.fraction, 0]
      if (step?.is === 'pointer') return [POINTER_LEAF, put.step, 0, 0]
      return [step?.is === 'hex' ? HEX_NUMBER : LEAF, put.step, 0, 0]
    }
    case 'ts':
      return [TS, put.step, 0, 0]
    case 'line number':
      return [LINE_NUMBER, 0, 0, 0]
  }
}

function lineEndsOf(steps: readonly Step[]): number {
  return steps
    .map((step) => (step.is === 'literal' ? step.text.split('\n').length - 1 : 0))
    .reduce((sum, lines) => sum + lines, 0)
}
