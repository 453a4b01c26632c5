import { contentOf, lineAt } from '../../../src/text/lines.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import type { TextPiece } from '../decode/decoder.ts'
import { findHere, type TextPattern } from '../match/pattern.ts'
import type { SearchResult } from '../match/search.ts'
import { holdsLines } from '../match/shape.ts'
import { mayBecomeTalk } from '../tool/talk.ts'
import { NO_TALK, type PieceLink, type TalkAt, type TalkInRun, type TextRun } from './text-run.ts'
import { captureTotal, type Workshop } from './workshop.ts'

/** A run with more pieces is taken for several runs. */
const MOST_LINKS = 256

/** Follows a run from its first piece to its end. The captures of its pieces are in the slots of the workshop. */
export class RunFollower {
  private readonly workshop: Workshop
  private readonly talkAt: TalkAt
  /** The slots hold captures of an attempt that failed. */
  private isMixed = false
  /** Pieces at places from which the run at hand comes to no end. */
  private readonly dead = new Set<string>()

  constructor(workshop: Workshop, talkAt: TalkAt) {
    this.workshop = workshop
    this.talkAt = talkAt
  }

  /** The run that begins with this piece, whose text ends at `end`. */
  runOf(first: PieceLink, end: number, text: string, isLast: boolean): TextRun | 'pause' {
    if (first.printed.ends) return { links: [first], talk: NO_TALK, end, isComplete: true }
    this.dead.clear()
    return this.follow([first], NO_TALK, end, text, isLast)
  }

  /** Puts the captures of a run into the slots, if another attempt has overwritten them. */
  restore({ links }: TextRun, text: string): void {
    if (!this.isMixed) return
    let base = 0
    for (const { pattern, at, isJoined } of links) {
      if (isJoined) this.joined(pattern, text, at, true, base)
      else this.match(pattern, text, at, true, base)
      base += pattern.captures.length
    }
    this.isMixed = false
  }

  /** Finds a pattern at a place, with values that hold no line end. The captures go to the slots from `base` on. */
  match(pattern: TextPattern, text: string, at: number, isLast: boolean, base: number): SearchResult {
    const { search, slots } = this.workshop
    return findHere(pattern, search, text, at, text.indexOf('\n', at), text.length, isLast, slots, base)
  }

  /** As `match`, with values that hold line ends, where none of their lines is a line of the tool or of a terminal. */
  joined(pattern: TextPattern, text: string, at: number, isLast: boolean, base: number): SearchResult {
    const firstEnd = text.indexOf('\n', at)
    if ((firstEnd < 0 ? text.length : firstEnd) - at > pattern.longestOverLines) return 'none'
    const { search, slots } = this.workshop
    const result = search.begin('over_lines', pattern.segments, text, at, text.length, isLast, slots, base)
    if (result !== 'one') return result
    if (search.end === at) return 'none'
    for (const [index, { shape }] of pattern.captures.entries()) {
      if (!holdsLines(shape)) continue
      const end = slots.end(base + index)
      for (
        let lf = text.indexOf('\n', slots.start(base + index));
        lf >= 0 && lf < end;
        lf = text.indexOf('\n', lf + 1)
      ) {
        if (this.isForeign(text, Math.max(at, text.lastIndexOf('\n', lf - 1) + 1))) return 'none'
      }
    }
    return 'one'
  }

  /** True for a whole line that is not part of a value. */
  private isForeign(text: string, start: number): boolean {
    const line = lineAt(text, start, true)
    if (line === undefined || line === 'pause') return false
    return isMark(contentOf(line)) || this.talkAt(line) !== undefined
  }

  /** Goes on with a run until all is there that it surely prints. */
  private follow(
    links: readonly PieceLink[],
    before: readonly TalkInRun[],
    from: number,
    text: string,
    isLast: boolean,
  ): TextRun | 'pause' {
    let talk = before
    let at = from
    for (;;) {
      const incomplete: TextRun = { links, talk: before, end: from, isComplete: false }
      const piece = links[links.length - 1]?.printed
      if (piece === undefined || links.length >= MOST_LINKS || !this.workshop.hasRoom(captureTotal(links)))
        return incomplete
      if (piece.next.every(isEmpty)) return { ...incomplete, isComplete: true }
      if (at >= text.length) return isLast ? incomplete : 'pause'
      const line = lineAt(text, at, isLast)
      const hasEnd = line !== undefined && line !== 'pause' && !line.isCut
      if (line === 'pause' && mayBecomeTalk(text, at)) return 'pause'
      if (hasEnd) {
        const own = this.talkAt(line)
        if (own === 'pause') return 'pause'
        if (own !== undefined) {
          talk = [...talk, { start: at, talk: own }]
          at = own.end
          continue
        }
      }
      const run = this.next(piece.next, links, talk, at, text, isLast)
      // A line without an end so far may become anything, unless the text of the program has no line end of its own.
      if (line === 'pause' && !(run !== undefined && run !== 'pause' && run.isComplete)) return 'pause'
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
  ): TextRun | 'pause' | undefined {
    const base = captureTotal(links)
    let longest: TextRun | undefined
    for (const printed of pieces) {
      for (const [way, pattern] of printed.patterns.entries()) {
        const place = `${printed.id}.${way}.${at}`
        if (this.dead.has(place)) continue
        const within = this.match(pattern, text, at, isLast, base)
        const result = within === 'none' ? this.joined(pattern, text, at, isLast, base) : within
        if (result === 'pause') return 'pause'
        if (result !== 'one') continue
        const { end } = this.workshop.search
        const longer = [...links, { printed, pattern, at, isJoined: within === 'none' }]
        const run = printed.ends
          ? { links: longer, talk, end, isComplete: true }
          : this.follow(longer, talk, end, text, isLast)
        if (run === 'pause' || run.isComplete) return run
        this.dead.add(place)
        if (longest === undefined || run.end > longest.end) longest = run
        this.isMixed = true
      }
    }
    return longest
  }
}

/** A line that a terminal or a person put between the lines of the output: `^C`, `--`, a prompt, an entry of a map. */
function isMark(line: string): boolean {
  return /^(?:\^C|-{2,}|\.{3,}|`{3,}\w*|@\w*(?:\[.*\])?: .*)$/.test(line) || isPrompt(line)
}

/** It may print no bytes at all, so a run may end before it. */
function isEmpty({ ends, patterns }: TextPiece): boolean {
  return ends && patterns.every(({ segments }) => segments.length === 0)
}
