import { nameOf } from '../text/file-name.ts'

/** A block of tar that says what comes after it. */
export interface TarHeader {
  /** As it is in the block; a block before it may have given another. */
  readonly name: string
  /** Bytes of data after the block. */
  readonly size: number
  /** The type of the entry, one character: `0` for a file. */
  readonly type: string
  /** Blocks with the map of an old sparse file of GNU's come before its data. */
  readonly hasMapBlocks: boolean
}

/**
 * The fields of a block that has the checksum of its bytes (POSIX pax, ustar). Undefined where its size cannot be read.
 */
export function tarHeader(block: Buffer): TarHeader | undefined {
  const size = numberIn(block.subarray(124, 136))
  if (size === undefined) return undefined
  const name = textIn(block, 0, 100)
  // Only ustar has a prefix there; GNU's magic ends with blanks, and it has times in that place.
  const isUstar = block.subarray(257, 263).equals(USTAR)
  const prefix = isUstar ? textIn(block, 345, 500) : ''
  const type = String.fromCharCode(block[156] ?? 0)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: WITHOUT_DATA.has(type) ? 0 : size,
    type,
    hasMapBlocks: type === 'S' && block[482] !== 0,
  }
}

/** Links, devices, folders and FIFOs, whose size means something else. */
const WITHOUT_DATA = new Set(['2', '3', '4', '5', '6'])
const USTAR = Buffer.from('ustar\0')

function textIn(block: Buffer, start: number, end: number): string {
  return untilNul(block.subarray(start, end))
}

/** A name that a block of its own has. */
export function untilNul(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0)
  return nameOf(nul < 0 ? bytes : bytes.subarray(0, nul))
}

/** Octal digits, or with the highest bit set the number itself, as GNU tar writes sizes from 8 GiB on. */
function numberIn(field: Buffer): number | undefined {
  const [first = 0] = field
  if (first === 0x80) {
    const number = field.readBigUInt64BE(field.length - 8)
    const isShort = field.subarray(1, -8).every((byte) => byte === 0)
    return isShort && number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : undefined
  }
  const digits = /^ *(?:([0-7]{1,12})[ \0]*|\0[ \0]*)?$/.exec(field.toString('latin1'))
  return digits === null ? undefined : Number.parseInt(digits[1] ?? '0', 8)
}

/**
 * The records of a pax block, `21 path=dir/perf.txt\n` (POSIX pax, "pax Extended Header File Format"). Undefined where
 * they are damaged.
 */
export function paxRecords(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at)
    const digits = blank < 0 ? '' : bytes.toString('latin1', at, Math.min(blank, at + 10))
    const end = at + Number(digits)
    const equals = bytes.indexOf(0x3d, blank)
    const isWhole = /^\d+$/.test(digits) && equals > blank && equals < end && bytes[end - 1] === 0x0a
    if (!isWhole) return undefined
    records.set(bytes.toString('latin1', blank + 1, equals), nameOf(bytes.subarray(equals + 1, end - 1)))
    at = end
  }
  return records
}
