import { closeSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { InputError, TracenormError } from '../errors.ts'

/** Where text goes, latin1, one char a byte. It is held back until there is a block of it, or until `flush`. */
export interface Output {
  write(text: string): void
  /** The same of at most 64 KiB, which are the caller's again afterwards. */
  writeBytes(bytes: Uint8Array): void
  /** Sends on what is held back, and waits until the consumer has room again. */
  flush(): Promise<void> | void
  /** All is written: the file gets its name. */
  end(): Promise<void>
  /** The run failed: nothing stays behind that is not complete. */
  discard(): void
}

/** The consumer of stdout has gone: the run ends quietly, as `cat` would. */
export class BrokenPipe extends Error {}

/** stdout. Writes wait for the consumer, which is all the backpressure that a filter needs. */
export function stdoutOutput(): Output {
  return blockOutput((bytes) => writeAll(1, bytes, 'stdout'))
}

/** Hands on blocks of bytes; a block is good until `send` returns. */
export function blockOutput(send: (bytes: Buffer) => void): Output {
  const blocks = new Blocks(send)
  return {
    write: (text) => blocks.write(text),
    writeBytes: (bytes) => blocks.writeBytes(bytes),
    flush: () => blocks.flush(),
    async end() {
      blocks.flush()
    },
    discard() {},
  }
}

/**
 * A file, written beside its place and renamed when complete; gzip when its name ends in `.gz`. What is no regular file (a device, a FIFO) is written
 * in place. Throws InputError.
 */
export function fileOutput(path: string): Output {
  const inPlace = !mayReplace(path)
  const partial = inPlace ? path : `${path}.partial-${process.pid}`
  const fd = attempt(path, () => openSync(partial, 'w'))
  const put = path.endsWith('.gz') ? gzipped(fd, path) : plain(fd, path)
  const blocks = new Blocks(put.write)
  let isOpen = true
  let isPartial = !inPlace
  const close = (): void => {
    if (isOpen) closeSync(fd)
    isOpen = false
  }
  return {
    write: (text) => blocks.write(text),
    writeBytes: (bytes) => blocks.writeBytes(bytes),
    flush() {
      blocks.flush()
      return put.drained()
    },
    async end() {
      blocks.flush()
      await put.end()
      attempt(path, close)
      if (isPartial) attempt(path, () => renameSync(partial, path))
      isPartial = false
    },
    discard() {
      close()
      if (isPartial) unlinkSync(partial)
      isPartial = false
    },
  }
}

/**
 * Text on its way to a file descriptor. Joined into pieces first: a rope that stays small is not copied by each collection of the young generation.
 * Then into blocks, by one buffer: a write costs more than joining, and a new buffer for each a tenth of the run.
 */
class Blocks {
  private piece = ''
  private readonly block = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES)
  private length = 0
  private readonly send: (bytes: Buffer) => void

  constructor(send: (bytes: Buffer) => void) {
    this.send = send
  }

  write(text: string): void {
    this.piece += text
    if (this.piece.length >= PIECE_BYTES) this.gather()
  }

  writeBytes(bytes: Uint8Array): void {
    this.gather()
    if (this.length + bytes.length > this.block.length) this.flush()
    this.block.set(bytes, this.length)
    this.length += bytes.length
    if (this.length >= BLOCK_BYTES) this.flush()
  }

  flush(): void {
    this.gather()
    if (this.length === 0) return
    const bytes = this.block.subarray(0, this.length)
    this.length = 0
    this.send(bytes)
  }

  private gather(): void {
    const { piece } = this
    if (piece === '') return
    this.piece = ''
    if (this.length + piece.length > this.block.length) this.flush()
    if (piece.length > this.block.length) this.send(Buffer.from(piece, 'latin1'))
    else {
      this.length += this.block.write(piece, this.length, 'latin1')
      if (this.length >= BLOCK_BYTES) this.flush()
    }
  }
}

const PIECE_BYTES = 8 * 1024
const BLOCK_BYTES = 64 * 1024

interface Put {
  write(block: Buffer): void
  drained(): Promise<void> | void
  end(): Promise<void>
}

function plain(fd: number, path: string): Put {
  return {
    write: (block) => writeAll(fd, block, path),
    drained() {},
    async end() {},
  }
}

function gzipped(fd: number, path: string): Put {
  const gzip = createGzip()
  let failure: unknown
  gzip.on('data', (chunk: Buffer) => {
    try {
      if (failure === undefined) writeAll(fd, chunk, path)
    } catch (error) {
      failure = error
    }
  })
  const check = (): void => {
    if (failure !== undefined) throw failure
  }
  return {
    write(block) {
      check()
      // The block is filled again before the stream has taken it.
      gzip.write(Buffer.from(block))
    },
    async drained() {
      if (gzip.writableNeedDrain) await new Promise((resolve) => gzip.once('drain', resolve))
      check()
    },
    async end() {
      gzip.end()
      await finished(gzip)
      check()
    },
  }
}

function mayReplace(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || stats.isFile()
}

const NAP = new Int32Array(new SharedArrayBuffer(4))

function writeAll(fd: number, bytes: Buffer, name: string): void {
  let done = 0
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      // Another process may have made the pipe non-blocking: then a full one says EAGAIN.
      if (code === 'EAGAIN') Atomics.wait(NAP, 0, 0, 2)
      else if (code === 'EPIPE') throw new BrokenPipe()
      else throw cannotWrite(name, error)
    }
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

function cannotWrite(path: string, error: unknown): TracenormError {
  if (error instanceof TracenormError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reason =
    code === 'ENOSPC' ? 'no space left on the device' : error instanceof Error ? error.message : String(error)
  return new InputError(`${path}: cannot write: ${reason}`)
}
