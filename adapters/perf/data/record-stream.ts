// The records of a recording, one after the other, as they stand in it.
import type { ClaimName, Out, Reject } from '../../../src/contract.ts'
import { byteOrder } from './file-header.ts'
import { LAST_KNOWN, learnPerfRecord, PERF, refusalOf } from './perf-records.ts'
import { FIRST_OF_PERF, type Recording } from './recording.ts'
import { type RecordBytes, recordBytes } from './run.ts'
import { PieceUnpacker } from './unpacker.ts'

const HEADER_BYTES = 8
/** What is longer than a window can hold is claimed so. */
export const PIECE_BYTES = 64 * 1024
/** Formats of all events of a kernel. */
const MOST_TRACING_BYTES = 128 * 1024 * 1024
const NOTHING = new Uint8Array(0)

export const CUT_RECORD: Reject = { word: 'truncated', text: 'the recording ends within a record' }
export const NO_RECORD: Reject = { word: 'malformed', text: 'no record: its size is not that of one' }
const BROKEN_STREAM: Reject = { word: 'malformed', text: 'a compressed record that cannot be unpacked' }

/** What a step came to: where the next one begins, or why there is none. */
export type StreamStep = number | 'more' | 'lost' | 'cut' | 'foreign' | 'stopped'

/** Bytes after a record that its size does not count. */
interface Body {
  left: number
  /** Of the tracing data, what came so far; undefined: the bytes are passed over. */
  readonly pieces: Uint8Array[] | undefined
}

export class RecordStream {
  private body: Body | undefined
  private readonly unpacker = new PieceUnpacker()
  /** The beginning of a record whose end is in the next compressed one. */
  private half = NOTHING
  private unpackedBytes = 0
  private broken = 0
  private readonly recording: Recording

  constructor(recording: Recording) {
    this.recording = recording
  }

  /** The records of the next file of a folder: their compressed stream begins anew. */
  next(): RecordStream {
    this.finish()
    return new RecordStream(this.recording)
  }

  /** No bytes follow. */
  finish(): void {
    this.recording.broken += this.broken + (this.half.length > 0 ? 1 : 0)
    this.broken = 0
    this.half = NOTHING
  }

  /** Claims the record at `at`, or a piece of it. Records end before `end`, where that is known. */
  step(window: RecordBytes, at: number, end: number, out: Out): StreamStep {
    if (this.body !== undefined) return this.takeBody(this.body, window, at, end, out)
    const { view } = window
    const available = view.byteLength
    if (at + HEADER_BYTES > available) return at + HEADER_BYTES > end ? 'cut' : 'more'
    const { isLittle } = this.recording
    const type = view.getUint32(at, isLittle)
    if (type > LAST_KNOWN && isForeign(window.bytes, at)) return 'foreign'
    const size = this.sizeAt(type, view, at)
    if (size === 'more') return 'more'
    if (size < HEADER_BYTES) return 'lost'
    if (at + size > end) return 'cut'
    const next = at + size
    if (next > available) return 'more'
    return this.takeRecord(type, window, at, next, out) ? next : 'stopped'
  }

  /** Some perfs write a size that does not fit its 16 bits (COMPRESSED2, 6.16 to 7.x): the length after it is right. */
  private sizeAt(type: number, view: DataView, at: number): number | 'more' {
    const { isLittle } = this.recording
    const size = view.getUint16(at + 6, isLittle)
    if (type !== PERF.compressed2) return size
    if (at + 16 > view.byteLength) return 'more'
    const packed = Number(view.getBigUint64(at + 8, isLittle))
    return ((16 + packed + 7) & ~7) !== size && packed <= 65519 ? 16 + packed : size
  }

  private takeRecord(type: number, window: RecordBytes, at: number, end: number, out: Out): boolean {
    const { recording } = this
    if (type < FIRST_OF_PERF) {
      const verdict = recording.judge(type, window, at, end)
      if (typeof verdict === 'object') return this.refuse(verdict, window, at, end, out)
      out.claim(verdict, end)
      recording.enter(window, at, end)
      return true
    }
    const refusal = refusalOf(type, end - at)
    if (refusal !== undefined) return this.refuse(refusal, window, at, end, out)
    if (type === PERF.compressed || type === PERF.compressed2) return this.takeCompressed(type, window, at, end, out)
    out.claim('structure', end)
    recording.order.pass(window, at, end)
    if (type === PERF.finishedRound) recording.order.endRound()
    else if (type > LAST_KNOWN) recording.countUnknown(type)
    else this.learn(type, window, at, end, out)
    return true
  }

  private refuse(why: Reject, window: RecordBytes, at: number, end: number, out: Out): boolean {
    if (!out.reject(why, end, at)) return false
    this.recording.order.pass(window, at, end)
    return true
  }

  private learn(type: number, window: RecordBytes, at: number, end: number, out: Out): void {
    const { recording } = this
    const { view } = window
    if (type === PERF.tracingData) {
      const left = view.getUint32(at + HEADER_BYTES, recording.isLittle)
      this.body = { left, pieces: left <= MOST_TRACING_BYTES ? [] : undefined }
    } else if (type === PERF.auxTrace) {
      this.body = { left: Number(view.getBigUint64(at + HEADER_BYTES, recording.isLittle)), pieces: undefined }
    } else learnPerfRecord(type, window, at, end, recording, out)
    if (this.body?.left === 0) this.body = undefined
  }

  private takeBody(body: Body, { bytes }: RecordBytes, at: number, end: number, out: Out): StreamStep {
    if (at + body.left > end) {
      this.body = undefined
      return 'cut'
    }
    const piece = Math.min(body.left, PIECE_BYTES)
    if (at + piece > bytes.length) return 'more'
    out.claim('structure', at + piece)
    body.pieces?.push(bytes.slice(at, at + piece))
    body.left -= piece
    if (body.left === 0) {
      this.body = undefined
      if (body.pieces !== undefined) this.recording.addTracing(Buffer.concat(body.pieces))
    }
    return at + piece
  }

  private takeCompressed(type: number, window: RecordBytes, at: number, end: number, out: Out): boolean {
    const { bytes, view } = window
    const { isLittle, mostUnpacked } = this.recording
    const isSecond = type === PERF.compressed2
    const start = at + (isSecond ? 16 : 8)
    const length = isSecond ? Number(view.getBigUint64(at + 8, isLittle)) : end - start
    const packed = bytes.subarray(start, Math.min(start + length, end))
    const unpacked = this.unpacker.unpack(packed, this.half, mostUnpacked)
    if (unpacked === undefined) return this.refuse(BROKEN_STREAM, window, at, end, out)
    out.claim('data', end)
    this.takeUnpacked(unpacked, out.keep())
    return true
  }

  /** Records of a stream that was compressed: the claim is of the record that has their end. */
  private takeUnpacked(bytes: Uint8Array, of: ClaimName): void {
    const { recording } = this
    const { isLittle } = recording
    const unpacked = recordBytes(bytes, this.unpackedBytes, true, of)
    const { view } = unpacked
    let at = 0
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + view.getUint16(at + 6, isLittle)
      if (end < at + HEADER_BYTES) {
        this.unpacker.isBroken = true
        this.broken++
        at = bytes.length
      }
      if (end > bytes.length) break
      const type = view.getUint32(at, isLittle)
      if (type >= FIRST_OF_PERF || typeof recording.judge(type, unpacked, at, end) === 'object') this.broken++
      else recording.enter(unpacked, at, end)
      at = end
    }
    this.half = bytes.slice(at)
    this.unpackedBytes += at
  }
}

/**
 * True where another recording begins, or a line that perf prints (`[ perf record: Woken up 1 times …`): a pipe says
 * nowhere that it ends, and letters make a type and a size, too.
 */
function isForeign(bytes: Uint8Array, at: number): boolean {
  const head = Buffer.from(bytes.subarray(at, at + HEADER_BYTES)).toString('latin1')
  return byteOrder(head) !== undefined || head.startsWith('[ perf ')
}
