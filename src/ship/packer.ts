import { type BatchLimits, BodyMeasure } from '../envelopes/batch.ts'
import { type Envelope, NO_FRAME } from '../envelopes/envelope.ts'
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
  /** UTF-8 bytes, one char a byte. */
  readonly text: string
  /** Letters of one group that is not empty are sent in their order. */
  readonly group: string
  /** Nanoseconds since 1970, decimal; empty where requests are in no order of times. */
  readonly ns: string
  /** By which the platform knows a record that it has already, where that is not in the text. */
  readonly id: string | undefined
}

/** Packs records into an envelope. */
export function envelopePacker(envelope: Envelope, times: RecordTimes, limits: BatchLimits): Packer {
  const { frame } = envelope
  return {
    pack(record) {
      const time = times.of(record)
      if ('unfit' in time) return time
      const { text, group, ns } = envelope.pieceOf(record, time)
      return { text, group, ns: frame.isSorted ? ns : '', id: undefined }
    },
    batch: () => new BodyMeasure(frame, limits),
  }
}

/** Records as they are, in the order of their subject, each with its id. */
export function linePacker(subject: string, limits: BatchLimits): Packer {
  return {
    pack(record, line) {
      const id = record.id?.value()
      return { text: line, group: subject, ns: '', id: typeof id === 'string' ? id : undefined }
    },
    batch: () => new BodyMeasure(NO_FRAME, limits),
  }
}
