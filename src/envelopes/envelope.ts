// What a log platform takes: one piece of text for each record, and request bodies made of pieces.
import type { LinePiece } from '../event/pieces.ts'
import type { EventRecord } from '../event/record.ts'
import type { FilingTime } from './time.ts'

/** The platforms' protocols, as `--to` names them. */
export const ENVELOPES = ['es-bulk', 'loki', 'hec', 'otlp'] as const
export type EnvelopeName = (typeof ENVELOPES)[number]

/** Encodes records for one protocol. It keeps nothing but encodings of parts that come again. */
export interface Envelope {
  readonly name: EnvelopeName
  /** Of a request. */
  readonly contentType: string
  readonly frame: BodyFrame
  /** What the record becomes, at this time. */
  pieceOf(record: EventRecord, time: FilingTime): BodyPiece
  /** Of an envelope whose lines differ from those of earlier records in leaves alone. */
  readonly lines?: EnvelopeLines | undefined
}

/** What a record with a `ts` becomes, in lines that can be made without the record (src/shapes/). */
export interface EnvelopeLines {
  /** The text of the piece without its last line end. */
  lineOf(record: EventRecord): string
  /** The same in pieces; undefined for a record without `ts`, or one whose lines have more than leaves of their own. */
  piecesOf(record: EventRecord): readonly LinePiece[] | undefined
  /** The time and the capture of the last record in such lines. */
  lastOf(lines: Buffer): { readonly ts: string; readonly path: unknown } | undefined
}

/** A record in a request body. Texts are UTF-8 bytes, one char a byte, like all output. */
export interface BodyPiece {
  readonly text: string
  /**
   * Begins the group that the piece belongs to: the labels of a stream of Loki, a resource of OTLP. Pieces with equal
   * texts form one group of a body. Empty where the protocol has no groups.
   */
  readonly group: string
  /** Nanoseconds since 1970, decimal. */
  readonly ns: string
}

/** What is around and between the pieces of a body. */
export interface BodyFrame {
  readonly open: string
  /** Between two pieces of a group. */
  readonly between: string
  readonly groupEnd: string
  readonly betweenGroups: string
  readonly close: string
  /** Pieces of a group go in the order of their times. */
  readonly isSorted: boolean
  /** Bodies written one after another, without anything between them, are a body. */
  readonly isOpenEnded: boolean
}

/** Pieces follow one another. */
export const NO_FRAME: BodyFrame = {
  open: '',
  between: '',
  groupEnd: '',
  betweenGroups: '',
  close: '',
  isSorted: false,
  isOpenEnded: true,
}

/** How records become request bodies, as plain data. */
export interface EnvelopePlan {
  readonly name: EnvelopeName
  /** Names of fields by another convention than ours. */
  readonly map: MapName | undefined
  /** Paths of the fields that label a stream of Loki: `capture.tool`. */
  readonly labels: readonly string[]
}

export const MAPS = ['ecs', 'otel'] as const
export type MapName = (typeof MAPS)[number]
