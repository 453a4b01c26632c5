import { codes, isThere, type Magic, mayBegin } from './magic.ts'

/** How a stream of bytes is packed. */
export type Packing = 'gzip' | 'zstd' | 'xz' | 'bzip2'
/** How files are put into one. */
export type Container = 'tar' | 'zip'

const BZIP2_BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
const BZIP2_END = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
const BZIP2_LEVELS = codes('123456789')

const MAGICS: readonly (readonly [Packing | 'zip', readonly Magic[]])[] = [
  ['gzip', [{ magic: [0x1f, 0x8b] }]],
  // A frame of zstd, or one that its readers skip: pzstd begins with such a one (RFC 8878, 3.1.2).
  [
    'zstd',
    [{ magic: [0x28, 0xb5, 0x2f, 0xfd] }, ...range(0x50, 0x5f).map((byte) => ({ magic: [byte, 0x2a, 0x4d, 0x18] }))],
  ],
  ['xz', [{ magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] }]],
  [
    'bzip2',
    BZIP2_LEVELS.flatMap((level) =>
      [BZIP2_BLOCK, BZIP2_END].map((mark) => ({ magic: [...codes('BZh'), level, ...mark] })),
    ),
  ],
  // A file of a zip, its end where it has none, and the mark of one that was written to be split.
  [
    'zip',
    [
      [3, 4],
      [5, 6],
      [7, 8],
    ].map((mark) => ({ magic: [...codes('PK'), ...mark] })),
  ],
]

/** The outermost layer, by the first bytes. */
export function layerOf(head: Uint8Array): Packing | Container | undefined {
  for (const [layer, magics] of MAGICS) if (magics.some((magic) => isThere(magic, head))) return layer
  return isTar(head) ? 'tar' : undefined
}

/** True when these bytes are too few to know any layer but tar by, and may begin one. */
export function mayBePacked(head: Uint8Array): boolean {
  return MAGICS.some(([, magics]) => magics.some((magic) => mayBegin(magic, head)))
}

/** Bytes of a block of tar. */
export const TAR_BLOCK = 512
const USTAR: Magic = { magic: codes('ustar'), at: 257 }
const TAR_CHECKSUM = { at: 148, end: 156 }

function isTar(head: Uint8Array): boolean {
  return isThere(USTAR, head) || (head.length >= TAR_BLOCK && head[0] !== 0 && isTarHeader(head))
}

/**
 * True when these bytes may begin the header of a tar. A live text must not wait for 512 bytes: it has a line end
 * within them, as the name of a file, which a header begins with, seldom has.
 */
export function mayBeTar(head: Uint8Array): boolean {
  return head.length > 0 && head.length < TAR_BLOCK && head[0] !== 0 && head.every((byte) => byte === 0 || byte >= 0x20)
}

/**
 * True when the block has the checksum of its bytes (POSIX pax, ustar). Some old programs added them as signed bytes.
 */
export function isTarHeader(block: Uint8Array): boolean {
  const digits = Buffer.from(block.subarray(TAR_CHECKSUM.at, TAR_CHECKSUM.end)).toString('latin1')
  const written = /^ *([0-7]{1,8})[ \0]*$/.exec(digits)?.[1]
  if (written === undefined) return false
  let sum = 0
  let signed = 0
  for (let at = 0; at < TAR_BLOCK; at++) {
    const byte = at >= TAR_CHECKSUM.at && at < TAR_CHECKSUM.end ? 0x20 : (block[at] ?? 0)
    sum += byte
    signed += byte < 0x80 ? byte : byte - 0x100
  }
  const checksum = Number.parseInt(written, 8)
  return checksum === sum || checksum === signed
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
