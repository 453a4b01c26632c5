import type { TextLine } from '../../../src/text/lines.ts'
import type { TextPiece } from '../decode/decoder.ts'
import type { ToolTalk } from '../tool/talk.ts'
import type { RunLink } from './workshop.ts'

/** A piece of text that belongs to a run. */
export interface PieceLink extends RunLink {
  readonly printed: TextPiece
  /** Where it begins. */
  readonly at: number
  /** A value in it holds line ends: what looks like several lines was read as one text. */
  readonly isJoined: boolean
}

/** A run of a clause in text: its pieces in order, with the lines of the tool between them. */
export interface TextRun {
  readonly links: readonly PieceLink[]
  readonly talk: readonly TalkInRun[]
  readonly end: number
  /** All that the run surely prints is there. */
  readonly isComplete: boolean
}

/** Lines of the tool within a run. */
export interface TalkInRun {
  readonly start: number
  readonly talk: ToolTalk
}

export const NO_TALK: readonly TalkInRun[] = []

/** What the tool itself writes at a line of this stream. */
export type TalkAt = (line: TextLine) => ToolTalk | 'pause' | undefined
