import type { Regular } from '../contract.ts'
import type { LinePiece } from '../event/pieces.ts'
import type { EventRecord, MemberRead } from '../event/record.ts'
import type { ClockOffset } from '../time/clock.ts'
import { Exchange, type VersionedBytes } from './exchange.ts'
import { divided, type Lesson, lessonOf } from './learn.ts'
import { OUTPUT_BYTES, UNIT } from './machine/layout.ts'
import type { ShapeMemory } from './memory.ts'
import type { Outline } from './outline.ts'
import { Shape } from './shape.ts'
import { Throttle } from './throttle.ts'

/** A sink whose lines can be written without a record. */
export interface Repeats {
  /**
   * The line that the sink writes of a record, with its line end; undefined where a line of the same parts may differ.
   */
  piecesOf(record: EventRecord): readonly LinePiece[] | undefined
  /** Whole lines, as the sink would write them. Good until the call ends. */
  writeBytes(lines: Uint8Array): void
}

/** What is known of the times of records. */
export interface Times {
  /** From the time of the record's clock to the wall clock; undefined where it gives none. */
  offsetOf(record: EventRecord): ClockOffset | undefined
  /** False: another record with a local time of the same minute may have another `ts`. */
  isSteady(record: EventRecord): boolean
}

/** What was taken: units, lines with those that are empty, and where the last unit begins. */
type Taken = Pick<Exchange, 'units' | 'lines' | 'blanks' | 'blankBytes' | 'lastStart' | 'lastEnd' | 'waiting'>

/** What the lines of a shape say to the books: as many records like this one, and why they are left out. */
export type Counted<Cause> = (like: EventRecord, times: number, leftOut: Cause | undefined) => void

const MOST_SHAPES = 16
/** So many lines of a shape must have come out as the text path wrote them before the shape is used. */
const PROBATION = 4
/** One line in so many is read by the text path all the same, and must come out alike. */
const PROOF_EVERY = 1024
interface Learned<Cause> {
  readonly name: string
  readonly shape: Shape
  /** Why its records are left out. Undefined: they are written. */
  readonly leftOut: Cause | undefined
  /** The key that chooses the drop section, which the books count by. */
  readonly dropKey: number
  /** A record for each key's number; without such a key the one of the shape. */
  readonly examples: EventRecord[]
  proofs: number
  units: number
}

/** Takes lines whose shape is known from the bytes of the input to those of the output. */
export class ShapeEngine<Cause extends string> {
  private readonly repeats: Repeats
  private readonly counted: Counted<Cause>
  private readonly times: Times
  private readonly judged: readonly MemberRead[]
  private readonly memory: ShapeMemory
  private readonly exchange: Exchange
  private learned: Learned<Cause>[] = []
  private readonly refused = new Set<string>()
  private untilProof = PROOF_EVERY
  private readonly throttle = new Throttle()

  /** `takesBlanks`: empty lines between units are nothing but blank. */
  constructor(
    memory: ShapeMemory,
    repeats: Repeats,
    counted: Counted<Cause>,
    times: Times,
    judged: readonly MemberRead[],
    takesBlanks: boolean,
  ) {
    this.memory = memory
    this.judged = judged
    this.times = times
    this.exchange = new Exchange(this.memory, takesBlanks)
    this.repeats = repeats
    this.counted = counted
  }

  /** What the last `run` took. */
  get taken(): Taken {
    return this.exchange
  }

  /** False while nothing repeats: then looking for shapes costs more than it gives. */
  get isAwake(): boolean {
    return this.throttle.isAwake
  }

  /**
   * Writes the lines of `[from, to)` as long as they have shapes that are known; gives where the first one begins that
   * has none. `to` follows a line end. `line` is the number of the first line.
   */
  run(input: VersionedBytes, from: number, to: number, line: number): number {
    const { exchange } = this
    const start = exchange.showInput(input, from, to)
    const stop = start + to - from
    exchange.begin()
    exchange.setLine(line)
    let at = start
    for (let hasMoved = true; hasMoved && at < stop && this.untilProof > 0; ) {
      hasMoved = false
      for (let index = 0; index < this.learned.length && at < stop && this.untilProof > 0; index++) {
        const learned = this.learned[index]
        if (learned === undefined || learned.proofs < PROBATION) continue
        const end = this.runShape(learned, at, stop)
        if (end === at) continue
        at = end
        hasMoved = true
        if (index > 0) this.toFront(index)
        break
      }
    }
    this.send()
    this.throttle.refund(exchange.units)
    return exchange.inputOffset(at)
  }

  private runShape(learned: Learned<Cause>, from: number, to: number): number {
    const { exchange } = this
    const before = exchange.units
    const end = exchange.run(learned.shape.at, from, to, this.untilProof)
    const units = exchange.units - before
    learned.units += units
    this.untilProof -= units
    if (exchange.outputBytes >= OUTPUT_BYTES) this.send()
    return end
  }

  private send(): void {
    if (this.exchange.outputBytes > 0) this.repeats.writeBytes(this.exchange.takeOutput())
  }

  private toFront(index: number): void {
    const [latest] = this.learned.splice(index, 1)
    if (latest !== undefined) this.learned.unshift(latest)
  }

  /** Lines went by while it rests. */
  passed(lines: number): void {
    this.throttle.passed(lines)
  }

  /**
   * The text path read a unit (latin1, with its line end) and wrote the record of it, or left it out. Gives what is
   * wrong where a shape would have written another line: a bug of ours.
   */
  observe(
    unit: string,
    regular: Pick<Regular, 'outline'>,
    record: EventRecord,
    leftOut: Cause | undefined,
    line: number,
  ): string | undefined {
    const end = this.exchange.showUnit(unit)
    if (end === undefined) return undefined
    const proof = this.prove(end, record, leftOut, line)
    if (proof === 'fault') return FAULT
    if (proof === 'same') this.throttle.refund(1)
    else {
      this.learn(unit, regular.outline(unit), record, leftOut)
      if (this.throttle.spend()) this.forget()
    }
    return undefined
  }

  /** What was learned holds no longer: the reader's state changed, or what is known of the capture. */
  forget(): void {
    this.writeBooks()
    this.learned = []
    this.memory.forget()
  }

  /** Tells the books of the lines since they were told last. */
  writeBooks(): void {
    for (const learned of this.learned) {
      const { shape, dropKey, examples, units, leftOut } = learned
      learned.units = 0
      const hits = shape.keys[dropKey]?.takeHits() ?? [units]
      for (const [at, like] of examples.entries()) {
        const times = hits[at] ?? 0
        if (times > 0) this.counted(like, times, leftOut)
      }
    }
  }

  /** Whether shapes that the unit fits write what the sink wrote of it. Those that are proven are compared when due. */
  private prove(
    end: number,
    record: EventRecord,
    leftOut: Cause | undefined,
    line: number,
  ): 'same' | 'unknown' | 'fault' {
    const { exchange } = this
    const isDue = this.untilProof <= 0
    let proof: 'same' | 'unknown' = 'unknown'
    exchange.begin()
    exchange.setLine(line)
    for (const learned of this.learned) {
      if (!exchange.writeUnit(learned.shape.at, end)) continue
      proof = 'same'
      if (learned.proofs >= PROBATION && !isDue) continue
      if (learned.leftOut !== leftOut || !this.isAlike(record, leftOut)) {
        this.refused.add(learned.name)
        this.forget()
        return 'fault'
      }
      learned.proofs++
      this.untilProof = PROOF_EVERY
    }
    return proof
  }

  /** Whether the shape has written what the sink wrote of the record. */
  private isAlike(record: EventRecord, leftOut: Cause | undefined): boolean {
    if (leftOut !== undefined) return this.exchange.isOutput('')
    const pieces = this.repeats.piecesOf(record)
    return pieces !== undefined && this.exchange.isOutput(pieces.map(({ text }) => text).join(''))
  }

  private learn(unit: string, outline: Outline | undefined, record: EventRecord, leftOut: Cause | undefined): void {
    const pieces = outline && this.times.isSteady(record) ? this.repeats.piecesOf(record) : undefined
    if (outline === undefined || pieces === undefined) return
    const { judged } = this
    const { varying } = this.throttle
    const offset = this.times.offsetOf(record)
    const byLeaves = varying.size > 0 ? lessonOf(unit, divided(outline, varying), pieces, offset, judged) : undefined
    const lesson = byLeaves ?? lessonOf(unit, outline, pieces, offset, judged)
    if (lesson === undefined || this.refused.has(nameOf(lesson, leftOut))) return
    if (!this.keep(lesson, record, leftOut)) this.forget()
  }

  /** False: there is no room for it, or a key is known with other texts. */
  private keep(lesson: Lesson, record: EventRecord, leftOut: Cause | undefined): boolean {
    if (this.memory.isFull) return false
    const name = nameOf(lesson, leftOut)
    let learned = this.learned.find((one) => one.name === name)
    if (learned === undefined) {
      if (this.learned.length === MOST_SHAPES) return false
      const shape = new Shape(lesson.steps, lesson.ahead, leftOut === undefined ? lesson.puts : [], this.memory)
      const dropKey = lesson.keys.findIndex(({ makes }) => makes.includes('drop'))
      learned = { name, shape, leftOut, dropKey, examples: [], proofs: 0, units: 0 }
      this.learned.push(learned)
    }
    const { shape, dropKey, examples } = learned
    for (const [at, { start, end, pieces, makes, isDivisible }] of lesson.keys.entries()) {
      const outcome = shape.keys[at]?.learn(UNIT + start, UNIT + end, leftOut === undefined ? pieces : [])
      if (outcome === 'refused') return false
      if (outcome === 'new' && isDivisible) this.throttle.missed(`${makes}`)
    }
    shape.learnTogether()
    const dropNumber = dropKey < 0 ? 0 : (shape.keys[dropKey]?.latest ?? 0)
    examples[dropNumber] ??= record
    return true
  }
}

/** What is left out has shapes, too, whose lines are nothing. */
function nameOf({ name }: Lesson, leftOut: string | undefined): string {
  return `${leftOut ?? 'written'} ${name}`
}

const FAULT = 'a line taken by its shape is not the line that its reader makes'
