/**
 * A window is 16 KiB; it grows, up to 1 MiB, only for a unit that does not fit (a megabyte of two-byte lines took 236 MiB of memory). With 64 KiB
 * the collector copies so much more text that it takes 0.72 s of a million events, not 0.42.
 */
export const WINDOW_BYTES = 16 * 1024
export const LONGEST_UNIT_BYTES = 1024 * 1024

/** The bytes of an input that nobody has claimed yet, as the latin1 text that readers see. */
export class Unclaimed {
  private bytes = Buffer.allocUnsafeSlow(2 * WINDOW_BYTES)
  private length = 0
  private text: string | undefined

  /** How many more bytes a window takes now: as many as it has, when a unit did not fit, so that a long one is not looked at again too often. */
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
    this.text = undefined
  }

  /** All of it: made of the bytes in one go, since a rest joined with a chunk would be copied again to be searched. */
  window(): string {
    this.text ??= this.bytes.toString('latin1', 0, this.length)
    return this.text
  }

  /** The first `count` bytes were claimed. */
  drop(count: number): void {
    if (count === 0) return
    this.bytes.copyWithin(0, count, this.length)
    this.length -= count
    this.text = undefined
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
