import { type BigIntStats, closeSync, open as openCallback, openSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../errors.ts'
import { pathOf } from '../text/file-name.ts'
import { inputName } from '../text/printable.ts'
import { contentForm, isGzip, type KnownForm, mayBeKnown, packedForm } from './known-forms.ts'
import { ENDLESS, Interrupted, type Patience } from './patience.ts'
import { Pieces } from './pieces.ts'
import { type ByteSource, descriptorSource, type Stdin } from './stdin.ts'

const openLater = promisify(openCallback)

const CHUNK_BYTES = 64 * 1024

/**
 * The bytes of a file, or of stdin for `-`, gunzipped when they are gzip by their content. A chunk is good until the next one is asked
 * for. `isLast`: no input comes behind it.
 *
 * Throws InputError: cannot open or read, a directory, packed in a way that is not read, broken gzip; and what `patience` throws.
 */
export async function* openInput(
  path: string,
  stdin: Stdin,
  patience: Patience = ENDLESS,
  isLast = true,
): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces(rawBytes(path, stdin, patience, isLast))
  try {
    const head = await pieces.head(mayBeKnown)
    refuse(packedForm(head), path)
    yield* isGzip(head) ? await unpacked(pieces, path) : allOf(pieces)
  } finally {
    await pieces.close()
  }
}

/** The same of a capture: content that no reader reads is refused by its name. */
export async function* openCapture(
  path: string,
  stdin: Stdin,
  patience?: Patience,
  isLast?: boolean,
): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces(openInput(path, stdin, patience, isLast))
  try {
    refuse(contentForm(await pieces.head(mayBeKnown)), path)
    yield* allOf(pieces)
  } finally {
    await pieces.close()
  }
}

/** On demand: zlib takes some milliseconds of every run. */
async function unpacked(pieces: Pieces, path: string): Promise<AsyncGenerator<Uint8Array>> {
  const { gunzip } = await import('./gunzip.ts')
  return gunzip(pieces, path)
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
 * All bytes of a file, gunzipped like an input. Throws InputError, also where there are more than `most`: what is read whole has no
 * other bound, and a small file may be a large one packed.
 */
export async function readWhole(path: string, most: number, stdin: Stdin): Promise<Buffer> {
  // Memory that nobody has written to is not there yet: one buffer, and no piece of it twice.
  const whole = Buffer.allocUnsafeSlow(most)
  let bytes = 0
  for await (const chunk of openInput(path, stdin)) {
    if (bytes + chunk.length > most) throw new InputError(`${inputName(path)}: longer than ${most / 2 ** 20} MiB`)
    whole.set(chunk, bytes)
    bytes += chunk.length
  }
  // A byte order mark is no data.
  return whole.subarray(whole.subarray(0, bytes).indexOf(MARK) === 0 ? MARK.length : 0, bytes)
}

async function* rawBytes(path: string, stdin: Stdin, patience: Patience, isLast: boolean): AsyncGenerator<Uint8Array> {
  patience.begins(false)
  const { source, close } = path === '-' ? { source: stdin, close() {} } : await open(path, patience)
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  try {
    const isFile = source.stats !== undefined && isRegular(source.stats, path)
    patience.begins(isLast && !isFile)
    for (;;) {
      const bytes = await fill(buffer, source, path, patience)
      if (bytes === 0) return
      yield buffer.subarray(0, bytes)
    }
  } finally {
    close()
  }
}

async function open(
  path: string,
  patience: Patience,
): Promise<{ readonly source: ByteSource; readonly close: () => void }> {
  const fd = await openDescriptor(path, patience)
  return { source: descriptorSource(fd), close: () => closeSync(fd) }
}

/** What is no file may keep its reader waiting: a FIFO that nobody writes to. */
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

function cannotRead(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  const code = codeOf(error)
  if (code === 'ENOENT') return new InputError(`${inputName(path)}: no such file`)
  if (code === 'EISDIR') return new InputError(`${inputName(path)}: is a directory`, 'name the files in it')
  if (code === 'EACCES') return new InputError(`${inputName(path)}: permission denied`)
  return new InputError(`${inputName(path)}: cannot read: ${messageOf(error)}`)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
