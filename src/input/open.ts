import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { InputError } from '../errors.ts'
import { shellWord } from '../text/printable.ts'
import { contentForm, isGzip, type KnownForm, mayBeKnown, packedForm } from './known-forms.ts'

const CHUNK_BYTES = 64 * 1024

/**
 * The bytes of a file, or of stdin for `-`, gunzipped when they are gzip by their content. A chunk is good until the next one is asked
 * for. Ends early, without error, when `stop` is aborted (a live pipe that was interrupted).
 *
 * Throws InputError: cannot open or read, a directory, packed in a way that is not read, broken gzip.
 */
export async function* openInput(path: string, stop?: AbortSignal): AsyncGenerator<Uint8Array> {
  const raw = rawBytes(path, stop)
  const head = await headOf(raw)
  if (head === undefined) return
  refuse(packedForm(head), path)
  const whole = rejoin(head, raw)
  yield* isGzip(head) ? gunzip(whole, path) : whole
}

/** The same of a capture: content that no reader reads is refused by its name. */
export async function* openCapture(path: string, stop?: AbortSignal): AsyncGenerator<Uint8Array> {
  const bytes = openInput(path, stop)
  try {
    const head = await headOf(bytes)
    if (head === undefined) return
    refuse(contentForm(head), path)
    yield* rejoin(head, bytes)
  } finally {
    await bytes.return(undefined)
  }
}

/** Content of a known form that is not read. */
export class UnreadForm extends InputError {
  readonly form: KnownForm

  constructor(path: string, form: KnownForm) {
    const word = shellWord(path)
    super(`${word}: ${form.name} is not read`, form.next(path === '-' ? undefined : word))
    this.form = form
  }
}

function refuse(form: KnownForm | undefined, path: string): void {
  if (form !== undefined) throw new UnreadForm(path, form)
}

/** The first bytes: as many as came at once, and more only while they may be the begin of a magic number. Undefined: there are none. */
async function headOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const first = await chunks.next()
  if (first.done === true) return undefined
  let head = first.value
  while (mayBeKnown(head)) {
    // A chunk is good until the next one is asked for.
    const kept = Uint8Array.from(head)
    const next = await chunks.next()
    if (next.done === true) return kept
    head = Buffer.concat([kept, next.value])
  }
  return head
}

/** What is read whole is no longer: the largest, a bpftool dump of all of a kernel, has some 100 MiB. */
const LONGEST_WHOLE = 256 * 1024 * 1024

/** All bytes of a file, gunzipped like an input. Throws InputError, also where it has no end. */
export async function readWhole(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of openInput(path)) {
    chunks.push(Uint8Array.from(chunk))
    bytes += chunk.length
    if (bytes > LONGEST_WHOLE) throw new InputError(`${shellWord(path)}: longer than 256 MiB`)
  }
  return Buffer.concat(chunks)
}

async function* rejoin(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

async function* rawBytes(path: string, stop: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const fd = path === '-' ? 0 : open(path)
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let stopReading = (): void => {}
  const stopped = new Promise<number>((resolve) => {
    stopReading = () => resolve(0)
  })
  stop?.addEventListener('abort', stopReading, { once: true })
  try {
    const isFile = stat(fd, path)
    for (let chunks = 1; stop?.aborted !== true; chunks++) {
      // A file's pages are read at once, with a look at signals each megabyte; a pipe is waited for.
      if (isFile && chunks % 16 === 0) await setImmediate()
      const bytes = isFile ? readFile(fd, buffer, path) : await readPipe(fd, buffer, path, stopped)
      if (bytes === 0) return
      yield buffer.subarray(0, bytes)
    }
  } finally {
    stop?.removeEventListener('abort', stopReading)
    if (fd !== 0) closeSync(fd)
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw cannotRead(path, error)
  }
}

function stat(fd: number, path: string): boolean {
  const stats = fstatSync(fd)
  if (stats.isDirectory()) throw new InputError(`${shellWord(path)}: is a directory`, 'name the files in it')
  return stats.isFile()
}

function readFile(fd: number, buffer: Buffer, path: string): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, null)
  } catch (error) {
    throw cannotRead(path, error)
  }
}

async function readPipe(fd: number, buffer: Buffer, path: string, stopped: Promise<number>): Promise<number> {
  for (;;) {
    const result = await Promise.race([readOnce(fd, buffer), stopped])
    if (typeof result === 'number') return result
    // Another process may have made the pipe non-blocking: then an empty one says EAGAIN.
    if (codeOf(result) !== 'EAGAIN') throw cannotRead(path, result)
    await setTimeout(5)
  }
}

function readOnce(fd: number, buffer: Buffer): Promise<number | Error> {
  return new Promise((resolve) => {
    read(fd, buffer, 0, buffer.length, null, (error, bytes) => resolve(error ?? bytes))
  })
}

async function* gunzip(packed: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES })
  const feeding = feed(packed, stream)
  try {
    for await (const chunk of stream) yield chunk
    await feeding
  } catch (error) {
    throw error instanceof InputError
      ? error
      : new InputError(`${shellWord(path)}: broken gzip: ${messageOf(error)}`, 'what came before was read')
  }
}

/** Not `pipeline`: the chunks are one buffer that is filled again, so each is written as a copy and waited for. */
async function feed(packed: AsyncIterable<Uint8Array>, stream: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of packed) {
      if (stream.destroyed) return
      if (!stream.write(Buffer.from(chunk))) await drained(stream)
    }
    stream.end()
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** Waits until there is room, or nobody reads any more. Leaves no listener: a long input waits often. */
function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done)
      resolve()
    }
    stream.on('drain', done).on('close', done)
  })
}

function cannotRead(path: string, error: unknown): InputError {
  const code = codeOf(error)
  if (code === 'ENOENT') return new InputError(`${shellWord(path)}: no such file`)
  if (code === 'EISDIR') return new InputError(`${shellWord(path)}: is a directory`, 'name the files in it')
  if (code === 'EACCES') return new InputError(`${shellWord(path)}: permission denied`)
  return new InputError(`${shellWord(path)}: cannot read: ${messageOf(error)}`)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
