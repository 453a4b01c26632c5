import type { ClaimName, SeekableInput } from '../contract.ts'
import type { ShownWindow } from './window.ts'

/** A claimed unit, in the words of `capture`. It is used again for the next claim, unless it is kept. */
export class Unit implements ClaimName {
  /** 1-based, of its first line; undefined in a binary input. */
  line: number | undefined = 1
  /** Bytes in the decompressed input before it. */
  offset = 0
  length = 0
  /** How many records were made of it before the one at hand. */
  index = 0
  isKept = false
  private window: ShownWindow | undefined
  private start = 0
  private copied: string | undefined
  private input: SeekableInput | undefined
  private shown: Uint8Array | undefined

  /** The unit's bytes, latin1. */
  bytes(): string {
    const { copied, window, input, shown, start, offset, length } = this
    if (copied !== undefined) return copied
    if (shown !== undefined) return Buffer.from(shown.buffer, shown.byteOffset + start, length).toString('latin1')
    if (window !== undefined) return window.slice(start, start + length)
    return Buffer.from(input?.slice(offset, offset + length) ?? []).toString('latin1')
  }

  set(line: number | undefined, offset: number, window: ShownWindow, start: number, end: number): void {
    this.line = line
    this.offset = offset
    this.length = end - start
    this.index = 0
    this.window = window
    this.start = start
  }

  /** A unit of a binary input that was claimed before, whose bytes the reader shows again. */
  place(offset: number, bytes: Uint8Array, start: number, end: number): void {
    this.line = undefined
    this.offset = offset
    this.length = end - start
    this.index = 0
    this.shown = bytes
    this.start = start
  }

  /** From now on it outlives its window: its bytes are read again from `input`, or, without one, copied. */
  keep(input: SeekableInput | undefined): void {
    if (this.isKept) return
    if (input === undefined) this.copied = this.window?.copy(this.start, this.start + this.length)
    this.input = input
    this.window = undefined
    this.isKept = true
  }
}
