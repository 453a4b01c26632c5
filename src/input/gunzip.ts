import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { type Damage, damageOf, EARLY } from './damage.ts'
import { layerOf } from './layer.ts'
import type { Pieces } from './pieces.ts'

/**
 * The bytes that zlib gets at a time. Where the deflated data are damaged, what it made of that piece is lost.
 */
const PIECE_BYTES = 4 * 1024
const CHUNK_BYTES = 64 * 1024

const HEADER_CHECKSUM = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16

/**
 * The content of gzip's members, one after the other (RFC 1952). Node's Gunzip is not used: at a wrong checksum, or
 * rubbish after a good member, it loses good bytes before. Throws InputError after all good bytes were given.
 */
export async function* gunzip(packed: Pieces, path: string): AsyncGenerator<Uint8Array> {
  const broken = damageOf(path, 'gzip')
  do {
    await skipHeader(packed, broken)
    let checksum = 0
    let bytes = 0
    for await (const chunk of inflated(packed, broken)) {
      checksum = crc32(chunk, checksum)
      bytes += chunk.length
      yield chunk
    }
    const trailer = await packed.exactly(8)
    if (trailer === undefined) throw broken(EARLY)
    if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== bytes % 2 ** 32)
      throw broken(`the checksum before byte ${packed.taken} is of other bytes`)
  } while (await hasMember(packed))
}

/** Zeros may follow, as on tapes. Anything else is read as a header, which refuses what is not a member. */
async function hasMember(packed: Pieces): Promise<boolean> {
  for (let piece = await packed.some(1); piece !== undefined; piece = await packed.some(1)) {
    if (piece[0] === 0) continue
    packed.giveBack(1)
    return true
  }
  return false
}

async function skipHeader(packed: Pieces, broken: Damage): Promise<void> {
  const header = async (count: number): Promise<Buffer> => {
    const bytes = await packed.exactly(count)
    if (bytes === undefined) throw broken(EARLY)
    return bytes
  }
  const magic = await packed.exactly(2)
  if (magic === undefined || layerOf(magic) !== 'gzip')
    throw broken(`the bytes before ${packed.taken} are not a gzip header`)
  const [method = 0, flags = 0] = await header(8)
  if (method !== 8) throw broken(`its method ${method} is unknown`)
  if (flags & EXTRA) for (let left = (await header(2)).readUInt16LE(0); left > 0; left--) await header(1)
  for (const text of [NAME, COMMENT]) if (flags & text) while ((await header(1))[0] !== 0);
  if (flags & HEADER_CHECKSUM) await header(2)
}

/** One deflated stream, to its last byte; what comes after it is given back. */
export async function* inflated(packed: Pieces, broken: Damage): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: CHUNK_BYTES })
  const chunks: Buffer[] = []
  const failures: Error[] = []
  inflater.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', (error) => failures.push(error))
  try {
    for (;;) {
      const piece = await packed.some(PIECE_BYTES)
      if (piece === undefined) throw broken(EARLY)
      const before = inflater.bytesWritten
      await written(inflater, piece)
      yield* chunks.splice(0)
      for (const { message } of failures) throw broken(message)
      const used = inflater.bytesWritten - before
      if (used === piece.length) continue
      packed.giveBack(piece.length - used)
      return
    }
  } finally {
    inflater.destroy()
  }
}

/** Waits until zlib has taken all that it needs of a piece. */
function written(inflater: InflateRaw, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      inflater.off('close', done)
      resolve()
    }
    inflater.once('close', done)
    inflater.write(piece, done)
  })
}
