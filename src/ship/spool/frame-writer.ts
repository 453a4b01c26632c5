import { closeSync, fsync, openSync, writevSync } from 'node:fs'
import { promisify } from 'node:util'
import { attempt, cannotWrite } from '../../output/fault.ts'
import { frameHead, type InputTaken } from './frame.ts'
import { type SpoolPlace, segmentPath } from './segments.ts'

const sync = promisify(fsync)

/** The writing waits when so many bytes are not synced. */
const MOST_UNSYNCED_BYTES = 8 * 1024 * 1024

/** Appends frames to segments, and syncs them to the disk while others are written: one sync is under way at a time. */
export class FrameWriter {
  /** The place after the last frame that is on the disk. */
  synced: SpoolPlace
  private readonly folder: string
  private readonly longest: number
  private readonly wake: () => void
  private fd: number | undefined
  private end: SpoolPlace
  private unsynced = 0
  private isSyncing = false
  private failure: Error | undefined

  /** `first`: the number of the segment that it begins. `longest`: bytes after which the next one begins. */
  constructor(folder: string, first: number, longest: number, wake: () => void) {
    this.folder = folder
    this.longest = longest
    this.wake = wake
    this.end = { segment: first, offset: 0 }
    this.synced = this.end
  }

  /** Bytes of the segment at hand. */
  get bytes(): number {
    return this.end.offset
  }

  /** The segment at hand. */
  get segment(): number {
    return this.end.segment
  }

  /** All that was written is on the disk. Throws what went wrong with a sync. */
  get isSynced(): boolean {
    if (this.failure !== undefined) throw this.failure
    return this.unsynced === 0 && !this.isSyncing
  }

  /** True: so much is not on the disk that the next frame must wait. Throws what went wrong with a sync. */
  get isBehind(): boolean {
    if (this.failure !== undefined) throw this.failure
    return this.unsynced > MOST_UNSYNCED_BYTES || this.end.offset >= this.longest
  }

  /** Writes a frame. The lines are the caller's again when it returns. Gives its bytes. Throws InputError. */
  write(lines: Buffer, records: number, input: InputTaken | undefined): number {
    if (this.failure !== undefined) throw this.failure
    const head = frameHead(lines, records, input)
    const bytes = head.length + lines.length
    attempt(segmentPath(this.folder, this.end.segment), () => {
      this.fd ??= openSync(segmentPath(this.folder, this.end.segment), 'ax', 0o600)
      writeAll(this.fd, [head, lines])
    })
    this.end = { segment: this.end.segment, offset: this.end.offset + bytes }
    this.unsynced += bytes
    if (!this.isSyncing) this.sync()
    return bytes
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd)
    this.fd = undefined
  }

  /** One sync after the other, as long as something was written meanwhile. */
  private async sync(): Promise<void> {
    this.isSyncing = true
    try {
      while (this.unsynced > 0 && this.fd !== undefined) {
        const { end, unsynced } = this
        await sync(this.fd)
        if (this.synced.offset === 0) await syncFolder(this.folder)
        this.unsynced -= unsynced
        this.synced = end
        if (this.unsynced === 0 && end.offset >= this.longest) this.turnOver()
        this.wake()
      }
    } catch (error) {
      this.failure = cannotWrite(segmentPath(this.folder, this.end.segment), error)
    }
    this.isSyncing = false
    this.wake()
  }

  /** The next frame begins a segment. */
  private turnOver(): void {
    this.close()
    this.end = { segment: this.end.segment + 1, offset: 0 }
    this.synced = this.end
  }
}

/** A new file is found after a power cut only when its folder is on the disk, too. */
async function syncFolder(folder: string): Promise<void> {
  const fd = openSync(folder, 'r')
  await sync(fd).finally(() => closeSync(fd))
}

/** Writes all of it: a call may write less where the disk is nearly full. */
function writeAll(fd: number, pieces: readonly Buffer[]): void {
  let rest = pieces.filter(({ length }) => length > 0)
  while (rest.length > 0) {
    let done = writevSync(fd, rest)
    rest = rest.flatMap((piece) => {
      const skipped = Math.min(done, piece.length)
      done -= skipped
      return skipped === piece.length ? [] : [piece.subarray(skipped)]
    })
  }
}
