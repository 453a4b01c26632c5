import type { Window } from '../contract.ts'

/**
 * A window is 16 KiB; it grows, up to 1 MiB, only for a unit that does not fit (a megabyte of two-byte lines took 236
 * MiB of memory). With 64 KiB the garbage collector copies so much more text that a million events take 0.72 s, not
 * 0.42.
 */
export const WINDOW_BYTES = 16 * 1024
export const LONGEST_UNIT_BYTES = 1024 * 1024
/** So much is taken at once where lines need no reading: no text is made of them. */
export const UNREAD_BYTES = 256 * 1024
/** Room for that and for the beginning of a line. */
const USUAL_BYTES = UNREAD_BYTES + 2 * WINDOW_BYTES

const LF = 10

/** The window of the core: its bytes are good until the next one. */
export class ShownWindow implements Window {
  readonly bytes: Buffer
  /** Nothing comes after this. */
  readonly last: boolean
  private made: string | undefined

  constructor(bytes: Buffer, last: boolean) {
    this.bytes = bytes
    this.last = last
  }

  get length(): number {
    return this.bytes.length
  }

  /** latin1, made in one go: a joined text would be copied again to be searched. */
  get text(): string {
    this.made ??= this.bytes.toString('latin1')
    return this.made
  }

  /** Offset of the first line end from `from` on; -1: there is none. No text is made for it. */
  lineEndFrom(from: number): number {
    return this.made === undefined ? this.bytes.indexOf(LF, from) : this.made.indexOf('\n', from)
  }

  /** Some of the bytes, latin1. */
  slice(start: number, end: number): string {
    return this.made === undefined ? this.bytes.toString('latin1', start, end) : this.made.slice(start, end)
  }

  /** The same as a text of its own, which keeps nothing else in memory. */
  copy(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end)
  }

  /** These bytes alone, as if the input ended after them. */
  part(start: number, end: number): ShownWindow {
    return new ShownWindow(this.bytes.subarray(start, end), true)
  }
}

/** The bytes of an input that are not claimed yet. */
export class Unclaimed {
  bytes = Buffer.allocUnsafeSlow(USUAL_BYTES)
  /** Another number when bytes came, or moved. */
  version = 0
  /** Where the first unclaimed byte is. */
  start = 0
  length = 0
  private shown: ShownWindow | undefined

  /**
   * How many more bytes a window takes now: as many as it has, when a unit did not fit, so that a long unit is not read
   * again too often.
   */
  get room(): number {
    return Math.min(Math.max(WINDOW_BYTES, this.length), LONGEST_UNIT_BYTES - this.length)
  }

  get isFull(): boolean {
    return this.length === LONGEST_UNIT_BYTES
  }

  /** Offset after the last whole line. */
  get linesEnd(): number {
    return this.bytes.lastIndexOf(LF, this.start + this.length - 1) + 1
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length
    if (this.start + needed > this.bytes.length) this.moveTo(needed)
    this.bytes.set(chunk, this.start + this.length)
    this.length = needed
    this.version++
    this.shown = undefined
  }

  /** The first lines of it, `most` of them, or all of it. Good until the next `append` or `drop`. */
  window(last: boolean, most = Number.POSITIVE_INFINITY): ShownWindow {
    const length = most === Number.POSITIVE_INFINITY ? this.length : this.lengthOf(most)
    const isLast = last && length === this.length
    if (this.shown === undefined || this.shown.length !== length || this.shown.last !== isLast)
      this.shown = new ShownWindow(this.bytes.subarray(this.start, this.start + length), isLast)
    return this.shown
  }

  holdsMoreThan({ length }: ShownWindow): boolean {
    return length < this.length
  }

  /** The first `count` bytes were claimed. */
  drop(count: number): void {
    if (count === 0) return
    this.start += count
    this.length -= count
    this.shown = undefined
    if (this.length <= WINDOW_BYTES && this.bytes.length > USUAL_BYTES) this.moveTo(this.length)
  }

  /** A copy of the bytes at these offsets of `bytes`. */
  copy(start: number, end: number): Buffer {
    return Buffer.from(this.bytes.subarray(start, end))
  }

  private lengthOf(lines: number): number {
    let end = this.start
    for (let line = 0; line < lines; line++) {
      const lf = this.bytes.indexOf(LF, end)
      if (lf < 0 || lf >= this.start + this.length) return this.length
      end = lf + 1
    }
    return end - this.start
  }

  /** To the front of bytes with room for `needed`: the same, where they have it. */
  private moveTo(needed: number): void {
    const isLong = needed > USUAL_BYTES
    const capacity = isLong ? Math.min(LONGEST_UNIT_BYTES, Math.max(needed, 2 * this.bytes.length)) : USUAL_BYTES
    if (capacity === this.bytes.length || (isLong && needed <= this.bytes.length))
      this.bytes.copyWithin(0, this.start, this.start + this.length)
    else {
      const bytes = Buffer.allocUnsafeSlow(capacity)
      this.bytes.copy(bytes, 0, this.start, this.start + this.length)
      this.bytes = bytes
    }
    this.start = 0
    this.version++
  }
}
