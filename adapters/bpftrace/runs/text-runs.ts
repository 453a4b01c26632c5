import type { EventRecord } from '../../../src/event/record.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import type { Decoder, TextPiece } from '../decode/decoder.ts'
import type { DecodeContext } from '../decode/recipe.ts'
import { findHere, type TextPattern } from '../match/pattern.ts'
import type { SearchResult } from '../match/search.ts'
import { holdsLines } from '../match/shape.ts'
import { lineOf, mayBecomeTalk, type ToolTalk } from '../tool/talk.ts'
import { captureTotal, isSame, type RunLink, surest, Workshop } from './workshop.ts'

interface PieceLink extends RunLink {
  readonly printed: TextPiece
  /** Where it begins. */
  readonly at: number
  /** A value in it holds line ends: lines were joined that might be two. */
  readonly isJoined: boolean
}

/** A run of a clause in the text: one piece after the other, with the tool's own talk between them. */
interface Run {
  readonly links: readonly PieceLink[]
  readonly talk: readonly TalkInRun[]
  readonly end: number
  /** All that the run surely prints is there. */
  readonly isComplete: boolean
}

/** Talk within a run, with its place. */
export interface TalkInRun {
  readonly start: number
  readonly talk: ToolTalk
}

export type RunFinding =
  /** `runs.end`, `runs.record` and `runs.talk` tell the rest. */
  'run' | 'ambiguous' | 'more' | 'none'

/** How the tool's own lines are told. */
export type TalkAt = (text: string, start: number, lineEnd: number, isLast: boolean) => ToolTalk | 'more' | undefined

/** Links of a run beyond which it is taken for several. */
const MOST_LINKS = 256

/** Finds what the clauses of a program print, in text. */
export class TextRuns {
  /** Behind the run that was found, or the text of which there are several readings. */
  end = 0
  /** Undefined: the run printed nothing that is a value. */
  record: EventRecord | undefined = undefined
  talk: readonly TalkInRun[] = []
  /** All that the run surely prints was there. */
  isComplete = true
  /** The run begins with a printf: what looks like the tool's own line may be either. */
  isHard = false
  /** Some text of the program begins with a line end. */
  readonly beginsBlank: boolean
  /** Some text of the program has no line end of its own. */
  readonly hasOpenEnds: boolean
  /** The slots hold captures of a way that was not taken. */
  private isMixed = false
  /** Pieces at places from which the run at hand comes to no end. */
  private readonly dead = new Set<string>()
  private readonly pieces: readonly TextPiece[]
  private readonly bare: readonly TextPiece[]
  private readonly workshop: Workshop
  private readonly talkAt: TalkAt

  constructor(decoder: Decoder, context: DecodeContext, talkAt: TalkAt) {
    const isBare = (piece: TextPiece): boolean => piece.patterns.some((pattern) => pattern.isBare)
    this.pieces = decoder.pieces.filter((piece) => !isBare(piece) && !piece.patterns.every(({ isBlank }) => isBlank))
    this.bare = decoder.pieces.filter((piece) => isBare(piece) && piece.starts)
    this.beginsBlank = this.pieces.some(({ patterns }) => patterns.some(beginsBlank))
    this.hasOpenEnds = decoder.pieces.some(({ patterns }) => patterns.some(({ endsLine }) => !endsLine))
    this.workshop = new Workshop(decoder.pieces, 'text', context)
    this.talkAt = talkAt
  }

  /** The run whose text begins at `start`; `lineEnd` is the end of its first line, -1 when it is not there. */
  at(text: string, start: number, lineEnd: number, isLast: boolean): RunFinding {
    return this.find(this.pieces, text, start, lineEnd, isLast)
  }

  /** As `at`, of texts that any line may be. */
  bareAt(text: string, start: number, lineEnd: number, isLast: boolean): RunFinding {
    return this.bare.length === 0 ? 'none' : this.find(this.bare, text, start, lineEnd, isLast)
  }

  private find(
    pieces: readonly TextPiece[],
    text: string,
    start: number,
    lineEnd: number,
    isLast: boolean,
  ): RunFinding {
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
        const finding = findHere(pattern, workshop.search, text, start, lineEnd, text.length, isLast, slots, 0)
        if (finding === 'none') continue
        if (finding === 'more') return 'more'
        if (finding === 'several') return this.several(text, lineEnd, workshop.search.end)
        // A stack without frames: nothing is no finding, and an empty line is a blank, but where a run goes on with it.
        if (isBlank(text, start, workshop.search.end)) continue
        hits.push({ printed: piece, pattern, at: start, isJoined: false })
        if (hits.length === 1) end = workshop.search.end
        slots = workshop.others
      }
    }
    const [only] = hits
    // An empty line is a blank, and no value's first.
    if (only === undefined) return lineEnd === start ? 'none' : this.findJoined(pieces, text, start, isLast)
    if (hits.length > 1) return this.choose(hits, text, start, lineEnd, isLast)
    if (only.printed.ends) {
      this.end = end
      this.talk = NO_TALK
      this.isComplete = true
      this.isHard = !only.printed.isSoft
      const recipe = workshop.recipeOfOne(only)
      this.record = recipe.makesRecord ? recipe.build(text) : undefined
      return 'run'
    }
    return this.settle(this.follows(only, end, text, isLast), text)
  }

  /** There are several readings of the text up to `end`, or of its line. */
  private several(text: string, lineEnd: number, end: number): RunFinding {
    this.end = Math.max(end, lineEnd < 0 ? text.length : lineEnd + 1)
    this.isHard = true
    return 'ambiguous'
  }

  /** No piece fits the line: one may with the next lines, where a value has line ends. */
  private findJoined(pieces: readonly TextPiece[], text: string, start: number, isLast: boolean): RunFinding {
    const hits: { readonly link: PieceLink; readonly end: number }[] = []
    for (const printed of pieces) {
      for (const pattern of printed.patterns) {
        const finding = this.joined(pattern, text, start, isLast, 0)
        if (finding === 'more') return 'more'
        if (finding === 'one')
          hits.push({ link: { printed, pattern, at: start, isJoined: true }, end: this.workshop.search.end })
      }
    }
    const [hit] = hits
    if (hit === undefined || hits.length > 1) return 'none'
    this.joined(hit.link.pattern, text, start, isLast, 0)
    const run: Run | 'more' = hit.link.printed.ends
      ? { links: [hit.link], talk: NO_TALK, end: hit.end, isComplete: true }
      : this.follows(hit.link, hit.end, text, isLast)
    return this.settle(run, text)
  }

  /** Several pieces fit: the one whose run goes on as the program says, or those that say the same. */
  private choose(
    hits: readonly PieceLink[],
    text: string,
    start: number,
    lineEnd: number,
    isLast: boolean,
  ): RunFinding {
    const runs: (Run & { readonly record: EventRecord | undefined })[] = []
    for (const hit of hits) {
      this.match(hit.pattern, text, start, isLast, 0)
      const { end } = this.workshop.search
      const run: Run | 'more' = hit.printed.ends
        ? { links: [hit], talk: NO_TALK, end, isComplete: true }
        : this.follows(hit, end, text, isLast)
      if (run === 'more') return 'more'
      runs.push({ ...run, record: this.recordOf(run, text) })
    }
    const [first, ...rest] = surest(runs)
    if (first === undefined) return 'none'
    if (!rest.every((one) => one.end === first.end && isSame(one.record, first.record))) {
      return this.several(text, lineEnd, rest.every(({ end }) => end === first.end) ? first.end : -1)
    }
    this.take(first, first.record)
    return 'run'
  }

  /** The run that begins with this link, whose text ends at `from`. */
  private follows(first: PieceLink, from: number, text: string, isLast: boolean): Run | 'more' {
    this.dead.clear()
    return this.follow([first], NO_TALK, from, text, isLast)
  }

  /** Goes on with a run until all is there that it surely prints. The captures of what was found are in the slots. */
  private follow(
    links: readonly PieceLink[],
    before: readonly TalkInRun[],
    from: number,
    text: string,
    isLast: boolean,
  ): Run | 'more' {
    let talk = before
    let at = from
    for (;;) {
      const incomplete: Run = { links, talk: before, end: from, isComplete: false }
      const last = links[links.length - 1]?.printed
      if (last === undefined || links.length >= MOST_LINKS || !this.workshop.hasRoom(captureTotal(links)))
        return incomplete
      if (last.next.every(isEmpty)) return { ...incomplete, isComplete: true }
      if (at >= text.length) return isLast ? incomplete : 'more'
      const lineEnd = text.indexOf('\n', at)
      if (lineEnd < 0 && !isLast && mayBecomeTalk(text, at)) return 'more'
      if (lineEnd >= 0) {
        const spoken = this.talkAt(text, at, lineEnd, isLast)
        if (spoken === 'more') return 'more'
        if (spoken !== undefined) {
          talk = [...talk, { start: at, talk: spoken }]
          at = spoken.end
          continue
        }
      }
      const run = this.next(last.next, links, talk, at, text, isLast)
      // Half a line may become anything, but for a text that has no line end of its own.
      if (lineEnd < 0 && !isLast && !(run !== undefined && run !== 'more' && run.isComplete)) return 'more'
      return run ?? incomplete
    }
  }

  /** The run with one of these pieces at `at`. */
  private next(
    pieces: readonly TextPiece[],
    links: readonly PieceLink[],
    talk: readonly TalkInRun[],
    at: number,
    text: string,
    isLast: boolean,
  ): Run | 'more' | undefined {
    const base = captureTotal(links)
    let longest: Run | undefined
    for (const printed of pieces) {
      for (const [way, pattern] of printed.patterns.entries()) {
        const place = `${printed.id}.${way}.${at}`
        if (this.dead.has(place)) continue
        const within = this.match(pattern, text, at, isLast, base)
        const finding = within === 'none' ? this.joined(pattern, text, at, isLast, base) : within
        if (finding === 'more') return 'more'
        if (finding !== 'one') continue
        const { end } = this.workshop.search
        const longer = [...links, { printed, pattern, at, isJoined: within === 'none' }]
        const run = printed.ends
          ? { links: longer, talk, end, isComplete: true }
          : this.follow(longer, talk, end, text, isLast)
        if (run === 'more' || run.isComplete) return run
        this.dead.add(place)
        if (longest === undefined || run.end > longest.end) longest = run
        this.isMixed = true
      }
    }
    return longest
  }

  /** Puts the captures of a run into the slots again: those of another way have been there since. */
  private restore({ links }: Run, text: string): void {
    let base = 0
    for (const { pattern, at, isJoined } of links) {
      if (isJoined) this.joined(pattern, text, at, true, base)
      else this.match(pattern, text, at, true, base)
      base += pattern.captures.length
    }
    this.isMixed = false
  }

  private match(pattern: TextPattern, text: string, at: number, isLast: boolean, base: number): SearchResult {
    const { search, slots } = this.workshop
    return findHere(pattern, search, text, at, text.indexOf('\n', at), text.length, isLast, slots, base)
  }

  /** As `match`, with line ends in values: of lines that may be of one value, and are nobody else's. */
  private joined(pattern: TextPattern, text: string, at: number, isLast: boolean, base: number): SearchResult {
    // The first line alone may be longer than all of it.
    const lf = text.indexOf('\n', at)
    if ((lf < 0 ? text.length : lf) - at > pattern.longestOverLines) return 'none'
    const { search, slots } = this.workshop
    const finding = search.begin('over_lines', pattern.segments, text, at, text.length, isLast, slots, base)
    if (finding !== 'one') return finding
    if (search.end === at) return 'none'
    for (const [index, { shape }] of pattern.captures.entries()) {
      if (!holdsLines(shape)) continue
      const end = slots.end(base + index)
      for (
        let lf = text.indexOf('\n', slots.start(base + index));
        lf >= 0 && lf < end;
        lf = text.indexOf('\n', lf + 1)
      ) {
        const lineStart = Math.max(at, text.lastIndexOf('\n', lf - 1) + 1)
        if (isMark(lineOf(text, lineStart, lf)) || this.talkAt(text, lineStart, lf, true) !== undefined) return 'none'
      }
    }
    return 'one'
  }

  private settle(run: Run | 'more', text: string): RunFinding {
    if (run === 'more') return 'more'
    this.take(run, this.recordOf(run, text))
    return 'run'
  }

  private take(run: Run, record: EventRecord | undefined): void {
    this.end = run.end
    this.talk = run.talk
    this.isComplete = run.isComplete
    this.isHard = run.links[0]?.printed.isSoft === false
    this.record = record
  }

  private recordOf(run: Run, text: string): EventRecord | undefined {
    if (this.isMixed) this.restore(run, text)
    const recipe = this.workshop.recipeOfRun(run.links)
    if (recipe?.makesRecord !== true) return undefined
    const record = recipe.build(text)
    if (run.links.some(({ isJoined }) => isJoined)) record.flags = REFORMATTED
    return record
  }
}

/** Nothing that was printed, but what stands between lines of it in a paste or on a terminal. */
function isMark(line: string): boolean {
  return /^(?:\^C|-{2,}|\.{3,}|`{3,}\w*|@\w*(?:\[.*\])?: .*)$/.test(line) || isPrompt(line)
}

/** Nothing, or line ends alone. */
function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at)
    if (c !== 10 && c !== 13) return false
  }
  return true
}

/** A run that prints no more bytes than there are is whole. */
function isEmpty({ ends, patterns }: TextPiece): boolean {
  return ends && patterns.every(({ segments }) => segments.length === 0)
}

function beginsBlank({ segments }: TextPattern): boolean {
  const [first] = segments
  return first?.kind === 'literal' ? first.text.startsWith('\n') : first?.capture.shape.kind === 'stack'
}

const NO_TALK: readonly TalkInRun[] = []
const REFORMATTED = ['reformatted'] as const
