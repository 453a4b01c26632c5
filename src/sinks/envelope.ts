import { Batch, type BatchLimits } from '../envelopes/batch.ts'
import type { BodyPiece, Envelope, EnvelopeLines } from '../envelopes/envelope.ts'
import type { FilingTime, RecordTimes } from '../envelopes/time.ts'
import { lineOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import { faultInLine, type SpotCheck, WRONG_LINE } from '../event/spot-check.ts'
import { LONGEST_LINE_BYTES, trim } from '../event/trim.ts'
import type { Unfit } from '../event/unfit.ts'
import type { Output } from '../output/output.ts'
import { repeatsOf } from './line-sink.ts'
import { RepeatedLines } from './repeated-line.ts'
import type { Sink } from './sink.ts'

/** A sink whose last body is written when all records came. */
export interface EnvelopeSink extends Sink {
  finish(): void
}

/** Encodes records, each with the time that it is filed under. */
export class Encoder {
  readonly envelope: Envelope
  readonly times: RecordTimes
  readonly check: SpotCheck

  constructor(envelope: Envelope, times: RecordTimes, check: SpotCheck) {
    this.envelope = envelope
    this.times = times
    this.check = check
  }

  /** A text says what is wrong with the event's line. */
  encode(record: EventRecord): BodyPiece | Unfit | string {
    const time = this.times.of(record)
    if ('unfit' in time) return time
    const piece = this.pieceAt(record, time)
    return (this.check.isDue() ? faultInLine(lineOf(record), record) : undefined) ?? piece
  }

  pieceAt(record: EventRecord, time: FilingTime): BodyPiece {
    const piece = this.envelope.pieceOf(record, time)
    // A piece that is shorter than a line may be has a line that is.
    if (piece.text.length <= LONGEST_LINE_BYTES || lineOf(record).length <= LONGEST_LINE_BYTES) return piece
    trim(record, (trimmed) => lineOf(trimmed).length)
    return this.envelope.pieceOf(record, time)
  }
}

/** `piecesSink` for lines that differ from earlier ones in leaves alone, and need no record then. */
export function linesSink(output: Output, encoder: Encoder, lines: EnvelopeLines): EnvelopeSink {
  const { times, check } = encoder
  const form = { ...lines, lineEnd: '\n' }
  const repeated = new RepeatedLines(form)
  const repeatedIn = {
    writeBytes(bytes: Uint8Array): void {
      const last = lines.lastOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
      if (last !== undefined) times.saw(last.ts, last.path)
      output.writeBytes(bytes)
    },
  }
  return {
    write(record) {
      const time = times.of(record)
      if ('unfit' in time) return time
      const isPlain = time.source === 'ts' && record.id === undefined
      const bytes = isPlain ? repeated.bytesOf(record) : undefined
      const isDue = check.isDue()
      if (bytes !== undefined && !isDue) {
        output.writeBytes(bytes)
        return undefined
      }
      const { text } = encoder.pieceAt(record, time)
      const isWrong = bytes !== undefined && bytes.toString('latin1') !== text
      const fault = isWrong ? WRONG_LINE : isDue ? faultInLine(lineOf(record), record) : undefined
      if (fault === undefined) output.write(text)
      return fault
    },
    flush: () => output.flush(),
    finish() {},
    ...(!check.isFull && { repeats: repeatsOf(form, repeatedIn) }),
  }
}

/** Writes pieces one after another: all that is written is one body. */
export function piecesSink(output: Output, encoder: Encoder): EnvelopeSink {
  return {
    write(record) {
      const piece = encoder.encode(record)
      if (typeof piece === 'string' || 'unfit' in piece) return piece
      output.write(piece.text)
      return undefined
    },
    flush: () => output.flush(),
    finish() {},
  }
}

/**
 * Writes bodies: each with one call of the output's `writeBytes`, and this text after it. A body is complete when the
 * next record does not fit into it, or at the end, but never because nothing came for a while: the same records make
 * the same bodies.
 */
export function bodiesSink(
  output: Output,
  encoder: Encoder,
  { frame }: Envelope,
  limits: BatchLimits,
  bodyEnd: string,
): EnvelopeSink {
  const batch = new Batch(frame, limits)
  const finish = (): void => {
    if (batch.records === 0) return
    output.writeBytes(batch.take())
    if (bodyEnd !== '') output.write(bodyEnd)
  }
  return {
    write(record) {
      const piece = encoder.encode(record)
      if (typeof piece === 'string' || 'unfit' in piece) return piece
      if (!batch.fits(piece)) finish()
      if (!batch.fits(piece))
        return { unfit: `its ${piece.text.length} bytes do not fit into a body of --batch-bytes ${limits.bytes}` }
      batch.add(piece)
      return undefined
    },
    flush: () => output.flush(),
    finish,
  }
}
