import { closeSync, fstatSync, fsync, ftruncateSync, openSync, readSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../errors.ts'
import type { DeadLetter } from '../event/generated/dead-letter-types.ts'
import { attempt, cannotWrite } from '../output/fault.ts'
import { pathOf } from '../text/file-name.ts'
import { printable, shellWord } from '../text/printable.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import type { ShipRefusal } from './answer.ts'
import type { Timing } from './timing.ts'

const sync = promisify(fsync)
const writeLater = promisify(write)

/** The beginning of each line of the file. */
const HEAD = '{"v":1,"at":"'

/** A record that was not taken; `line` is latin1, without its line end. */
export interface Undelivered {
  readonly line: string
  readonly refusal: ShipRefusal
}

/**
 * The file of dead letters: NDJSON by `schemas/dead-letter.v1.schema.json`. It is appended to, and synced before a
 * record counts as settled.
 */
export class DeadLetters {
  private readonly path: string
  private readonly to: string
  private readonly timing: Timing
  private readonly fd: number
  private written: Promise<void> = Promise.resolve()

  /** `to`: the platform as the user named it. Throws InputError, also where the file has something else in it. */
  constructor(path: string, to: string, timing: Timing) {
    this.path = path
    this.to = to
    this.timing = timing
    this.fd = attempt(path, () => openSync(pathOf(path), 'a+', 0o600))
    attempt(path, () => endOnLine(this.fd, path))
  }

  /** Waits until they are on the disk. Throws InputError. */
  add(letters: readonly Undelivered[]): Promise<void> {
    const text = letters.map((letter) => `${JSON.stringify(this.entryOf(letter))}\n`).join('')
    this.written = this.written.then(() => this.append(Buffer.from(text, 'utf8')))
    return this.written
  }

  close(): void {
    closeSync(this.fd)
  }

  private entryOf({ line, refusal: { status, reason, isUnsure } }: Undelivered): DeadLetter {
    return {
      v: 1,
      at: new Date(this.timing.nowMs()).toISOString(),
      to: this.to,
      ...(status !== undefined && { status }),
      reason: printable(reason) || 'no reason given',
      ...(isUnsure === true && { unsure: true }),
      ...(replaced(line) ? { base64: Buffer.from(line, 'latin1').toString('base64') } : { line: utf8(line) }),
    }
  }

  private async append(bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await writeLater(this.fd, bytes, done, bytes.length - done, null)
        done += bytesWritten
      }
      await sync(this.fd)
    } catch (error) {
      throw cannotWrite(this.path, error)
    }
  }
}

/** A process that was killed may have left half a line: its record was not settled, and comes again. */
function endOnLine(fd: number, path: string): void {
  const { size } = fstatSync(fd)
  if (!fstatSync(fd).isFile() || size === 0) return
  const head = Buffer.alloc(Math.min(size, HEAD.length))
  readSync(fd, head, 0, head.length, 0)
  if (!HEAD.startsWith(head.toString('latin1')))
    throw new InputError(`${shellWord(path)}: has something else in it than dead letters`, 'name another file')
  const end = endOfLastLine(fd, size)
  if (end < size) ftruncateSync(fd, end)
}

const LF = 10
const STEP_BYTES = 64 * 1024

/** The offset after the last line end. */
function endOfLastLine(fd: number, size: number): number {
  const buffer = Buffer.alloc(STEP_BYTES)
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - STEP_BYTES)
    readSync(fd, buffer, 0, end - start, start)
    const lf = buffer.subarray(0, end - start).lastIndexOf(LF)
    if (lf >= 0) return start + lf + 1
    end = start
  }
  return 0
}
