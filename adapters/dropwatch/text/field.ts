import { digitsEnd, hexEnd, uint } from '../../../src/text/scan.ts'
import { localTime, TIMESTAMP_BYTES } from './timestamp.ts'

/**
 * The lines of a packet block, as numbers in the order in which every version prints them. All but the first are
 * optional. See docs/formats/dropwatch.md, "Packet blocks".
 */
export const RANK = {
  head: 1,
  origin: 2,
  ifindex: 3,
  name: 4,
  cookie: 5,
  timestamp: 6,
  protocol: 7,
  length: 8,
  originalLength: 9,
  reason: 10,
} as const

const LABELS: readonly string[] = [
  '',
  '',
  'origin: ',
  'input port ifindex: ',
  'input port name: ',
  'cookie: ',
  'timestamp: ',
  'protocol: 0x',
  'length: ',
  'original length: ',
  'drop reason: ',
]

/** What the lines of one block say. Undefined: there was no such line, or its value was not sure. */
export class BlockFields {
  /** The rank of the last line that was read. */
  rank: number = RANK.head
  origin: 'software' | 'hardware' | undefined = undefined
  /** `origin:` was printed, also `unknown`. All releases print it, the development builds of 2019 do not. */
  hasOrigin = false
  ifindex: string | undefined = undefined
  /** latin1. */
  name: string | undefined = undefined
  cookie: string | undefined = undefined
  local: string | undefined = undefined
  /** Hexadecimal digits. */
  protocol: string | undefined = undefined
  length: number | undefined = undefined
  originalLength: number | undefined = undefined
  reason: string | undefined = undefined
}

const LARGEST_IFINDEX = 0xffffffff
const LONGEST_REASON = 128

/** The rank of the line that begins at `at`, by its label. 0: it has none of these labels. */
export function rankAt(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case 0x6f: // o
      if (text.startsWith('origin: ', at)) return RANK.origin
      return text.startsWith('original length: ', at) ? RANK.originalLength : 0
    case 0x69: // i
      if (text.startsWith('input port ifindex: ', at)) return RANK.ifindex
      return text.startsWith('input port name: ', at) ? RANK.name : 0
    case 0x63: // c
      return text.startsWith('cookie: ', at) ? RANK.cookie : 0
    case 0x74: // t
      return text.startsWith('timestamp: ', at) ? RANK.timestamp : 0
    case 0x70: // p
      return text.startsWith('protocol: 0x', at) ? RANK.protocol : 0
    case 0x6c: // l
      return text.startsWith('length: ', at) ? RANK.length : 0
    case 0x64: // d
      return text.startsWith('drop reason: ', at) ? RANK.reason : 0
    default:
      return 0
  }
}

/** The label of a line of this rank. */
export function labelOf(rank: number): string {
  return LABELS[rank] ?? ''
}

/** True when `text` begins a label of a rank above `rank`, or begins with such a label. */
export function beginsField(text: string, rank: number): boolean {
  if (text === '') return false
  return LABELS.some((label, of) => of > rank && label !== '' && (label.startsWith(text) || text.startsWith(label)))
}

/**
 * Reads the value of the line `[at, end)` whose label has this rank. Returns the offset where the value ends: `end`,
 * or the blank before somebody's note. -1: the value is damaged, and `fields` are unchanged.
 */
export function readField(fields: BlockFields, rank: number, text: string, at: number, end: number): number {
  const start = at + labelOf(rank).length
  switch (rank) {
    case RANK.origin:
      return readOrigin(fields, text, start, end)
    case RANK.ifindex:
      return readIfindex(fields, text, start, end)
    case RANK.name:
      return readName(fields, text, start, end)
    case RANK.cookie:
      return readCookie(fields, text, start, end)
    case RANK.timestamp:
      return readTimestamp(fields, text, start, end)
    case RANK.protocol:
      return readProtocol(fields, text, start, end)
    case RANK.length:
    case RANK.originalLength:
      return readLength(fields, rank, text, start, end)
    default:
      return readReason(fields, text, start, end)
  }
}

function readOrigin(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = wordEnd(text, start, end)
  const word = text.slice(start, stop)
  if (word !== 'software' && word !== 'hardware' && word !== 'unknown') return -1
  fields.origin = word === 'unknown' ? undefined : word
  fields.hasOrigin = true
  return stop
}

function readIfindex(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = digitsEnd(text, start)
  const ifindex = closes(text, stop, end) ? uint(text, start, stop) : undefined
  if (ifindex === undefined || ifindex > LARGEST_IFINDEX) return -1
  fields.ifindex = text.slice(start, stop)
  return stop
}

function readName(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = wordEnd(text, start, end)
  if (stop === start) return -1
  fields.name = text.slice(start, stop)
  return stop
}

function readCookie(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = hexEnd(text, start)
  if (!closes(text, stop, end) || (stop - start) % 2 !== 0) return -1
  if (stop > start) fields.cookie = text.slice(start, stop).toLowerCase()
  return stop
}

function readTimestamp(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = start + TIMESTAMP_BYTES
  const local = closes(text, stop, end) ? localTime(text, start) : undefined
  if (local === undefined) return -1
  fields.local = local
  return stop
}

function readProtocol(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = hexEnd(text, start)
  if (!closes(text, stop, end) || stop === start || stop - start > 4) return -1
  fields.protocol = text.slice(start, stop)
  return stop
}

function readLength(fields: BlockFields, rank: number, text: string, start: number, end: number): number {
  const stop = digitsEnd(text, start)
  const bytes = closes(text, stop, end) ? uint(text, start, stop) : undefined
  if (bytes === undefined) return -1
  if (rank === RANK.length) fields.length = bytes
  else fields.originalLength = bytes
  return stop
}

function readReason(fields: BlockFields, text: string, start: number, end: number): number {
  const stop = nameEnd(text, start, end)
  if (stop === start || stop - start > LONGEST_REASON || !closes(text, stop, end)) return -1
  fields.reason = text.slice(start, stop)
  return stop
}

/** A value ends where the line does, or at a blank. */
function closes(text: string, stop: number, end: number): boolean {
  if (stop >= end) return stop === end
  const c = text.charCodeAt(stop)
  return c === 32 || c === 9
}

function wordEnd(text: string, start: number, end: number): number {
  let at = start
  while (at < end && text.charCodeAt(at) !== 32 && text.charCodeAt(at) !== 9) at++
  return at
}

/** Offset after a name of the kernel's enum, `[A-Z][A-Z0-9_]*`. */
function nameEnd(text: string, start: number, end: number): number {
  let at = start
  while (at < end && isNameByte(text.charCodeAt(at), at > start)) at++
  return at
}

function isNameByte(c: number, isInner: boolean): boolean {
  return (c >= 65 && c <= 90) || (isInner && ((c >= 48 && c <= 57) || c === 95))
}
