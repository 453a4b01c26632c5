import type { ClockId } from '../../../src/event/words.ts'
import { COMM_BYTES } from '../../../src/kernel/limits.ts'
import { DamagedLines } from '../decode/damage.ts'
import type { Decoder } from '../decode/decoder.ts'
import { Metrics } from '../decode/metric.ts'
import type { DecodeContext } from '../decode/recipe.ts'
import { relaxedDecoders } from '../decode/relaxed.ts'
import type { Capture, Segment } from '../match/segment.ts'
import { JsonRuns } from './json-runs.ts'
import { RegularLines } from './regular-lines.ts'
import type { TalkAt } from './text-run.ts'
import { TextRuns } from './text-runs.ts'

/** A program at work: what reads its output. */
export interface Session {
  readonly decoder: Decoder
  readonly text: TextRuns
  /** As `text`, for lines as a paste leaves them, the least damage first. */
  readonly pasted: readonly TextRuns[]
  readonly json: JsonRuns
  readonly metrics: Metrics
  /** A child (`-c`) writes to the same descriptors. */
  readonly hasChild: boolean
  readonly likeness: Likeness
  readonly damage: DamagedLines
  /** Lines that need no reading where their like has been read, as text and within a record of JSON. */
  readonly regular: { readonly text: RegularLines; readonly json: RegularLines | undefined }
}

/**
 * How well lines of other tools may fit the formats of the program. `never`: each format has a word of its own.
 * `short`: `%s: %d` of a comm also fits `length: 74`. `free`: a format without a word, with text of any length, fits
 * any line.
 */
export type Likeness = 'never' | 'short' | 'free'

export function sessionOf(decoder: Decoder, hasChild: boolean, context: DecodeContext, talkAt: TalkAt): Session {
  return {
    decoder,
    text: new TextRuns(decoder, context, talkAt),
    pasted: relaxedDecoders(decoder).map((relaxed) => new TextRuns(relaxed, context, talkAt)),
    json: new JsonRuns(decoder, context),
    metrics: new Metrics(decoder.maps, context),
    hasChild,
    likeness: likenessOf(decoder),
    damage: new DamagedLines(decoder),
    regular: regularLines(decoder),
  }
}

function regularLines({ pieces, steps }: Decoder): Session['regular'] {
  const printfs = steps.filter(({ name }) => name === 'printf')
  const isPlain = printfs.every(({ patterns }) => patterns.every(({ plan }) => plan !== undefined))
  return {
    text: new RegularLines(pieces.filter(({ patterns }) => !patterns.every(({ isBlank }) => isBlank))),
    json: isPlain ? new RegularLines(printfs) : undefined,
  }
}

function likenessOf({ pieces }: Decoder): Likeness {
  const wordless = pieces.flatMap(({ patterns }) => patterns).filter(({ segments }) => !segments.some(hasWord))
  const isFree = wordless.some(({ captures }) => captures.some(isLongText))
  return wordless.length === 0 ? 'never' : isFree ? 'free' : 'short'
}

function isLongText({ shape }: Capture): boolean {
  return shape.kind === 'text' && shape.most > COMM_BYTES
}

function hasWord(segment: Segment): boolean {
  return segment.kind === 'literal' && /[A-Za-z]{3}/.test(segment.text)
}

/**
 * The clock of a bare `nsecs`: CLOCK_MONOTONIC up to 0.11, CLOCK_BOOTTIME from 0.12 on. The output does not say which:
 * `unknown` without the version.
 */
export function nsecsClock(version: string | undefined): ClockId {
  const [, major, minor] = /^v?([0-9]+)\.([0-9]+)/.exec(version ?? '') ?? []
  if (major === undefined) return 'unknown'
  return Number(major) === 0 && Number(minor) <= 11 ? 'monotonic' : 'boottime'
}
