// Records that follow one another in the input, each with a later time than the one before, or each with an earlier
// one.
import type { ClaimName, SeekableInput } from '../../../src/contract.ts'

/** Bytes of a recording that hold whole records, or the beginnings of some. */
export interface RecordBytes {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** Where they begin in the input, or in the stream that was unpacked. */
  readonly offset: number
  /** The claim that the records are of; undefined: each has been claimed itself. */
  readonly of: ClaimName | undefined
  /** They do not change, so that records can wait in them. */
  readonly isKept: boolean
}

/** Bytes that can be read again at any time. */
export function recordBytes(
  bytes: Uint8Array,
  offset: number,
  isKept: boolean,
  of: ClaimName | undefined = undefined,
): RecordBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset, of, isKept }
}

/** Where records are read again. */
export interface RunSource {
  /** Undefined: all bytes are kept. */
  readonly input: SeekableInput | undefined
  readonly isLittle: boolean
}

/** So much of a run is in memory, where it can be read again. No record is longer. */
const READ_BYTES = 64 * 1024
const NOTHING = recordBytes(new Uint8Array(0), 0, false)

export class Run {
  /** Of the next record. */
  key: number
  /** Runs of equal keys follow in the order in which they began. */
  readonly number: number
  /** Where the next record is in `bytes`. */
  at = 0
  recordEnd = 0
  /** The input ended before its last record: it became shorter while it was read. */
  isCut = false
  bytes: RecordBytes = NOTHING
  /** Of the first record that is left, and after the last one. */
  private start: number
  private end: number
  /** Where the records that are left begin, of a run that descends. */
  private starts: number[] | undefined
  private records = 1
  private readonly kept: RecordBytes | undefined

  /** Of one record in `bytes`. */
  constructor(key: number, number: number, bytes: RecordBytes, at: number, end: number) {
    this.key = key
    this.number = number
    this.start = bytes.offset + at
    this.end = bytes.offset + end
    this.kept = bytes.isKept ? bytes : undefined
  }

  /** True where these bytes follow its last record. */
  isBefore(bytes: RecordBytes, at: number): boolean {
    return this.end === bytes.offset + at && (!bytes.isKept || this.kept === bytes)
  }

  /** Adds the record that follows it. False: its time does not fit. `last`: the key of the record before. */
  extend(key: number, last: number, end: number): boolean {
    const { starts, records } = this
    if (starts !== undefined) {
      if (key >= last) return false
      starts.push(this.end)
      this.key = key
    } else if (key < last) {
      if (records !== 1) return false
      this.starts = [this.start, this.end]
      this.key = key
    }
    this.records = records + 1
    this.end = end
    return true
  }

  /** Bytes without a place in the order follow it. */
  pass(end: number): void {
    if (this.starts === undefined) this.end = end
  }

  /** Goes to the first record that is to be given. False: the input does not have it any more. */
  begin(source: RunSource): boolean {
    const { starts } = this
    return this.moveTo(starts === undefined ? this.start : (starts.at(-1) ?? this.start), source)
  }

  /** Goes on to the next record. False: this was the last one, or the input ends before it. */
  advance(source: RunSource): boolean {
    const { starts } = this
    if (starts === undefined) {
      this.start = this.bytes.offset + this.recordEnd
      return this.start < this.end && this.moveTo(this.start, source)
    }
    starts.pop()
    const next = starts.at(-1)
    return next !== undefined && this.moveTo(next, source)
  }

  /** Whether records follow one another in the input: the next one may have no place in the order. */
  get ascends(): boolean {
    return this.starts === undefined
  }

  /** What can be read again needs no memory until then. */
  forget(): void {
    if (this.kept === undefined) this.bytes = NOTHING
  }

  private moveTo(offset: number, { input, isLittle }: RunSource): boolean {
    const { kept } = this
    if (kept !== undefined) this.bytes = kept
    this.at = offset - this.bytes.offset
    if (this.findEnd(isLittle)) return true
    if (kept !== undefined || input === undefined) return false
    // Backwards, what comes before is read along.
    const from = this.starts === undefined ? offset : Math.max(0, offset - READ_BYTES / 2)
    this.bytes = recordBytes(input.slice(from, Math.min(this.end, offset + READ_BYTES)), from, false)
    this.at = offset - from
    this.isCut = !this.findEnd(isLittle)
    return !this.isCut
  }

  /** False: the record is not in `bytes` to its end. */
  private findEnd(isLittle: boolean): boolean {
    const { view } = this.bytes
    const { at } = this
    if (at < 0 || at + 8 > view.byteLength) return false
    this.recordEnd = at + view.getUint16(at + 6, isLittle)
    return this.recordEnd >= at + 8 && this.recordEnd <= view.byteLength
  }
}
