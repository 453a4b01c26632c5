// The raw data of a tracepoint's sample, read by the fields of its format.
import type { FormatField } from './format-text.ts'
import type { Sample } from './sample.ts'

/** A span of a sample's bytes. */
export interface RawSpan {
  readonly start: number
  readonly end: number
}

const NOTHING: RawSpan = { start: 0, end: 0 }

/** One object shows the samples of an event one after the other. */
export class RawData {
  /** A field points beyond the raw data. */
  isCut = false
  /** Bytes of a long of the recorded kernel. */
  readonly longBytes: number
  private sample: Sample | undefined
  private shown: Uint8Array | undefined
  private buffer: Buffer = Buffer.alloc(0)

  constructor(longBytes: number) {
    this.longBytes = longBytes
  }

  show(sample: Sample): void {
    const { bytes } = sample
    if (this.shown !== bytes) {
      this.shown = bytes
      this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    this.sample = sample
    this.isCut = false
  }

  /** The raw data has all of the field. */
  holds({ offset, size }: FormatField): boolean {
    const { sample } = this
    return sample !== undefined && sample.raw + offset + size <= sample.rawEnd
  }

  /** The integer of a field of the form `value`. 0 where the raw data ends before it. */
  bigint(field: FormatField): bigint {
    const { sample } = this
    if (sample === undefined || !this.holds(field)) return 0n
    return this.bigintAt(sample.raw + field.offset, field.size, field.isSigned)
  }

  /** The same as a number, of a field of at most 4 bytes. */
  number(field: FormatField): number {
    const { sample } = this
    if (sample === undefined || !this.holds(field)) return 0
    return numberAt(sample, sample.raw + field.offset, field.size, field.isSigned)
  }

  /** An integer in the sample's bytes. */
  bigintAt(at: number, size: number, isSigned: boolean): bigint {
    const { sample } = this
    if (sample === undefined) return 0n
    if (size !== 8) return BigInt(numberAt(sample, at, size, isSigned))
    return isSigned ? sample.view.getBigInt64(at, sample.isLittle) : sample.view.getBigUint64(at, sample.isLittle)
  }

  /** Where the bytes of a field are. Empty, and `isCut`: not in the raw data. */
  span(field: FormatField): RawSpan {
    const { sample } = this
    if (sample === undefined || !this.holds(field)) return this.cut()
    const at = sample.raw + field.offset
    if (field.form === 'value' || field.form === 'array') return { start: at, end: at + field.size }
    const place = sample.view.getUint32(at, sample.isLittle)
    const start = (field.form === 'rel_loc' ? at + 4 : sample.raw) + (place & 0xffff)
    const end = start + (place >>> 16)
    return end > sample.rawEnd ? this.cut() : { start, end }
  }

  /** Text up to the first NUL, latin1. */
  text({ start, end }: RawSpan): string {
    const { buffer } = this
    let stop = start
    while (stop < end && buffer[stop] !== 0) stop++
    return buffer.toString('latin1', start, stop)
  }

  byte(at: number): number {
    return this.buffer[at] ?? 0
  }

  hex({ start, end }: RawSpan): string {
    return this.buffer.toString('hex', start, end)
  }

  get isLittle(): boolean {
    return this.sample?.isLittle !== false
  }

  private cut(): RawSpan {
    this.isCut = true
    return NOTHING
  }
}

function numberAt({ view, isLittle }: Sample, at: number, size: number, isSigned: boolean): number {
  if (size === 4) return isSigned ? view.getInt32(at, isLittle) : view.getUint32(at, isLittle)
  if (size === 2) return isSigned ? view.getInt16(at, isLittle) : view.getUint16(at, isLittle)
  return isSigned ? view.getInt8(at) : view.getUint8(at)
}
