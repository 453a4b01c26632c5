import { InputError } from '../../errors.ts'
import type { FileSlices } from '../../input/file-slices.ts'

/** Whole lines of a file. */
export interface Stretch {
  /** The first one is 0. */
  readonly ticket: number
  /** Offsets in the file. */
  readonly begin: number
  readonly end: number
  /** 1-based, of its first line. */
  readonly line: number
  readonly lineEnds: number
}

/** A stretch with its bytes, which are good until the same buffer is used again. */
export interface TakenStretch extends Stretch {
  readonly bytes: Buffer
  /** The unit before it, as it seems; empty where that is too long. */
  readonly lead: Buffer
}

/** How the input is cut. */
export interface Cutting {
  /** The most bytes of a stretch. */
  readonly bytes: number
  /** So many stretches may be taken before the run has the first of them. */
  readonly ahead: number
}

/** Output of a stretch may be so many times as long. Memory that nobody writes to takes no space. */
const GROWTH = 8

/** So many bytes before a stretch are read to find its lead, and after an empty line to find another one. */
const NEAR = 16 * 1024
const LF = 10
const EMPTY_LINE = '\n\n'

// Places in the shared memory: counts, then numbers of the next stretch, then outputs.
const LOCK = 0
const TICKETS = 1
const MERGED = 2
const CLOSED = 3
const COUNTS = 4
const OFFSET = 0
const LINE = 1
const PLACES = 2
const COUNT_BYTES = COUNTS * Int32Array.BYTES_PER_ELEMENT
const HEAD_BYTES = COUNT_BYTES + PLACES * Float64Array.BYTES_PER_ELEMENT

/**
 * Gives out the stretches of a file, in their order, to all threads of a run. One thread at a time reads the bytes and
 * counts their lines, which takes a tenth of what their conversion does.
 */
export class Board {
  /** What the threads share: it makes the same board in another thread. */
  readonly memory: SharedArrayBuffer
  readonly cut: Cutting
  private readonly counts: Int32Array
  private readonly place: Float64Array
  private readonly source: FileSlices

  constructor(source: FileSlices, cut: Cutting, memory = memoryFor(cut)) {
    this.memory = memory
    this.counts = new Int32Array(memory, 0, COUNTS)
    this.place = new Float64Array(memory, COUNT_BYTES, PLACES)
    this.source = source
    this.cut = cut
  }

  /** The first stretch begins here. To be called before another thread has the board. */
  begin(offset: number, line: number): void {
    this.place[OFFSET] = offset
    this.place[LINE] = line
  }

  /** What a thread reads stretches into. */
  buffer(): Buffer {
    return Buffer.allocUnsafeSlow(NEAR + this.cut.bytes)
  }

  /** The next stretch. `wait`: so many are taken that the run must merge some first. */
  take(into: Buffer): TakenStretch | 'wait' | 'end' {
    this.lock()
    try {
      if (this.isClosed) return 'end'
      if (this.tickets - Atomics.load(this.counts, MERGED) >= this.cut.ahead) return 'wait'
      const taken = this.read(into)
      if (taken === undefined) Atomics.store(this.counts, CLOSED, 1)
      return taken ?? 'end'
    } finally {
      this.unlock()
    }
  }

  /** The next stretch; 'end' after the last one. Blocks the thread while the run must merge some first. */
  takeLater(into: Buffer): TakenStretch | 'end' {
    for (;;) {
      const merged = Atomics.load(this.counts, MERGED)
      const taken = this.take(into)
      if (taken !== 'wait') return taken
      Atomics.wait(this.counts, MERGED, merged)
    }
  }

  /** Where the output of a stretch goes. It is that of another one when the run is done with this one. */
  output(ticket: number): Buffer {
    const bytes = outputBytes(this.cut)
    return Buffer.from(this.memory, HEAD_BYTES + (ticket % this.cut.ahead) * bytes, bytes)
  }

  /** How many stretches were given out. */
  get tickets(): number {
    return Atomics.load(this.counts, TICKETS)
  }

  /** The run is done with one more. */
  merged(): void {
    Atomics.add(this.counts, MERGED, 1)
    Atomics.notify(this.counts, MERGED)
  }

  /** No more stretches are given out. */
  close(): void {
    Atomics.store(this.counts, CLOSED, 1)
    this.merged()
  }

  private get isClosed(): boolean {
    return Atomics.load(this.counts, CLOSED) === 1
  }

  /** Undefined: no whole line is left, or it is too long. */
  private read(into: Buffer): TakenStretch | undefined {
    const { [OFFSET]: begin = 0, [LINE]: line = 0 } = this.place
    const before = Math.min(begin, NEAR)
    const came = this.cameFrom(begin - before, into.subarray(0, before + this.cut.bytes))
    const length = borderIn(into.subarray(before, Math.max(before, came)))
    if (length === 0) return undefined
    const bytes = into.subarray(before, before + length)
    const lineEnds = lineEndsIn(bytes)
    this.place[OFFSET] = begin + length
    this.place[LINE] = line + lineEnds
    const ticket = Atomics.add(this.counts, TICKETS, 1)
    return { ticket, begin, end: begin + length, line, lineEnds, bytes, lead: lastUnitOf(into.subarray(0, before)) }
  }

  /** The run reads what cannot be read, and says so. */
  private cameFrom(start: number, bytes: Buffer): number {
    try {
      return this.source.read(bytes, start)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return 0
    }
  }

  private lock(): void {
    while (Atomics.compareExchange(this.counts, LOCK, 0, 1) !== 0) Atomics.wait(this.counts, LOCK, 1)
  }

  private unlock(): void {
    Atomics.store(this.counts, LOCK, 0)
    Atomics.notify(this.counts, LOCK, 1)
  }
}

function memoryFor(cut: Cutting): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + cut.ahead * outputBytes(cut))
}

function outputBytes({ bytes }: Cutting): number {
  return GROWTH * bytes
}

/**
 * Offset of the last place in the bytes where a unit is likely to begin: after an empty line, which ends a call chain
 * or a block, or else after a line end. 0: there is none.
 */
export function borderIn(bytes: Buffer): number {
  const near = Math.max(0, bytes.length - NEAR)
  const empty = bytes.subarray(near).lastIndexOf(EMPTY_LINE)
  return empty < 0 ? bytes.lastIndexOf(LF) + 1 : near + empty + EMPTY_LINE.length
}

/** What is after the border before the last one. */
function lastUnitOf(bytes: Buffer): Buffer {
  const isBlock = bytes.subarray(-EMPTY_LINE.length).equals(Buffer.from(EMPTY_LINE))
  const border = isBlock ? EMPTY_LINE : '\n'
  const at = bytes.subarray(0, Math.max(0, bytes.length - border.length)).lastIndexOf(border)
  return bytes.subarray(at < 0 ? bytes.length : at + border.length)
}

function lineEndsIn(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++
  return count
}
