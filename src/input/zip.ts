import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader } from 'yauzl'
import { InputError } from '../errors.ts'
import { inputName } from '../text/printable.ts'
import { type Damage, damageOf } from './damage.ts'
import { type ArchiveEntry, nameWithin, type SkipCause } from './entry.ts'
import type { FileSlices } from './file-slices.ts'
import { inflated } from './gunzip.ts'
import { allOf, Pieces } from './pieces.ts'
import { spill } from './spill.ts'

const STORED = 0
const DEFLATED = 8
const CHUNK_BYTES = 64 * 1024

/** `st_mode` of Unix, in the upper half of a word of the directory (Info-ZIP, zipinfo.c). */
const FILE_TYPE = 0o170000
const TYPES: ReadonlyMap<number, SkipCause> = new Map([
  [0o120000, 'link'],
  [0o020000, 'device'],
  [0o060000, 'device'],
  [0o010000, 'device'],
  [0o140000, 'device'],
])

/**
 * The entries of a zip in the order of its directory, which is at its end: `seekable` has its bytes, else they are
 * spilled to `folder`. A file that is damaged, encrypted or packed in a way that is not known throws InputError when
 * its bytes are asked for. Throws InputError where the directory cannot be read.
 */
export async function* readZip(
  packed: Pieces,
  path: string,
  seekable: FileSlices | undefined,
  folder: string,
): AsyncGenerator<ArchiveEntry> {
  const spilled = seekable === undefined ? await spill(allOf(packed), path, folder) : undefined
  const slices = seekable ?? spilled?.slices
  try {
    if (slices !== undefined) yield* entriesOf(slices, path)
  } catch (error) {
    throw error instanceof InputError ? error : damageOf(path, 'zip')(String(error))
  } finally {
    spilled?.close()
  }
}

async function* entriesOf(slices: FileSlices, path: string): AsyncGenerator<ArchiveEntry> {
  // Sizes and names are checked file by file, so that one does not stop the others.
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: false, decodeStrings: false }
  const zip = await fromRandomAccessReaderPromise(new SlicesReader(slices), slices.size, options)
  for await (const entry of zip.eachEntry()) {
    const given = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
    if (given.endsWith('/')) continue
    const name = nameWithin(given)
    const type = TYPES.get((entry.externalFileAttributes >>> 16) & FILE_TYPE)
    if (name === undefined) yield { as: 'skipped', name: given, why: 'name that leads out of the archive' }
    else if (type !== undefined) yield { as: 'skipped', name, why: type }
    else {
      const damage = damageOf(`${path}!${name}`, 'zip')
      const start = zip.readLocalFileHeaderPromise(entry, { minimal: true })
      // It is awaited where the bytes are asked for.
      start.catch(nothing)
      yield { as: 'file', name, bytes: content(slices, entry, start, `${path}!${name}`, damage) }
    }
  }
}

async function* content(
  slices: FileSlices,
  entry: Entry,
  start: Promise<{ readonly fileDataStart: number }>,
  path: string,
  damage: Damage,
): AsyncGenerator<Uint8Array> {
  refuseUnknown(entry, path)
  let at: number
  try {
    at = (await start).fileDataStart
  } catch (error) {
    throw damage(String(error))
  }
  const isStored = entry.compressionMethod === STORED
  // The byte after deflated data shows where they end.
  const raw = new Pieces(bytesOf(slices, at, at + entry.compressedSize + (isStored ? 0 : 1)))
  let checksum = 0
  let bytes = 0
  for await (const chunk of isStored ? allOf(raw) : inflated(raw, damage)) {
    checksum = crc32(chunk, checksum)
    bytes += chunk.length
    yield chunk
  }
  if (checksum !== entry.crc32 || bytes !== entry.uncompressedSize) throw damage('its checksum is of other bytes')
}

function refuseUnknown(entry: Entry, path: string): void {
  const name = inputName(path)
  if (entry.isEncrypted()) throw new InputError(`${name}: is encrypted`, 'unpack it with unzip, and give the files')
  const { compressionMethod: method } = entry
  if (method !== STORED && method !== DEFLATED)
    throw new InputError(`${name}: is packed by method ${method} of zip`, 'unpack it, and give the files')
}

async function* bytesOf(slices: FileSlices, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += CHUNK_BYTES) {
    const bytes = slices.slice(at, Math.min(end, at + CHUNK_BYTES))
    if (bytes.length > 0) yield bytes
  }
}

/** The only way in which yauzl reads. */
class SlicesReader extends RandomAccessReader {
  private readonly slices: FileSlices

  constructor(slices: FileSlices) {
    super()
    this.slices = slices
  }

  /** It calls back at once, so that what yauzl throws is thrown to who asked for an entry. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const came = this.slices.read(buffer.subarray(offset, offset + length), position)
    callback(came === length ? null : new Error('unexpected end of file'))
  }
}

function nothing(): void {}
