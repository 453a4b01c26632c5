// A recording of a little-endian machine as one of a big-endian machine would have it: every integer is turned.
import { readAttribute } from '../../../../adapters/perf/data/attribute.ts'
import type { EventFormat } from '../../../../adapters/perf/data/format-text.ts'
import { readTracingData } from '../../../../adapters/perf/data/tracing-data.ts'
import { recordsIn } from './recordings.ts'

/** The bytes of the integers that a record of the kernel begins with, after its header; then text up to its trailer. */
const MEMBERS: ReadonlyMap<number, string> = new Map([
  [1, '44888'],
  [2, '88'],
  [3, '44'],
  [4, '44448'],
  [7, '44448'],
  [10, '44888448844'],
  [13, '8'],
  [15, '44'],
  [17, '8422'],
  [19, '8'],
])
const SAMPLE = 9
const HEADER_ATTR = 64
const TRACING_DATA = 66
const EVENT_UPDATE = 78
const FEATURE = 80
/** Features that are one text. */
const TEXTS = [3, 4, 5, 6, 8, 9]
const EVENT_DESC = 12
const ATTRIBUTE = '448888844888844842244888'

/** Turns integers one after the other. */
class Turner {
  at = 0
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** One of so many bytes; its value. */
  integer(size: number): number {
    const piece = this.bytes.subarray(this.at, this.at + size)
    const value = Number(Buffer.concat([piece, Buffer.alloc(8 - size)]).readBigUInt64LE())
    piece.reverse()
    this.at += size
    return value
  }

  /** Up to `end`. */
  integers(sizes: string, end = this.bytes.length): void {
    for (const size of sizes) if (this.at + Number(size) <= end) this.integer(Number(size))
  }

  text(length: number): void {
    this.at += length
  }

  string(): void {
    this.at = this.bytes.indexOf(0, this.at) + 1
  }
}

/** Of a recording of the pipe form, whose events are tracepoints with one layout of samples. */
export function bigEndian(bytes: Buffer): Buffer {
  const records = recordsIn(bytes)
  const sampleType = readAttribute(records[0]?.bytes.subarray(8) ?? bytes, true, 0).sampleType
  const tracing = records.find(({ type }) => type === TRACING_DATA)?.bytes ?? Buffer.alloc(0)
  const formats = readTracingData(tracing.subarray(tracing.readUInt16LE(6))).data.formats.map(({ format }) => format)
  const head = new Turner(Buffer.from(bytes.subarray(0, 16)))
  head.integers('88')
  return Buffer.concat([
    head.bytes,
    ...records.map(({ type, bytes: record }) => {
      const turner = new Turner(Buffer.from(record))
      turner.integers('422')
      turnContent(type, turner, sampleType, formats)
      return turner.bytes
    }),
  ])
}

function turnContent(type: number, turner: Turner, sampleType: number, formats: readonly EventFormat[]): void {
  const { bytes } = turner
  if (type === SAMPLE) turnSample(turner, sampleType, formats)
  else if (type === HEADER_ATTR) {
    turnAttribute(turner, bytes.readUInt32LE(12))
    while (turner.at + 8 <= bytes.length) turner.integer(8)
  } else if (type === TRACING_DATA) turnTracing(turner, bytes.readUInt16BE(6))
  else if (type === EVENT_UPDATE) turner.integers('88')
  else if (type === FEATURE) turnFeature(turner)
  else {
    const trailer = trailerOf(sampleType)
    const trailerAt = bytes.length - [...trailer].reduce((sum, size) => sum + Number(size), 0)
    turner.integers(MEMBERS.get(type) ?? '', trailerAt)
    if (type >= HEADER_ATTR) return
    turner.at = trailerAt
    turner.integers(trailer)
  }
}

/** The members that the bits ask for, in the order of a sample or of a trailer. */
function membersOf(sampleType: number, members: readonly (readonly [bit: number, sizes: string])[]): string {
  return members.map(([bit, sizes]) => (((sampleType >> bit) & 1) === 1 ? sizes : '')).join('')
}

function trailerOf(sampleType: number): string {
  return membersOf(sampleType, [
    [1, '44'],
    [2, '8'],
    [6, '8'],
    [9, '8'],
    [7, '44'],
    [16, '8'],
  ])
}

function turnSample(turner: Turner, sampleType: number, formats: readonly EventFormat[]): void {
  turner.integers(
    membersOf(sampleType, [
      [16, '8'],
      [0, '8'],
      [1, '44'],
      [2, '8'],
      [3, '8'],
      [6, '8'],
      [9, '8'],
      [7, '44'],
      [8, '8'],
    ]),
  )
  const has = (bit: number): boolean => ((sampleType >> bit) & 1) === 1
  if (has(5)) for (let left = turner.integer(8); left > 0; left--) turner.integer(8)
  if (!has(10)) return
  turner.integer(4)
  const raw = turner.at
  const id = turner.bytes.readUInt16LE(raw)
  for (const { offset, size, elementSize, form } of formats.find((format) => format.id === id)?.fields ?? []) {
    const element = form === 'array' ? elementSize : size
    turner.at = raw + offset
    for (let left = size / element; left > 0; left--) turner.integer(element)
  }
}

/** A compiler for a big-endian machine gives the first flag the highest bit. */
function turnAttribute(turner: Turner, size: number): void {
  const { bytes, at } = turner
  turner.integers(ATTRIBUTE, at + size)
  turner.at = at + size
  const flags = bytes
    .readBigUInt64BE(at + 40)
    .toString(2)
    .padStart(64, '0')
  bytes.writeBigUInt64BE(BigInt(`0b${[...flags].reverse().join('')}`), at + 40)
}

function turnFeature(turner: Turner): void {
  const feature = turner.integer(8)
  if (TEXTS.includes(feature)) turner.integer(4)
  if (feature !== EVENT_DESC) return
  const events = turner.integer(4)
  const size = turner.integer(4)
  for (let event = 0; event < events; event++) {
    turnAttribute(turner, size)
    const ids = turner.integer(4)
    turner.text(turner.integer(4))
    for (let id = 0; id < ids; id++) turner.integer(8)
  }
}

function turnTracing(turner: Turner, recordBytes: number): void {
  const { bytes } = turner
  turner.integer(4)
  turner.at = recordBytes + 10
  turner.string()
  bytes[turner.at] = 1
  turner.text(2)
  turner.integer(4)
  for (const _ of ['header_page', 'header_event']) {
    turner.string()
    turner.text(turner.integer(8))
  }
  const formats = (): void => {
    for (let left = turner.integer(4); left > 0; left--) turner.text(turner.integer(8))
  }
  formats()
  for (let systems = turner.integer(4); systems > 0; systems--) {
    turner.string()
    formats()
  }
  turner.text(turner.integer(4))
  turner.text(turner.integer(4))
  turner.text(turner.integer(8))
}
