import { constants } from 'node:fs'
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net'
import { openPipeAnew } from '../pipe/open-anew.ts'

const PIECE_BYTES = 64 * 1024

/** Somebody who waits for the next bytes. */
interface Waiter {
  readonly buffer: Buffer
  readonly resolve: (bytes: number) => void
  readonly reject: (error: Error) => void
}

/**
 * A pipe that the event loop watches. perf writes pieces of 4 KiB: here a piece costs one wake-up of the main thread
 * and two system calls, and half the CPU time of a read by a thread of Node's. Signals come in between two pieces.
 */
export class WatchedPipe {
  private readonly socket: Socket
  /** Bytes that nobody has asked for yet; no more are read meanwhile. */
  private held: Uint8Array = NONE
  private waiter: Waiter | undefined
  private isAtEnd = false
  private failure: Error | undefined

  /** Takes over `fd`, and makes it non-blocking. */
  private constructor(fd: number) {
    // The types of Node know `onread` only of `connect`, which hands its options on to this constructor.
    const options: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: { buffer: Buffer.allocUnsafeSlow(PIECE_BYTES), callback: this.take },
    }
    this.socket = new Socket(options)
    this.socket.on('end', this.end).on('error', this.fail)
  }

  /** The pipe of an open descriptor, which stays as it is. Undefined where only the descriptor itself can be read. */
  static of(fd: number): WatchedPipe | undefined {
    const own = openPipeAnew(fd, constants.O_RDONLY)
    return own === undefined ? undefined : new WatchedPipe(own)
  }

  /** Fills the buffer from its start; 0 bytes mean the end. One read at a time. Fails as `node:fs` does. */
  read(buffer: Buffer): number | Promise<number> {
    if (this.held.length > 0) return this.give(buffer)
    if (this.isAtEnd) return 0
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure)
      this.waiter = { buffer, resolve, reject }
      this.socket.resume()
    })
  }

  /** Closes it; nobody may wait for it any more. */
  close(): void {
    this.socket.destroy()
  }

  /** False stops the reading until somebody waits again. */
  private readonly take = (bytes: number, piece: Uint8Array): boolean => {
    this.held = piece.subarray(0, bytes)
    const { waiter } = this
    if (waiter === undefined) return false
    this.waiter = undefined
    waiter.resolve(this.give(waiter.buffer))
    return this.held.length === 0
  }

  private readonly end = (): void => {
    this.isAtEnd = true
    this.waiter?.resolve(0)
  }

  private readonly fail = (error: Error): void => {
    this.failure = error
    this.waiter?.reject(error)
  }

  private give(buffer: Buffer): number {
    const bytes = Math.min(this.held.length, buffer.length)
    buffer.set(this.held.subarray(0, bytes))
    this.held = bytes === this.held.length ? NONE : this.held.subarray(bytes)
    return bytes
  }
}

const NONE = new Uint8Array(0)
