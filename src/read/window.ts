import type { Window } from '../contract.ts'

/**
 * A window is 16 KiB; it grows, up to 1 MiB, only for a unit that does not fit (a megabyte of two-byte lines took 236
 * MiB of memory). With 64 KiB the garbage collector copies so much more text that a million events take 0.72 s, not
 * 0.42.
 */
export const WINDOW_BYTES = 16 * 1024
export const LONGEST_UNIT_BYTES = 1024 * 1024

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
  private bytes = Buffer.allocUnsafeSlow(2 * WINDOW_BYTES)
  private length = 0
  private shown: ShownWindow | undefined

  /**
   * How many more bytes a window takes now: as many as it has, when a unit did not fit, so that a long unit is not
   * read again too often.
   */
  get room(): number {
    return Math.min(Math.max(WINDOW_BYTES, this.length), LONGEST_UNIT_BYTES - this.length)
  }

  get isFull(): boolean {
    return this.length === LONGEST_UNIT_BYTES
  }

  append(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.bytes.length) this.grow(this.length + chunk.length)
    this.bytes.set(chunk, this.length)
    this.length += chunk.length
    this.shown = undefined
  }

  /** All of it. Good until the next `append` or `drop`. */
  window(last: boolean): ShownWindow {
    if (this.shown === undefined || this.shown.last !== last)
      this.shown = new ShownWindow(this.bytes.subarray(0, this.length), last)
    return this.shown
  }

  /** The first `count` bytes were claimed. */
  drop(count: number): void {
    if (count === 0) return
    this.bytes.copyWithin(0, count, this.length)
    this.length -= count
    this.shown = undefined
    if (this.length <= WINDOW_BYTES && this.bytes.length > 2 * WINDOW_BYTES) this.shrink()
  }

  private grow(needed: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.min(LONGEST_UNIT_BYTES, Math.max(needed, 2 * this.bytes.length)))
    this.bytes.copy(bytes, 0, 0, this.length)
    this.bytes = bytes
  }

  private shrink(): void {
    const bytes = Buffer.allocUnsafeSlow(2 * WINDOW_BYTES)
    this.bytes.copy(bytes, 0, 0, this.length)
    this.bytes = bytes
  }
}
