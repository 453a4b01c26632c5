import { closeSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { InputError, TracenormError } from '../errors.ts'

/** Where bytes go: a latin1 text, one char a byte, a block at a time. */
export interface Output {
  write(block: string): void
  /** Waits until the consumer has room again. */
  drained(): Promise<void> | void
  /** All is written: the file gets its name. */
  end(): Promise<void>
  /** The run failed: nothing stays behind. */
  discard(): void
}

/** The consumer of stdout has gone: the run ends quietly, as `cat` would. */
export class BrokenPipe extends Error {}

/** stdout. Writes wait for the consumer, which is all the backpressure that a filter needs. */
export function stdoutOutput(): Output {
  return {
    write: writerTo(1, 'stdout'),
    drained() {},
    async end() {},
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
  const discard = (): void => {
    closeSync(fd)
    if (!inPlace) unlinkSync(partial)
  }
  return {
    write: put.write,
    drained: put.drained,
    async end() {
      await put.end()
      attempt(path, () => closeSync(fd))
      if (!inPlace) attempt(path, () => renameSync(partial, path))
    },
    discard,
  }
}

interface Put {
  write(block: string): void
  drained(): Promise<void> | void
  end(): Promise<void>
}

function plain(fd: number, path: string): Put {
  return {
    write: writerTo(fd, path),
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
      gzip.write(Buffer.from(block, 'latin1'))
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

/** Blocks go through one buffer: a new one for each costs a tenth of the run. */
function writerTo(fd: number, name: string): (block: string) => void {
  let buffer = Buffer.allocUnsafeSlow(128 * 1024)
  return (block) => {
    if (block.length > buffer.length) buffer = Buffer.allocUnsafeSlow(block.length)
    writeAll(fd, buffer.subarray(0, buffer.write(block, 'latin1')), name)
  }
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
