import { Batch, type BatchLimits } from '../envelopes/batch.ts'
import type { BodyPiece, Envelope } from '../envelopes/envelope.ts'
import type { RecordTimes } from '../envelopes/time.ts'
import { lineOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import { faultInLine, type SpotCheck } from '../event/spot-check.ts'
import { LONGEST_LINE_BYTES, trim } from '../event/trim.ts'
import type { Unfit } from '../event/unfit.ts'
import type { Output } from '../output/output.ts'
import type { Sink } from './sink.ts'

/** A sink whose last body is written when all records came. */
export interface EnvelopeSink extends Sink {
  finish(): void
}

/** Encodes records, each with the time that it is filed under. */
export class Encoder {
  private readonly envelope: Envelope
  private readonly times: RecordTimes
  private readonly check: SpotCheck

  constructor(envelope: Envelope, times: RecordTimes, check: SpotCheck) {
    this.envelope = envelope
    this.times = times
    this.check = check
  }

  /** A text says what is wrong with the event's line. */
  encode(record: EventRecord): BodyPiece | Unfit | string {
    const time = this.times.of(record)
    if ('unfit' in time) return time
    let piece = this.envelope.pieceOf(record, time)
    // A piece that is shorter than a line may be has a line that is.
    if (piece.text.length > LONGEST_LINE_BYTES && lineOf(record).length > LONGEST_LINE_BYTES) {
      trim(record, (trimmed) => lineOf(trimmed).length)
      piece = this.envelope.pieceOf(record, time)
    }
    return (this.check.isDue() ? faultInLine(lineOf(record), record) : undefined) ?? piece
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
