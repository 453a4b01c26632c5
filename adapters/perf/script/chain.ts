// The lines of a call chain after a head.
import { dropNamed } from '../../../src/kernel/drop-line.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { contentOf, Lines, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import { type FrameAddresses, isFrameLine } from './frame.ts'
import { type FrameMemo, framesWith, type KnownFrame, withNextLine } from './known-frame.ts'
import { readBehindFrame, type TrailingColumns } from './trailing.ts'

/** What follows a head. */
export interface Chain {
  readonly frames: readonly KnownFrame[]
  /** Lines of frames that were left out or cut off, as printed. */
  readonly cut: string | undefined
  /** Columns of the sample in a line after the last frame. */
  readonly behind: TrailingColumns | undefined
  /** The head is one of a call chain. */
  readonly isChain: boolean
  /** The chain ends without its empty line. */
  readonly isBroken: boolean
  /** The first frame begins with a TAB: blanks in the head are as perf printed them. */
  readonly isExact: boolean
  /** Frames were at the line's beginning, or after an empty line. */
  readonly isReformatted: boolean
  /** Offset of the line after it. */
  readonly end: number
}

/** No chain. */
export function noChain(end: number): Chain {
  return {
    frames: [],
    cut: undefined,
    behind: undefined,
    isChain: false,
    isBroken: false,
    isExact: false,
    isReformatted: false,
    end,
  }
}

/** What is known of a chain before its first frame. */
export interface ChainHead {
  readonly isPasted: boolean
  /** Nothing follows the event's name: frames must follow, perhaps at the line's beginning or after an empty line. */
  readonly isBare: boolean
  /** What the addresses in frames of user code are. `isExact`: the first frame begins with a TAB. */
  addresses(isExact: boolean): FrameAddresses
}

/** The frames from `from` on, to the empty line. */
export function readChain({ text, last }: TextLine, from: number, head: ChainHead): Chain | 'pause' {
  return new ChainWalk(text, last, from, head).read()
}

/** Text of frames' lines that no frame holds, latin1. Undefined: there is none. */
export function leftOf({ frames, cut }: Chain): string | undefined {
  let text: string | undefined
  for (const { left } of frames) if (left !== '') text = joinedLines(text, left)
  return cut === undefined ? text : joinedLines(text, cut)
}

/** Columns of the sample in the lines of its chain. */
export function columnsOf({ frames, behind }: Chain): TrailingColumns | undefined {
  let all: TrailingColumns | undefined
  for (const { columns } of frames) if (columns !== undefined) all = { ...all, ...columns }
  return behind === undefined ? all : { ...all, ...behind }
}

const TAB = 9

/** Walks over the lines, and gathers what they hold. */
class ChainWalk {
  private readonly frames: KnownFrame[] = []
  private cut: string | undefined = undefined
  private behind: TrailingColumns | undefined = undefined
  private isReformatted = false
  private readonly from: number
  private readonly line: Lines
  private readonly isPasted: boolean
  private readonly isBare: boolean
  private readonly isExact: boolean
  private readonly known: FrameMemo

  constructor(text: string, last: boolean, from: number, { isPasted, isBare, addresses }: ChainHead) {
    this.line = new Lines(text, last)
    this.from = from
    this.isPasted = isPasted
    this.isBare = isBare
    this.isExact = text.charCodeAt(from) === TAB
    this.known = framesWith(addresses(this.isExact))
  }

  read(): Chain | 'pause' {
    const { line } = this
    for (let at = this.from; ; at = line.next) {
      if (!line.moveTo(at)) return line.last ? this.brokenAt(at) : 'pause'
      const end = this.take()
      if (end !== undefined) return end
    }
  }

  /** Takes a line. Undefined: the chain goes on after it. */
  private take(): Chain | 'pause' | undefined {
    if (this.takePlain()) return undefined
    const raw = contentOf(this.line)
    const text = this.isPasted ? raw.slice(quoteEnd(raw, 0)) : raw
    if (this.isPasted ? text.trim() === '' : raw === '') return this.takeBlank()
    return this.takeAny(text) ? undefined : this.brokenAt(this.line.start)
  }

  /** A frame in perf's own layout. */
  private takePlain(): boolean {
    const { line, known } = this
    if (this.isPasted || line.text.charCodeAt(line.start) !== TAB || line.isCut) return false
    const frame = known.of(line.text, line.start, line.contentEnd)
    if (frame !== undefined) this.add(frame)
    return frame !== undefined
  }

  /** Any other line of a chain. False: it is not one. */
  private takeAny(text: string): boolean {
    const { line, known, frames } = this
    if (frames.length > 0 && ELIDED.test(text)) {
      this.cut = joinedLines(this.cut, trimmed(text))
      return true
    }
    const hasLostTab = this.isPasted || this.isBare ? isFrameLine(text) : DEDENTED.test(text)
    const isSample = line.isCut || dropNamed(text) !== undefined
    const frame = isSample ? undefined : known.get(hasLostTab ? `\t${text}` : text)
    if (frame !== undefined) {
      this.isReformatted ||= hasLostTab
      this.add(frame)
      return true
    }
    const last = frames.at(-1)
    if (last === undefined) return false
    const more = withNextLine(last, text, known)
    const columns = more === undefined && !line.isCut ? readBehindFrame(text) : undefined
    if (more !== undefined) frames[frames.length - 1] = more
    if (columns !== undefined) this.behind = { ...this.behind, ...columns }
    return more !== undefined || columns !== undefined
  }

  private add(frame: KnownFrame): void {
    const isPiece = frame.isBare && this.frames[0]?.isBare === false
    if (isPiece) this.cut = joinedLines(this.cut, trimmed(frame.text))
    else this.frames.push(frame)
  }

  /** An empty line ends a chain, unless it is between a bare head and its first frame. */
  private takeBlank(): Chain | 'pause' | undefined {
    const { line, frames } = this
    if (this.isBare && frames.length === 0 && line.start === this.from) {
      const second = lineAt(line.text, line.next, line.last)
      if (second === 'pause') return second
      const content = second === undefined ? '' : contentOf(second)
      if (isFrameLine(content.slice(quoteEnd(content, 0)))) {
        this.isReformatted = true
        return undefined
      }
    }
    const isChain = frames.length > 0 || !this.isPasted
    return this.chain(isChain, false, isChain ? line.next : line.start)
  }

  /** The chain ends without its empty line. */
  private brokenAt(end: number): Chain {
    const hasFrames = this.frames.length > 0
    return this.chain(hasFrames, hasFrames, end)
  }

  private chain(isChain: boolean, isBroken: boolean, end: number): Chain {
    const { frames, cut, behind, isExact, isReformatted } = this
    return { frames, cut, behind, isChain, isBroken: isBroken || cut !== undefined, isExact, isReformatted, end }
  }
}

/** Frames that an author left out. */
const ELIDED = /^[\t ]*(?:\[?\.{2,}\]?|\xe2\x80\xa6|<[ .]*(?:snip|cut|snipped)\b[^<>]*>|\[snip\])[\t ]*$/i
/** A frame at the line's beginning; no thread has such a name. */
const DEDENTED = /^[0-9a-f]{5,16} [A-Za-z_$.<~?[(].{0,500} \([^()]{1,500}\)$/

function joinedLines(text: string | undefined, line: string): string {
  return text === undefined ? line : `${text}\n${line}`
}
