import { type BigIntStats, closeSync, open as openCallback, openSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../errors.ts'
import { pathOf } from '../text/file-name.ts'
import { inputName } from '../text/printable.ts'
import { UnreadForm } from './capture-bytes.ts'
import { cannotRead } from './fault.ts'
import { mayBeKnown, packedForm } from './known-forms.ts'
import { layerOf } from './layer.ts'
import { ENDLESS, Interrupted, type Patience } from './patience.ts'
import { allOf, Pieces } from './pieces.ts'
import { type ByteSource, descriptorSource, type Stdin } from './stdin.ts'
import { unpacked } from './unpack.ts'

const openLater = promisify(openCallback)

const CHUNK_BYTES = 256 * 1024

/**
 * The bytes of a file, or of stdin for `-`, without their packing. A chunk is good until the next one is asked for.
 * Programs that unpack are not looked for: what is read so is short.
 *
 * Throws InputError for what cannot be opened or read, directories, packed formats that are not unpacked and damaged
 * ones.
 */
export async function* openInput(path: string, stdin: Stdin): AsyncGenerator<Uint8Array> {
  const opened = await openSource(path, stdin, ENDLESS)
  let pieces = new Pieces(rawBytes(opened.source, path, ENDLESS, true))
  try {
    for (;;) {
      const head = await pieces.head(mayBeKnown)
      const form = packedForm(head)
      if (form !== undefined) throw new UnreadForm(path, form)
      const layer = layerOf(head)
      if (layer === undefined || layer === 'tar' || layer === 'zip') break
      pieces = new Pieces(await unpacked(layer, pieces, path, ''))
    }
    yield* allOf(pieces)
  } finally {
    pieces.close()
    opened.close()
  }
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

/** The bytes of a source as they are. `isLast`: no input comes after it. What `patience` throws is thrown on. */
export async function* rawBytes(
  source: ByteSource,
  path: string,
  patience: Patience,
  isLast: boolean,
): AsyncGenerator<Uint8Array> {
  const isFile = source.stats !== undefined && isRegular(source.stats, path)
  const buffer = Buffer.allocUnsafeSlow(chunkBytes(source))
  patience.begins(isLast && !isFile)
  for (;;) {
    const bytes = await fill(buffer, source, path, patience)
    if (bytes === 0) return
    yield buffer.subarray(0, bytes)
  }
}

/** Thousands of small files keep the collector busy with large buffers. Files of /proc say that they are empty. */
function chunkBytes({ stats }: ByteSource): number {
  return stats?.isFile() && stats.size > 0 ? Math.min(Number(stats.size) + 1, CHUNK_BYTES) : CHUNK_BYTES
}

/** An input that is open, until it is closed. */
export interface OpenInput {
  readonly source: ByteSource
  close(): void
}

/** Stdin stays open: it is not ours. */
export async function openSource(path: string, stdin: Stdin, patience: Patience): Promise<OpenInput> {
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
