import { findByte } from '../text/byte-words.ts'
import type { Arena } from './arena.ts'
import { Keys } from './keys.ts'

const LF = 10

/** A key of a shape: a span of the input, and the texts that its bytes choose. */
export class ShapeKey {
  readonly keys: Keys
  /** Of each piece: where the texts are, and how long they are, by the key's number. */
  readonly places: readonly number[][]
  readonly lengths: readonly number[][]
  private readonly arena: Arena
  /** By the key's number: how many line ends it has. */
  readonly lines: number[] = []
  private readonly hits: number[] = []

  constructor(arena: Arena, pieces: number) {
    this.arena = arena
    this.keys = new Keys(arena)
    this.places = Array.from({ length: pieces }, () => [])
    this.lengths = Array.from({ length: pieces }, () => [])
  }

  /** Refused: it is known with other texts, or there is no room. */
  learn(words: DataView, start: number, end: number, pieces: readonly string[]): 'known' | 'new' | 'refused' {
    const known = this.keys.find(words, start, end)
    if (known >= 0) return pieces.every((piece, at) => this.textOf(at, known) === piece) ? 'known' : 'refused'
    const key = this.keys.add(words, start, end)
    if (key < 0) return 'refused'
    for (const [at, piece] of pieces.entries()) {
      this.places[at]?.push(this.arena.addText(piece))
      this.lengths[at]?.push(piece.length)
    }
    this.lines.push(lineEnds(words, start, end))
    this.hits.push(0)
    return 'new'
  }

  hit(key: number): void {
    this.hits[key] = (this.hits[key] ?? 0) + 1
  }

  /** How many lines had each key since this was asked last. */
  takeHits(): readonly number[] {
    const taken = [...this.hits]
    this.hits.fill(0)
    return taken
  }

  private textOf(piece: number, key: number): string {
    return this.arena.text(this.places[piece]?.[key] ?? 0, this.lengths[piece]?.[key] ?? 0)
  }
}

function lineEnds(words: DataView, start: number, end: number): number {
  let count = 0
  for (let at = findByte(words, LF, start, end); at < end; at = findByte(words, LF, at + 1, end)) count++
  return count
}
