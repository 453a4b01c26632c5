import type { BodyPiece } from '../envelopes/envelope.ts'
import type { AnswerVerdict } from './answer.ts'
import type { Chunk } from './backlog.ts'

/** A chunk of which some records are not settled. */
export interface Parcel {
  readonly chunk: Chunk
  unsettled: number
}

/** A record on its way to the platform. */
export interface Letter {
  /** Its NDJSON without the line end: UTF-8 bytes, one char a byte. */
  readonly line: string
  /** The same as the platform takes it. Letters of one group that is not empty are sent in their order. */
  readonly piece: BodyPiece
  /** By which the platform knows a record that it has already, where that is not in the piece. */
  readonly id: string | undefined
  readonly parcel: Parcel
}

/** Brings letters to a platform. */
export interface Carrier {
  /** Sends them in one request. It throws nothing; `end` calls it off. */
  carry(letters: readonly Letter[], end: AbortSignal): Promise<Carried>
  /** Whether what was accepted with this id is acknowledged now. */
  confirm?(ackId: number, end: AbortSignal): Promise<boolean>
  close(): Promise<void>
}

/** What came of a request. */
export interface Carried {
  readonly verdict: AnswerVerdict
  /** The platform asks not to come back before that time. */
  readonly waitMs?: number | undefined
}
