import { type BatchLimits, BodyMeasure } from '../envelopes/batch.ts'
import { type BodyPiece, type Envelope, NO_FRAME } from '../envelopes/envelope.ts'
import type { RecordTimes } from '../envelopes/time.ts'
import type { EventRecord } from '../event/record.ts'
import type { Unfit } from '../event/unfit.ts'

/** Makes a record what the platform takes. */
export interface Packer {
  /** `line`: its NDJSON, latin1, without the line end. */
  pack(record: EventRecord, line: string): Packed | Unfit
  /** Measures what one request may hold. */
  batch(): Pick<BodyMeasure, 'fits' | 'add'>
}

export interface Packed {
  readonly piece: BodyPiece
  readonly id: string | undefined
}

/** Packs records into an envelope. */
export function envelopePacker(envelope: Envelope, times: RecordTimes, limits: BatchLimits): Packer {
  return {
    pack(record) {
      const time = times.of(record)
      return 'unfit' in time ? time : { piece: envelope.pieceOf(record, time), id: undefined }
    },
    batch: () => new BodyMeasure(envelope.frame, limits),
  }
}

/** Records as they are, in the order of their subject, each with its id. */
export function linePacker(subject: string, limits: BatchLimits): Packer {
  return {
    pack(record, line) {
      const id = record.id?.value()
      return { piece: { text: line, group: subject, ns: '0' }, id: typeof id === 'string' ? id : undefined }
    },
    batch: () => new BodyMeasure(NO_FRAME, limits),
  }
}
