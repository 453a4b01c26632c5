import { type BigIntStats, closeSync, open as openCallback, openSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../errors.ts'
import { pathOf } from '../text/file-name.ts'
import { inputName } from '../text/printable.ts'
import { cannotRead } from './fault.ts'
import type { FileSlices } from './file-slices.ts'
import { contentForm, isGzip, type KnownForm, mayBeKnown, packedForm } from './known-forms.ts'
import { ENDLESS, Interrupted, type Patience } from './patience.ts'
import { Pieces } from './pieces.ts'
import { type ByteSource, descriptorSource, type Stdin } from './stdin.ts'

const openLater = promisify(openCallback)

const CHUNK_BYTES = 256 * 1024

/**
 * The bytes of a file, or of stdin for `-`, gunzipped when they are gzip by their content. A chunk is good until the
 * next one is asked for.
 *
 * Throws InputError for what cannot be opened or read, directories, packed formats that are not unpacked and broken
 * gzip.
 */
export async function* openInput(path: string, stdin: Stdin): AsyncGenerator<Uint8Array> {
  const opened = await open(path, stdin, ENDLESS)
  const raw = new Pieces(rawBytes(opened.source, path, ENDLESS, true))
  try {
    yield* (await unpacked(raw, path)).bytes
  } finally {
    await raw.close()
    opened.close()
  }
}

/**
 * The same of a capture. Content that no reader reads is refused by its name. The file is opened when its bytes are
 * asked for. `isLast`: no input comes after it. What `patience` throws is thrown on.
 */
export function openCapture(path: string, stdin: Stdin, patience: Patience = ENDLESS, isLast = true): CaptureBytes {
  return new CaptureBytes(path, stdin, patience, isLast)
}

/** The bytes of a capture in their order. Of a plain file, any bytes can be read until it is closed. */
export class CaptureBytes implements AsyncIterable<Uint8Array> {
  /** Known when the first chunk has come. Undefined: a pipe, or packed. */
  seekable: FileSlices | undefined
  private opened: OpenInput | undefined
  private readonly path: string
  private readonly stdin: Stdin
  private readonly patience: Patience
  private readonly isLast: boolean

  constructor(path: string, stdin: Stdin, patience: Patience, isLast: boolean) {
    this.path = path
    this.stdin = stdin
    this.patience = patience
    this.isLast = isLast
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { path, stdin, patience, isLast } = this
    this.opened = await open(path, stdin, patience)
    const { source } = this.opened
    const slices = source.slices?.(path)
    const raw = new Pieces(rawBytes(source, path, patience, isLast))
    const { bytes, isPacked } = await unpacked(raw, path)
    if (!isPacked && slices !== undefined) this.seekable = slices
    const pieces = new Pieces(bytes)
    try {
      refuse(contentForm(await pieces.head(mayBeKnown)), path)
      yield* allOf(pieces)
    } finally {
      await pieces.close()
    }
  }

  /** Frees the file. The bytes may have been left before their end. */
  close(): void {
    this.opened?.close()
    this.opened = undefined
    this.seekable = undefined
  }
}

/**
 * The bytes without their packing, of which one layer is read. zlib is loaded on demand: it takes some milliseconds of
 * every run.
 */
async function unpacked(
  raw: Pieces,
  path: string,
): Promise<{ readonly bytes: AsyncGenerator<Uint8Array>; readonly isPacked: boolean }> {
  const head = await raw.head(mayBeKnown)
  refuse(packedForm(head), path)
  if (!isGzip(head)) return { bytes: allOf(raw), isPacked: false }
  const { gunzip } = await import('./gunzip.ts')
  return { bytes: gunzip(raw, path), isPacked: true }
}

async function* allOf(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = await pieces.some(CHUNK_BYTES)
    if (piece === undefined) return
    yield piece
  }
}

/** Content of a known form that is not read. */
export class UnreadForm extends InputError {
  readonly form: KnownForm

  constructor(path: string, form: KnownForm) {
    const name = inputName(path)
    super(`${name}: ${form.name} is not read`, form.next(path === '-' ? undefined : name))
    this.form = form
  }
}

function refuse(form: KnownForm | undefined, path: string): void {
  if (form !== undefined) throw new UnreadForm(path, form)
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * All bytes of a file, gunzipped like an input. Throws InputError, also where there are more than `most`: what is read
 * whole has no other bound, and a small file may be a large one packed.
 */
export async function readWhole(path: string, most: number, stdin: Stdin): Promise<Buffer> {
  // One buffer, so that no byte is there twice: memory that is not written to takes no space.
  const whole = Buffer.allocUnsafeSlow(most)
  let bytes = 0
  for await (const chunk of openInput(path, stdin)) {
    if (bytes + chunk.length > most) throw new InputError(`${inputName(path)}: longer than ${most / 2 ** 20} MiB`)
    whole.set(chunk, bytes)
    bytes += chunk.length
  }
  // A byte order mark is not data.
  return whole.subarray(whole.subarray(0, bytes).indexOf(MARK) === 0 ? MARK.length : 0, bytes)
}

async function* rawBytes(
  source: ByteSource,
  path: string,
  patience: Patience,
  isLast: boolean,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  const isFile = source.stats !== undefined && isRegular(source.stats, path)
  patience.begins(isLast && !isFile)
  for (;;) {
    const bytes = await fill(buffer, source, path, patience)
    if (bytes === 0) return
    yield buffer.subarray(0, bytes)
  }
}

/** An input that is open, until it is closed. */
interface OpenInput {
  readonly source: ByteSource
  close(): void
}

/** Stdin stays open: it is not ours. */
async function open(path: string, stdin: Stdin, patience: Patience): Promise<OpenInput> {
  patience.begins(false)
  if (path === '-') return { source: stdin, close: () => stdin.close?.() }
  const fd = await openDescriptor(path, patience)
  const source = descriptorSource(fd)
  return {
    source,
    close() {
      source.close?.()
      closeSync(fd)
    },
  }
}

/** It may take long to open what is not a regular file, such as a FIFO without a writer. */
async function openDescriptor(path: string, patience: Patience): Promise<number> {
  try {
    const name = pathOf(path)
    const stats = statSync(name, { bigint: true })
    return isRegular(stats, path) ? openSync(name, 'r') : await patience.wait(openLater(name, 'r'))
  } catch (error) {
    throw error instanceof Interrupted ? error : cannotRead(path, error)
  }
}

function isRegular(stats: BigIntStats, path: string): boolean {
  if (stats.isDirectory()) throw new InputError(`${inputName(path)}: is a directory`, 'name the files in it')
  return stats.isFile()
}

/** How many bytes came; 0 at the end. */
async function fill(buffer: Buffer, source: ByteSource, path: string, patience: Patience): Promise<number> {
  try {
    const bytes = source.read(buffer)
    return typeof bytes === 'number' ? bytes : await patience.wait(bytes)
  } catch (error) {
    throw error instanceof Interrupted ? error : cannotRead(path, error)
  }
}
