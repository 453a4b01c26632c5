import type { AnswerVerdict } from './answer.ts'
import type { Parcel } from './parcel.ts'

/** Where the texts of a letter are in its parcel. */
export interface LetterPlace {
  /** Its NDJSON without the line end, in the lines of the chunk. */
  readonly lineStart: number
  readonly lineEnd: number
  /** The record as the platform takes it, in the bytes of the parcel. */
  readonly start: number
  readonly end: number
}

/**
 * A record on its way to the platform. Its texts stay bytes until somebody asks for them: thousands of texts that live
 * as long as a request cost the collector of garbage half of a run.
 */
export class Letter {
  readonly parcel: Parcel
  /** Letters of one group that is not empty are sent in their order. */
  readonly group: string
  /** The time of the piece, where requests are in the order of times. */
  readonly ns: string
  /** By which the platform knows a record that it has already, where that is not in the piece. */
  readonly id: string | undefined
  readonly start: number
  readonly end: number
  private readonly lineStart: number
  private readonly lineEnd: number

  constructor(parcel: Parcel, place: LetterPlace, group: string, ns: string, id: string | undefined) {
    this.parcel = parcel
    this.group = group
    this.ns = ns
    this.id = id
    this.start = place.start
    this.end = place.end
    this.lineStart = place.lineStart
    this.lineEnd = place.lineEnd
  }

  /** Bytes of the record as the platform takes it. */
  get length(): number {
    return this.end - this.start
  }

  /** The record's NDJSON without the line end: UTF-8 bytes, one char a byte. */
  get line(): string {
    return this.parcel.chunk.lines.toString('latin1', this.lineStart, this.lineEnd)
  }
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
