import { type BigIntStats, fstatSync, read, readFileSync, readSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { FileSlices } from './file-slices.ts'
import type { WatchedPipe } from './pipe.ts'

/** Bytes from their beginning to their end: an open file, a pipe, or bytes that are in memory. */
export interface ByteSource {
  /** What the system says about it; undefined where the bytes are in memory. */
  readonly stats: BigIntStats | undefined
  /**
   * Fills the buffer from its start; 0 bytes mean the end. A promise where the bytes may come later. Fails as `node:fs`
   * does.
   */
  read(buffer: Buffer): number | Promise<number>
  /**
   * All bytes by their offsets, for a regular file that is at its beginning. It must be called before the first `read`.
   */
  slices?(path: string): FileSlices | undefined
  /** Frees what reading has opened. The descriptor itself stays open. */
  close?(): void
}

export interface Stdin extends ByteSource {
  isTerminal(): Promise<boolean>
}

/**
 * An open descriptor. A regular file is read at once, and the event loop watches a pipe; a thread of Node's waits for
 * everything else.
 */
export function descriptorSource(fd: number): ByteSource {
  const stats = fstatSync(fd, { bigint: true })
  if (stats.isFIFO()) return { stats, ...pipeReading(fd) }
  return {
    stats,
    read: stats.isFile() ? (buffer) => readSync(fd, buffer, 0, buffer.length, null) : (buffer) => readLater(fd, buffer),
    slices: (path) => (stats.isFile() ? new FileSlices(fd, path) : undefined),
  }
}

/** A pipe is opened when it is read: stdin may be one that nobody asks for. */
function pipeReading(fd: number): Pick<ByteSource, 'read' | 'close'> {
  let pipe: WatchedPipe | undefined
  let read: ByteSource['read'] = async (buffer) => {
    // On demand: `node:net` takes some milliseconds of every run.
    const { WatchedPipe } = await import('./pipe.ts')
    pipe = WatchedPipe.of(fd)
    read = pipe === undefined ? (buffer) => readLater(fd, buffer) : pipe.read.bind(pipe)
    return read(buffer)
  }
  return { read: (buffer) => read(buffer), close: () => pipe?.close() }
}

/** Stdin of a process. Node's own stream of it would make a pipe non-blocking for all processes that share it. */
export function descriptorStdin(fd: number): Stdin {
  const source = descriptorSource(fd)
  return {
    ...source,
    // Another process may have read some of it: then offsets in it are not those of what is read here.
    slices: (path) => (isAtBeginning(fd) ? source.slices?.(path) : undefined),
    async isTerminal() {
      // On demand: `node:tty` takes some milliseconds of every run.
      const { isatty } = await import('node:tty')
      return isatty(fd)
    },
  }
}

/** Only Linux shows the offset of an open file. */
function isAtBeginning(fd: number): boolean {
  try {
    return /^pos:\s+0$/m.test(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))
  } catch {
    return false
  }
}

/** A pipe whose writer sends these pieces one after the other. */
export function memoryStdin(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Stdin {
  const source = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  let rest: Uint8Array = new Uint8Array(0)
  return {
    stats: undefined,
    async read(buffer) {
      while (rest.length === 0) {
        const { done, value } = await source.next()
        if (done === true) return 0
        rest = value
      }
      const piece = rest.subarray(0, buffer.length)
      buffer.set(piece)
      rest = rest.subarray(piece.length)
      return piece.length
    },
    async isTerminal() {
      return false
    },
  }
}

const BUSY_MS = 5

async function readLater(fd: number, buffer: Buffer): Promise<number> {
  for (;;) {
    const result = await readOnce(fd, buffer)
    if (typeof result === 'number') return result
    // Another process may have made the pipe non-blocking: then an empty one says EAGAIN.
    if (result.code !== 'EAGAIN') throw result
    await setTimeout(BUSY_MS)
  }
}

function readOnce(fd: number, buffer: Buffer): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    read(fd, buffer, 0, buffer.length, null, (error, bytes) => resolve(error ?? bytes))
  })
}
