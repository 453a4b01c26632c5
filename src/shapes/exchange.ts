import {
  BLANK_BYTES,
  BLANKS,
  INPUT,
  LAST_END,
  LAST_START,
  LINE_DIGITS_END,
  LINE_START,
  LINES,
  OUTPUT,
  OUTPUT_END,
  SECOND,
  SECOND_TEXT,
  SECOND_TEXT_BYTES,
  TAKES_BLANKS,
  TEXT_SECOND,
  UNIT,
  UNIT_BYTES,
  UNITS,
  WAITING,
  WANTS_SECOND,
} from './machine/layout.ts'
import type { ShapeMemory } from './memory.ts'

/** Bytes that keep their places as long as `version` is the same. */
export interface VersionedBytes {
  readonly bytes: Uint8Array
  readonly version: number
}

const NO_SECOND = -1

/** What a run of the machine has before and after it: input, output, counts. */
export class Exchange {
  private readonly memory: ShapeMemory
  /** Of the input that is copied. */
  private version = Number.NaN
  private from = 0
  private to = 0

  /** `takesBlanks`: empty lines between units are nothing but blank. */
  constructor(memory: ShapeMemory, takesBlanks: boolean) {
    this.memory = memory
    memory.setInts(TAKES_BLANKS, [Number(takesBlanks)])
    memory.setFloat(TEXT_SECOND, NO_SECOND)
  }

  /** Gives where the input's byte `from` is in memory. What was copied already is not copied again. */
  showInput({ bytes, version }: VersionedBytes, from: number, to: number): number {
    if (version !== this.version || from < this.from || to > this.to) {
      this.memory.machine.bytes.set(bytes.subarray(from, to), INPUT)
      this.version = version
      this.from = from
      this.to = to
    }
    return INPUT + from - this.from
  }

  /** Of a byte in memory, its offset in the input. */
  inputOffset(at: number): number {
    return at - INPUT + this.from
  }

  /** Puts a unit at `UNIT`; gives where it ends; undefined: it is longer than those of which is learned. */
  showUnit(latin1Text: string): number | undefined {
    if (latin1Text.length > UNIT_BYTES) return undefined
    this.memory.writeText(UNIT, latin1Text)
    return UNIT + latin1Text.length
  }

  /** The number of the line that comes next. */
  setLine(line: number): void {
    const digits = String(line)
    const start = LINE_DIGITS_END - digits.length
    this.memory.setInts(LINE_START, [start])
    this.memory.writeText(start, digits)
  }

  /** Counts from zero, into empty output. */
  begin(): void {
    this.memory.setInts(UNITS, [0])
    this.memory.setInts(LINES, [0])
    this.memory.setInts(BLANKS, [0, 0])
    this.memory.setInts(WAITING, [0])
    this.memory.setInts(OUTPUT_END, [OUTPUT])
  }

  get units(): number {
    return this.memory.intAt(UNITS)
  }

  get lines(): number {
    return this.memory.intAt(LINES)
  }

  /** Of the lines, those that are empty and of no unit. */
  get blanks(): number {
    return this.memory.intAt(BLANKS)
  }

  get blankBytes(): number {
    return this.memory.intAt(BLANK_BYTES)
  }

  /** The input's offset of the last unit. */
  get lastStart(): number {
    return this.inputOffset(this.memory.intAt(LAST_START))
  }

  /** Where what its reader looks at ends: after it, or in the unit after it. */
  get lastEnd(): number {
    return this.inputOffset(this.memory.intAt(LAST_END))
  }

  /** Where a unit begins that fits, if only the bytes after it are as they must be. Undefined: there is none. */
  get waiting(): number | undefined {
    const at = this.memory.intAt(WAITING)
    return at === 0 ? undefined : this.inputOffset(at)
  }

  get outputBytes(): number {
    return this.memory.intAt(OUTPUT_END) - OUTPUT
  }

  /** What was written: good until more is, which takes its place. */
  takeOutput(): Uint8Array {
    const output = this.memory.machine.bytes.subarray(OUTPUT, this.memory.intAt(OUTPUT_END))
    this.memory.setInts(OUTPUT_END, [OUTPUT])
    return output
  }

  /**
   * Writes the units of `[from, to)` of memory, at most `most`, as long as they have this shape; gives where the first
   * one begins that has another.
   */
  run(shape: number, from: number, to: number, most: number): number {
    const last = this.units + most
    let at = from
    do at = this.memory.machine.run(shape, at, to, last - this.units)
    while (this.writeSecond())
    return at
  }

  /** Writes what the shape makes of the unit at `UNIT` alone, and counts nothing; false: the unit has another shape. */
  writeUnit(shape: number, end: number): boolean {
    this.memory.setInts(OUTPUT_END, [OUTPUT])
    let stop: number
    do stop = this.memory.machine.writeOne(shape, UNIT, end)
    while (this.writeSecond())
    return stop === end
  }

  isOutput(latin1Text: string): boolean {
    return this.outputBytes === latin1Text.length && this.memory.isTextAt(OUTPUT, latin1Text)
  }

  /** Writes the text of the second for which the machine stopped; false: it stopped for none. */
  private writeSecond(): boolean {
    const { memory } = this
    if (memory.intAt(WANTS_SECOND) === 0) return false
    const second = memory.machine.floats[SECOND >> 3] ?? 0
    memory.setInts(WANTS_SECOND, [0])
    memory.setFloat(TEXT_SECOND, second)
    memory.writeText(SECOND_TEXT, new Date(second * 1000).toISOString().slice(0, SECOND_TEXT_BYTES))
    return true
  }
}
