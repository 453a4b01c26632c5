import { closeSync, constants, write, writeSync } from 'node:fs'
import { codeOf } from '../errors.ts'
import { openPipeAnew } from '../pipe/open-anew.ts'
import { BLOCK_BYTES } from './blocks.ts'
import { cannotWrite } from './fault.ts'

/**
 * Takes blocks. `room` or `end` throws later what went wrong with one, because records are written in the midst of
 * reading.
 */
export interface Writer {
  /** Takes a block, which is the caller's again when it returns. */
  write(block: Buffer): void
  /** A promise where there is no room for more yet. Throws InputError and BrokenPipe. */
  room(): Promise<void> | void
  /** Waits until all that it took is written. Throws InputError and BrokenPipe. */
  end(): Promise<void>
  /** Of a file that is given up: writes nothing from now on, because its descriptor may soon be another file's. */
  leave?(): void
}

/** What takes a block at once: a regular file, /dev/null. */
export function fileWriter(fd: number, name: string): Writer {
  let failure: Error | undefined
  let isLeft = false
  const room = (): void => {
    if (failure !== undefined) throw failure
  }
  return {
    write(block) {
      if (isLeft) return
      try {
        for (let done = 0; done < block.length && failure === undefined; ) done += writeSync(fd, block, done)
      } catch (error) {
        failure = cannotWrite(name, error)
      }
    },
    room,
    async end() {
      room()
    },
    leave() {
      isLeft = true
    },
  }
}

/**
 * Writes to a pipe, a terminal, a socket or a device. A pipe takes at once what it has room for. The reader may never
 * take the rest, so a thread of Node's waits for it, and signals still come in. One such write is under way at a time;
 * the next takes all that came meanwhile.
 */
export class PipeWriter implements Writer {
  private readonly fd: number
  private readonly name: string
  /** The same pipe, which says EAGAIN when it is full. Undefined where there is no pipe, and after `end`. */
  private ready: number | undefined
  private held = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES)
  private heldBytes = 0
  private sent = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES)
  private isWriting = false
  private failure: Error | undefined
  private waiting: (() => void)[] = []

  constructor(fd: number, name: string) {
    this.fd = fd
    this.name = name
    this.ready = openPipeAnew(fd, constants.O_WRONLY)
  }

  write(block: Buffer): void {
    if (this.failure !== undefined) return
    const rest = this.isWriting ? block : block.subarray(this.writeReady(block))
    if (rest.length === 0) return
    this.makeRoom(this.heldBytes + rest.length)
    this.held.set(rest, this.heldBytes)
    this.heldBytes += rest.length
    if (!this.isWriting) this.send()
  }

  room(): Promise<void> | void {
    if (this.failure !== undefined) throw this.failure
    return this.heldBytes < BLOCK_BYTES ? undefined : this.until(() => this.heldBytes < BLOCK_BYTES)
  }

  async end(): Promise<void> {
    await this.until(() => !this.isWriting)
    if (this.ready !== undefined) closeSync(this.ready)
    this.ready = undefined
  }

  /** How many bytes the pipe took at once. The write that comes after a failure meets it again, and reports it. */
  private writeReady(block: Buffer): number {
    if (this.ready === undefined) return 0
    try {
      return writeSync(this.ready, block)
    } catch {
      return 0
    }
  }

  private async until(isMet: () => boolean): Promise<void> {
    while (this.failure === undefined && !isMet()) await new Promise<void>((resolve) => this.waiting.push(resolve))
    if (this.failure !== undefined) throw this.failure
  }

  private send(): void {
    const bytes = this.held.subarray(0, this.heldBytes)
    const { held } = this
    this.held = this.sent
    this.sent = held
    this.heldBytes = 0
    this.isWriting = true
    this.writeFrom(bytes)
  }

  private writeFrom(bytes: Buffer): void {
    write(this.fd, bytes, 0, bytes.length, null, (error, done) => {
      // Another process may have made the pipe non-blocking: then a full one says EAGAIN.
      if (codeOf(error) === 'EAGAIN') setTimeout(() => this.writeFrom(bytes), 2)
      else if (error !== null) this.fail(cannotWrite(this.name, error))
      else if (done < bytes.length) this.writeFrom(bytes.subarray(done))
      else this.wrote()
    })
  }

  private wrote(): void {
    this.isWriting = false
    if (this.heldBytes > 0) this.send()
    this.wake()
  }

  private fail(failure: Error): void {
    this.failure = failure
    this.isWriting = false
    this.heldBytes = 0
    this.wake()
  }

  private wake(): void {
    const { waiting } = this
    this.waiting = []
    for (const resolve of waiting) resolve()
  }

  /** Grows the buffer: one window may give many blocks. */
  private makeRoom(bytes: number): void {
    if (bytes <= this.held.length) return
    const held = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.held.length))
    this.held.copy(held, 0, 0, this.heldBytes)
    this.held = held
  }
}
