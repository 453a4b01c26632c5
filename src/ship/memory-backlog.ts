import { type Backlog, type BacklogCounts, type Chunk, countLines } from './backlog.ts'
import { Bell } from './bell.ts'

/** So many bytes wait at most; then the inputs wait. One window may go beyond it. */
const MOST_BYTES = 8 * 1024 * 1024

/** Memory of so many chunks is used again. */
const MOST_SPARE = 128

/** Holds a bounded number of lines in memory. What the process has not sent is lost with it. */
export class MemoryBacklog implements Backlog {
  readonly changed = new Bell()
  readonly outlives = false
  readonly inputs = { next(): void {} }
  private readonly chunks: Chunk[] = []
  private readonly spare: Buffer[] = []
  private bytes = 0
  private read = 0
  private isHalted = false

  get counts(): BacklogCounts {
    return { found: 0, read: this.read, known: 0, spooled: 0 }
  }

  get waiting(): number {
    return this.chunks.reduce((sum, { records }) => sum + records, 0)
  }

  put(lines: Buffer): void {
    const records = countLines(lines)
    this.chunks.push({ lines: this.copyOf(lines), records })
    this.bytes += lines.length
    this.read += records
    this.changed.ring()
  }

  room(): Promise<void> | void {
    return this.bytes < MOST_BYTES ? undefined : this.untilRoom()
  }

  next(): Chunk | undefined {
    return this.chunks.shift()
  }

  settle({ lines }: Chunk): void {
    this.bytes -= lines.length
    if (this.spare.length < MOST_SPARE) this.spare.push(lines)
    this.changed.ring()
  }

  async close(): Promise<void> {}

  halt(): void {
    this.isHalted = true
    this.changed.ring()
  }

  async end(): Promise<void> {}

  /** A copy, in the memory of a chunk that is settled where it is large enough. */
  private copyOf(lines: Buffer): Buffer {
    const { length } = lines
    const spare = this.spare.pop()?.buffer
    // Not of the pool of small buffers: the memory of a chunk is its own.
    const copy =
      spare === undefined || spare.byteLength < length ? Buffer.allocUnsafeSlow(length) : Buffer.from(spare, 0, length)
    lines.copy(copy)
    return copy
  }

  private async untilRoom(): Promise<void> {
    while (this.bytes >= MOST_BYTES && !this.isHalted) await this.changed.rung()
  }
}
