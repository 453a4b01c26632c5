import { type Damage, EARLY } from './damage.ts'
import type { Pieces } from './pieces.ts'

const MAGIC = 0xfd2fb528
/** The first of the sixteen magic numbers of frames that are skipped. */
const SKIPPABLE = 0x184d2a50
const LONGEST_BLOCK = 128 * 1024
const CHECKSUM_BYTES = 4
const SINGLE_SEGMENT = 0x20
const CHECKSUM = 0x04
const DICTIONARY_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const RLE = 1
const RESERVED = 3

/**
 * The frames of zstd in units: a header, a block, a checksum (RFC 8878, 3.1.1). Frames that are skipped are left out.
 * Throws what `damage` makes where they end early, or are no frames.
 */
export async function* zstdUnits(packed: Pieces, damage: Damage): AsyncGenerator<Uint8Array> {
  const exactly = async (count: number): Promise<Buffer> => {
    const bytes = await packed.exactly(count)
    if (bytes === undefined) throw damage(EARLY)
    return bytes
  }
  for (let first = await packed.some(1); first !== undefined; first = await packed.some(1)) {
    packed.giveBack(1)
    const start = await exactly(4)
    const magic = start.readUInt32LE(0)
    if (magic === MAGIC) yield* frame(start, exactly, damage)
    else if (magic - (magic & 0xf) === SKIPPABLE) await skip(packed, (await exactly(4)).readUInt32LE(0), damage)
    else throw damage(`the bytes before ${packed.taken} are not a frame`)
  }
}

type Exactly = (count: number) => Promise<Buffer>

async function* frame(magic: Buffer, exactly: Exactly, damage: Damage): AsyncGenerator<Uint8Array> {
  const descriptor = await exactly(1)
  const [flags = 0] = descriptor
  yield Buffer.concat([magic, descriptor, await exactly(headerBytes(flags))])
  for (let isLast = false; !isLast; ) {
    const header = await exactly(3)
    const word = header.readUIntLE(0, 3)
    const type = (word >> 1) & 3
    const size = type === RLE ? 1 : word >> 3
    isLast = (word & 1) === 1
    if (type === RESERVED || size > LONGEST_BLOCK) throw damage('its data are damaged')
    yield Buffer.concat([header, await exactly(size)])
  }
  if (flags & CHECKSUM) yield await exactly(CHECKSUM_BYTES)
}

/** What comes after the descriptor: the size of the window, the number of a dictionary, the size of the content. */
function headerBytes(flags: number): number {
  const isSingle = (flags & SINGLE_SEGMENT) !== 0
  const content = CONTENT_SIZE_BYTES[flags >> 6] ?? 0
  return (isSingle ? Math.max(1, content) : content + 1) + (DICTIONARY_BYTES[flags & 3] ?? 0)
}

async function skip(packed: Pieces, bytes: number, damage: Damage): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const piece = await packed.some(left)
    if (piece === undefined) throw damage(EARLY)
    left -= piece.length
  }
}
