// The header of the file form, and where its sections are (tools/perf/util/header.h, perf 5.10 to 7.2).

const FILE_HEADER_BYTES = 104
export const PIPE_HEADER_BYTES = 16
const LITTLE = 'PERFILE2'
const BIG = '2ELIFREP'
const OLD = 'PERFFILE'
const MAGIC_BYTES = 8
const FEATURE_BITS = 256
/** HOSTNAME, which perf always writes. */
const ALWAYS = 3
const LEAST_ENTRY = 80
const MOST_ENTRY = 4096

/** A part of the file. */
export interface Section {
  readonly start: number
  readonly end: number
}

export interface FileHeader {
  readonly form: 'file'
  readonly isLittle: boolean
  /** Of the header itself. */
  readonly bytes: number
  /** Bytes of an entry of the attributes: `perf_event_attr`, then the section of its ids. */
  readonly entryBytes: number
  readonly attributes: Section
  /** Undefined end: killed, records up to the end of the file. */
  readonly data: Section
  /** Killed before it was finished: there are no features. */
  readonly isOpen: boolean
  /** By bit, in ascending order. */
  readonly features: readonly number[]
}

export interface PipeHeader {
  readonly form: 'pipe'
  readonly isLittle: boolean
}

/** A sentence: why this is no recording that can be read. */
export interface HeaderRefusal {
  readonly form: 'refused'
  readonly why: string
}

/** The byte order by the magic. Undefined: these bytes do not begin a recording. */
export function byteOrder(head: string): 'little' | 'big' | 'old' | undefined {
  switch (head.slice(0, MAGIC_BYTES)) {
    case LITTLE:
      return 'little'
    case BIG:
      return 'big'
    case OLD:
      return 'old'
    default:
      return undefined
  }
}

/** True for the beginnings of a magic. */
export function mayBeRecording(head: string): boolean {
  return [LITTLE, BIG, OLD].some((magic) => magic.startsWith(head.slice(0, MAGIC_BYTES)))
}

/** True when a recording begins so and is of the file form: names, host and clock are after the records. */
export function isFileForm(head: string): boolean {
  const order = byteOrder(head)
  if (order === undefined || head.length < PIPE_HEADER_BYTES) return false
  return head.charCodeAt(order === 'big' ? 15 : 8) !== PIPE_HEADER_BYTES
}

/** The header in the first bytes, at least 16 of them. Undefined: more bytes are needed. */
export function readHeader(bytes: Uint8Array): FileHeader | PipeHeader | HeaderRefusal | undefined {
  const order = byteOrder(Buffer.from(bytes.subarray(0, MAGIC_BYTES)).toString('latin1'))
  if (order === undefined) return { form: 'refused', why: 'it does not begin with the magic of perf.data' }
  if (order === 'old') return { form: 'refused', why: 'a recording of a perf before 2012, whose format is not read' }
  const isLittle = order === 'little'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const size = Number(view.getBigUint64(8, isLittle))
  if (size === PIPE_HEADER_BYTES) return { form: 'pipe', isLittle }
  if (size !== FILE_HEADER_BYTES && size !== NO_FEATURES_BYTES)
    return { form: 'refused', why: `a header of ${size} bytes, where perf.data has 104, or 16 in a pipe` }
  if (bytes.length < size) return undefined
  const entryBytes = Number(view.getBigUint64(16, isLittle))
  if (entryBytes < LEAST_ENTRY || entryBytes > MOST_ENTRY)
    return { form: 'refused', why: `its attributes have ${entryBytes} bytes each, which no version of perf writes` }
  const data = sectionAt(view, 40, isLittle)
  return {
    form: 'file',
    isLittle,
    bytes: size,
    entryBytes,
    attributes: sectionAt(view, 24, isLittle),
    data,
    isOpen: data.end === data.start,
    features: size === FILE_HEADER_BYTES ? featureBits(view, isLittle) : [],
  }
}

const NO_FEATURES_BYTES = 72

/** The section whose offset and size are at `at`. */
export function sectionAt(view: DataView, at: number, isLittle: boolean): Section {
  const start = Number(view.getBigUint64(at, isLittle))
  return { start, end: start + Number(view.getBigUint64(at + 8, isLittle)) }
}

/** A recorder of 32 bits and big endian swaps the halves of each u64 of the bitmap. */
function featureBits(view: DataView, isLittle: boolean): readonly number[] {
  const wide = bitsBy((word) => view.getBigUint64(72 + 8 * word, isLittle))
  if (wide.includes(ALWAYS) || isLittle) return wide
  const swapped = bitsBy((word) => {
    const at = 72 + 8 * word
    return (BigInt(view.getUint32(at + 4, isLittle)) << 32n) | BigInt(view.getUint32(at, isLittle))
  })
  return swapped.includes(ALWAYS) ? swapped : wide
}

function bitsBy(wordOf: (word: number) => bigint): readonly number[] {
  return Array.from({ length: FEATURE_BITS }, (_, bit) => bit).filter(
    (bit) => ((wordOf(bit >> 6) >> BigInt(bit & 63)) & 1n) === 1n,
  )
}
