import type { ShownWindow } from './window.ts'

/** The unit claimed last, in the words of `capture`. */
export class Unit {
  /** 1-based, of its first line. */
  line = 1
  /** Bytes in the decompressed input before it. */
  offset = 0
  /** How many records were made of it before the one at hand. */
  index = 0
  private window: ShownWindow | undefined
  private start = 0
  private end = 0

  /** The unit's bytes, latin1. */
  bytes(): string {
    return this.window?.slice(this.start, this.end) ?? ''
  }

  set(line: number, offset: number, window: ShownWindow, start: number, end: number): void {
    this.line = line
    this.offset = offset
    this.index = 0
    this.window = window
    this.start = start
    this.end = end
  }
}
