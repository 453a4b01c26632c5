import type { ClockId } from '../../../src/event/words.ts'
import { COMM_BYTES } from '../../../src/kernel/limits.ts'
import { DamagedLines } from '../decode/damage.ts'
import type { Decoder } from '../decode/decoder.ts'
import { Metrics } from '../decode/metric.ts'
import type { DecodeContext } from '../decode/recipe.ts'
import { relaxedDecoders } from '../decode/relaxed.ts'
import type { Capture, Segment } from '../match/segment.ts'
import { JsonRuns } from './json-runs.ts'
import { type TalkAt, TextRuns } from './text-runs.ts'

/** A program at work: what reads the lines that it prints. */
export interface Session {
  readonly decoder: Decoder
  readonly text: TextRuns
  /** Lines as a paste leaves them, the least damage first. */
  readonly pasted: readonly TextRuns[]
  readonly json: JsonRuns
  readonly metrics: Metrics
  /** A child prints on the same descriptors. */
  readonly hasChild: boolean
  readonly likeness: Likeness
  readonly damage: DamagedLines
}

/**
 * How well other tools' lines may fit the program's formats: `never` where all have a word of their own; `short`: `%s: %d` of a comm is also `length: 74`; `free`: with text
 * of any length it fits any line.
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
 * Which clock a bare `nsecs` is: CLOCK_MONOTONIC up to 0.11, CLOCK_BOOTTIME from 0.12 on. Nothing in the output tells: `unknown` without the version.
 */
export function nsecsClock(version: string | undefined): ClockId {
  const [, major, minor] = /^v?([0-9]+)\.([0-9]+)/.exec(version ?? '') ?? []
  if (major === undefined) return 'unknown'
  return Number(major) === 0 && Number(minor) <= 11 ? 'monotonic' : 'boottime'
}
