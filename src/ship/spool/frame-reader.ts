import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { attempt } from '../../output/fault.ts'
import { type FrameHead, isWhole, parseHead } from './frame.ts'
import { type SpoolPlace, segmentPath } from './segments.ts'

/** A frame as it was read; `end` is the place after it. */
export interface SpooledFrame {
  readonly head: FrameHead
  /** Valid until the next frame is read. */
  readonly lines: Buffer
  readonly start: SpoolPlace
  readonly end: SpoolPlace
}

const LF = 10
/** Most frames have fewer bytes. */
const USUAL_BYTES = 256 * 1024

/** Reads the frames of segments. It keeps the segment open that it read last. */
export class FrameReader {
  private readonly folder: string
  private buffer = Buffer.allocUnsafeSlow(USUAL_BYTES)
  private opened: { readonly segment: number; readonly fd: number } | undefined

  constructor(folder: string) {
    this.folder = folder
  }

  /**
   * The frame that begins there. `torn`: the segment ends before the frame does. `damaged`: all of its bytes are there,
   * and they are not those that were written. Undefined: the segment ends there. Throws InputError.
   */
  at(start: SpoolPlace): SpooledFrame | 'torn' | 'damaged' | undefined {
    const { segment, offset } = start
    let bytes = this.read(segment, offset, this.buffer.length)
    if (bytes.length === 0) return undefined
    const parsed = parseHead(bytes)
    if (parsed === undefined) return bytes.includes(LF) ? 'damaged' : 'torn'
    const { head, length } = parsed
    const whole = length + head.bytes
    if (whole > bytes.length && offset + whole <= this.size()) bytes = this.read(segment, offset, whole)
    const lines = bytes.subarray(length, whole)
    if (lines.length < head.bytes) return 'torn'
    if (!isWhole(lines, head)) return 'damaged'
    return { head, lines, start, end: { segment, offset: offset + whole } }
  }

  close(): void {
    if (this.opened !== undefined) closeSync(this.opened.fd)
    this.opened = undefined
  }

  /** Of the segment that was read last. */
  private size(): number {
    return this.opened === undefined ? 0 : fstatSync(this.opened.fd).size
  }

  private read(segment: number, offset: number, most: number): Buffer {
    if (most > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(most)
    const path = segmentPath(this.folder, segment)
    return attempt(path, () => {
      const fd = this.openedAt(segment, path)
      let length = 0
      while (length < most) {
        const got = readSync(fd, this.buffer, length, most - length, offset + length)
        if (got === 0) break
        length += got
      }
      return this.buffer.subarray(0, length)
    })
  }

  private openedAt(segment: number, path: string): number {
    if (this.opened?.segment !== segment) {
      this.close()
      this.opened = { segment, fd: openSync(path, 'r') }
    }
    return this.opened.fd
  }
}
