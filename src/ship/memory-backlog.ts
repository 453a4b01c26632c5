import { type Backlog, type BacklogCounts, type Chunk, countLines } from './backlog.ts'
import { Bell } from './bell.ts'

/** So many bytes wait at most; then the inputs wait. One window may go beyond it. */
const MOST_BYTES = 8 * 1024 * 1024

/** Holds a bounded number of lines in memory. What the process has not sent is lost with it. */
export class MemoryBacklog implements Backlog {
  readonly changed = new Bell()
  readonly outlives = false
  readonly inputs = { next(): void {} }
  private readonly chunks: Chunk[] = []
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
    this.chunks.push({ lines: Buffer.from(lines), records })
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
    this.changed.ring()
  }

  async close(): Promise<void> {}

  halt(): void {
    this.isHalted = true
    this.changed.ring()
  }

  async end(): Promise<void> {}

  private async untilRoom(): Promise<void> {
    while (this.bytes >= MOST_BYTES && !this.isHalted) await this.changed.rung()
  }
}
