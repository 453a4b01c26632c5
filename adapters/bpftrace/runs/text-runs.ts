import type { EventRecord } from '../../../src/event/record.ts'
import type { Decoder, TextPiece } from '../decode/decoder.ts'
import type { DecodeContext } from '../decode/recipe.ts'
import { findHere, type TextPattern } from '../match/pattern.ts'
import { RunFollower } from './run-follower.ts'
import { NO_TALK, type PieceLink, type TalkAt, type TalkInRun, type TextRun } from './text-run.ts'
import { isSame, surest, Workshop } from './workshop.ts'

export type RunFinding =
  /** The members of `TextRuns` describe the run. */
  'run' | 'ambiguous' | 'pause' | 'none'

/** Finds in text what the clauses of a program print. */
export class TextRuns {
  /** After the run that was found, or after the text that has several readings. */
  end = 0
  /** Undefined: the run printed no value. */
  record: EventRecord | undefined = undefined
  talk: readonly TalkInRun[] = []
  /** All that the run surely prints was there. */
  isComplete = true
  /** The run begins with a printf: a line that looks like the tool's own may be either. */
  isHard = false
  /** Some text of the program begins with a line end. */
  readonly beginsBlank: boolean
  /** Some text of the program has no line end of its own. */
  readonly hasOpenEnds: boolean
  private readonly pieces: readonly TextPiece[]
  private readonly bare: readonly TextPiece[]
  private readonly workshop: Workshop
  private readonly follower: RunFollower

  constructor(decoder: Decoder, context: DecodeContext, talkAt: TalkAt) {
    const isBare = (piece: TextPiece): boolean => piece.patterns.some((pattern) => pattern.isBare)
    this.pieces = decoder.pieces.filter((piece) => !isBare(piece) && !piece.patterns.every(({ isBlank }) => isBlank))
    this.bare = decoder.pieces.filter((piece) => isBare(piece) && piece.starts)
    this.beginsBlank = this.pieces.some(({ patterns }) => patterns.some(beginsBlank))
    this.hasOpenEnds = decoder.pieces.some(({ patterns }) => patterns.some(({ endsLine }) => !endsLine))
    this.workshop = new Workshop(decoder.pieces, 'text', context)
    this.follower = new RunFollower(this.workshop, talkAt)
  }

  /**
   * Finds the run whose text begins at `start`. `lf` is the end of its first line, -1 where the text ends before it.
   */
  at(text: string, start: number, lf: number, isLast: boolean): RunFinding {
    return this.find(this.pieces, text, start, lf, isLast)
  }

  /** As `at`, for patterns that fit any line. */
  bareAt(text: string, start: number, lf: number, isLast: boolean): RunFinding {
    return this.bare.length === 0 ? 'none' : this.find(this.bare, text, start, lf, isLast)
  }

  private find(pieces: readonly TextPiece[], text: string, start: number, lf: number, isLast: boolean): RunFinding {
    const { workshop } = this
    const hits: PieceLink[] = []
    let slots = workshop.slots
    let end = 0
    for (let index = 0; index < pieces.length; index++) {
      const piece = pieces[index]
      if (piece === undefined) continue
      for (let way = 0; way < piece.patterns.length; way++) {
        const pattern = piece.patterns[way]
        if (pattern === undefined) continue
        const result = findHere(pattern, workshop.search, text, start, lf, text.length, isLast, slots, 0)
        if (result === 'none') continue
        if (result === 'pause') return 'pause'
        if (result === 'several') return this.several(text, lf, workshop.search.end)
        // A stack without frames prints nothing or an empty line: neither is a run, unless a run goes on with it.
        if (isBlank(text, start, workshop.search.end)) continue
        hits.push({ printed: piece, pattern, at: start, isJoined: false })
        if (hits.length === 1) end = workshop.search.end
        slots = workshop.others
      }
    }
    const [only] = hits
    // A value over several lines does not begin with an empty line.
    if (only === undefined) return lf === start ? 'none' : this.findJoined(pieces, text, start, isLast)
    if (hits.length > 1) return this.choose(hits, text, start, lf, isLast)
    if (only.printed.ends) {
      this.end = end
      this.talk = NO_TALK
      this.isComplete = true
      this.isHard = !only.printed.isSoft
      const recipe = workshop.recipeOfOne(only)
      this.record = recipe.makesRecord ? recipe.build(text) : undefined
      return 'run'
    }
    return this.settle(this.follower.runOf(only, end, text, isLast), text)
  }

  /** There are several readings of the text up to `end`, or of its first line. */
  private several(text: string, lf: number, end: number): RunFinding {
    this.end = Math.max(end, lf < 0 ? text.length : lf + 1)
    this.isHard = true
    return 'ambiguous'
  }

  /** No piece fits the line alone. One may fit it together with the next lines, if a value has line ends. */
  private findJoined(pieces: readonly TextPiece[], text: string, start: number, isLast: boolean): RunFinding {
    const hits: { readonly link: PieceLink; readonly end: number }[] = []
    for (const printed of pieces) {
      for (const pattern of printed.patterns) {
        const result = this.follower.joined(pattern, text, start, isLast, 0)
        if (result === 'pause') return 'pause'
        if (result === 'one')
          hits.push({ link: { printed, pattern, at: start, isJoined: true }, end: this.workshop.search.end })
      }
    }
    const [hit] = hits
    if (hit === undefined || hits.length > 1) return 'none'
    // The attempts after this one have overwritten its captures.
    this.follower.joined(hit.link.pattern, text, start, isLast, 0)
    return this.settle(this.follower.runOf(hit.link, hit.end, text, isLast), text)
  }

  /** Several pieces fit. Takes the one whose run goes on as the program says, or any if all give the same record. */
  private choose(hits: readonly PieceLink[], text: string, start: number, lf: number, isLast: boolean): RunFinding {
    const runs: (TextRun & { readonly record: EventRecord | undefined })[] = []
    for (const hit of hits) {
      this.follower.match(hit.pattern, text, start, isLast, 0)
      const run = this.follower.runOf(hit, this.workshop.search.end, text, isLast)
      if (run === 'pause') return 'pause'
      runs.push({ ...run, record: this.recordOf(run, text) })
    }
    const [first, ...rest] = surest(runs)
    if (first === undefined) return 'none'
    if (!rest.every((one) => one.end === first.end && isSame(one.record, first.record))) {
      return this.several(text, lf, rest.every(({ end }) => end === first.end) ? first.end : -1)
    }
    this.take(first, first.record)
    return 'run'
  }

  private settle(run: TextRun | 'pause', text: string): RunFinding {
    if (run === 'pause') return 'pause'
    this.take(run, this.recordOf(run, text))
    return 'run'
  }

  private take(run: TextRun, record: EventRecord | undefined): void {
    this.end = run.end
    this.talk = run.talk
    this.isComplete = run.isComplete
    this.isHard = run.links[0]?.printed.isSoft === false
    this.record = record
  }

  private recordOf(run: TextRun, text: string): EventRecord | undefined {
    this.follower.restore(run, text)
    const recipe = this.workshop.recipeOfRun(run.links)
    if (recipe?.makesRecord !== true) return undefined
    const record = recipe.build(text)
    if (run.links.some(({ isJoined }) => isJoined)) record.flags = REFORMATTED
    return record
  }
}

/** True where the text is empty or has only line ends. */
function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at)
    if (c !== 10 && c !== 13) return false
  }
  return true
}

function beginsBlank({ segments }: TextPattern): boolean {
  const [first] = segments
  return first?.kind === 'literal' ? first.text.startsWith('\n') : first?.capture.shape.kind === 'stack'
}

const REFORMATTED = ['reformatted'] as const
