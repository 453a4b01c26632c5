import {
  ENTRY_HASH,
  ENTRY_HITS,
  ENTRY_NUMBER,
  ENTRY_PIECES,
  ENTRY_START,
  KEY_BYTES,
  KEY_LATEST,
  KEY_SLOTS,
  PIECE_BYTES,
  SLOTS,
} from './machine/layout.ts'
import type { ShapeMemory } from './memory.ts'

const LF = 10
/** More distinct values than a capture's threads, or places of drops. */
const MOST_ENTRIES = 4096
const LONGEST_PROBE = 16

/** A key of a shape: a span of the input, and the texts that its bytes choose. */
export class ShapeKey {
  /** Where it is in memory. */
  readonly at: number
  private readonly memory: ShapeMemory
  private readonly pieces: number
  /** By the value's number. */
  private readonly entries: number[] = []

  constructor(memory: ShapeMemory, pieces: number) {
    this.memory = memory
    this.pieces = pieces
    this.at = memory.allocate(KEY_BYTES)
  }

  /** The number of the value that was found or learned last; values are numbered as they came. */
  get latest(): number {
    return this.memory.intAt(this.latestEntry + ENTRY_NUMBER)
  }

  /** Where that value's entry is in memory. */
  get latestEntry(): number {
    return this.memory.intAt(this.at + KEY_LATEST)
  }

  /**
   * The value is the bytes `[start, end)` of the memory. Refused: it is known with other texts, or there is no room.
   */
  learn(start: number, end: number, texts: readonly string[]): 'known' | 'new' | 'refused' {
    const known = this.memory.machine.find(this.at, start, end)
    if (known !== 0) return this.chooses(known, texts) ? 'known' : 'refused'
    const slot = this.freeSlot(start, end)
    if (slot === undefined || this.entries.length === MOST_ENTRIES) return 'refused'
    const entry = this.add(start, end, texts)
    this.memory.setInts(slot, [entry])
    this.memory.setInts(this.at + KEY_LATEST, [entry])
    return 'new'
  }

  /** By the value's number, how many lines had it since this was asked last. */
  takeHits(): readonly number[] {
    return this.entries.map((entry) => {
      const hits = this.memory.intAt(entry + ENTRY_HITS)
      this.memory.setInts(entry + ENTRY_HITS, [0])
      return hits
    })
  }

  private add(start: number, end: number, texts: readonly string[]): number {
    const { memory } = this
    const entry = memory.allocate(ENTRY_PIECES + PIECE_BYTES * this.pieces)
    const length = end - start
    const lines = lineEnds(memory.machine.bytes.subarray(start, end))
    const number = this.entries.push(entry) - 1
    const places = texts.flatMap((text) => [memory.addText(text), text.length])
    memory.setInts(entry + ENTRY_HASH, [memory.machine.hashOf(start, length)])
    memory.setInts(entry + ENTRY_START, [memory.keep(start, end), length, lines, 0, number, ...places])
    return entry
  }

  /** Undefined: too many values come first. */
  private freeSlot(start: number, end: number): number | undefined {
    const hash = this.memory.machine.hashOf(start, end - start)
    for (let probe = 0; probe < LONGEST_PROBE; probe++) {
      const slot = this.at + KEY_SLOTS + 4 * ((hash + probe) & (SLOTS - 1))
      if (this.memory.intAt(slot) === 0) return slot
    }
    return undefined
  }

  private chooses(entry: number, texts: readonly string[]): boolean {
    const { memory } = this
    return texts.every((text, piece) => {
      const at = entry + ENTRY_PIECES + PIECE_BYTES * piece
      return memory.intAt(at + 4) === text.length && memory.isTextAt(memory.intAt(at), text)
    })
  }
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) if (byte === LF) count++
  return count
}
