// The lines of a call chain behind a head, and the `stack` that they make.
import { type Json, type Notes, type Part, seal } from '../../../src/event/part.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { dropNamed } from '../../../src/kernel/drop-line.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import { replaced } from '../../../src/text/utf8.ts'
import { type FrameAddresses, isFrameLine, type PrintedFrame, readFrame, readSourceLine } from './chain.ts'
import { readBehindFrame, type Sample } from './trailing.ts'

/** A frame with its JSON: frames repeat from chain to chain. */
interface KnownFrame {
  readonly text: string
  readonly reading: PrintedFrame
  readonly stack: Part
  /** Columns of the sample that stand in its line. */
  readonly columns: Sample | undefined
  /** What its line says and no member holds. */
  readonly left: string
  /** An address and nothing else: behind frames with symbols a frame that was cut off. */
  readonly isBare: boolean
}

/** What stands behind a head. */
export interface Chain {
  readonly frames: readonly KnownFrame[]
  /** Lines that stand for frames that are not there, as they stand. */
  readonly cut: string | undefined
  /** Columns of the sample, which stand behind the last frame. */
  readonly behind: Sample | undefined
  /** The head is one of a call chain. */
  readonly isChain: boolean
  /** It ends without its empty line. */
  readonly isBroken: boolean
  /** The first frame begins with a TAB: blanks in the head are as perf printed them. */
  readonly isExact: boolean
  /** Frames stood at the line's beginning, or behind an empty line. */
  readonly isReformatted: boolean
  readonly end: number
}

const TAB = 9

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

/**
 * The frames from `from` on, to the empty line. `isBare`: the head has nothing behind its event's name, so that frames are due, also at the line's beginning or
 * behind an empty line.
 */
export function readChain(
  line: TextLine,
  from: number,
  isPasted: boolean,
  isBare: boolean,
  addressesOf: (isExact: boolean) => FrameAddresses,
): Chain | 'pause' {
  const frames: KnownFrame[] = []
  let cut: string | undefined
  let behind: Sample | undefined
  let isReformatted = false
  const isExact = line.text.charCodeAt(from) === TAB
  const known = FRAMES[addressesOf(isExact)]
  const result = (isChain: boolean, isBroken: boolean, end: number): Chain => ({
    frames,
    cut,
    behind,
    isChain,
    isBroken: isBroken || cut !== undefined,
    isExact,
    isReformatted,
    end,
  })
  for (let start = from; ; ) {
    const next = lineAt(line.text, start, line.last)
    if (next === 'pause') return next
    if (next === undefined) return result(frames.length > 0, frames.length > 0, start)
    if (!isPasted && line.text.charCodeAt(start) === TAB && !next.isCut) {
      const frame = known.of(line.text, start, next.contentEnd)
      if (frame !== undefined) {
        if (isPiece(frame, frames)) cut = joinedLines(cut, trimmed(frame.text))
        else frames.push(frame)
        start = next.next
        continue
      }
    }
    const raw = contentOf(next)
    const text = isPasted ? raw.slice(quoteEnd(raw, 0)) : raw
    if (isPasted ? text.trim() === '' : raw === '') {
      if (isBare && frames.length === 0 && start === from) {
        const second = lineAt(line.text, next.next, line.last)
        if (second === 'pause') return second
        if (second !== undefined && isFrameLine(contentOf(second).slice(quoteEnd(contentOf(second), 0)))) {
          isReformatted = true
          start = next.next
          continue
        }
      }
      const isChain = frames.length > 0 || !isPasted
      return result(isChain, false, isChain ? next.next : start)
    }
    if (frames.length > 0 && ELIDED.test(text)) {
      cut = joinedLines(cut, trimmed(text))
      start = next.next
      continue
    }
    const hasLostTab = isPasted || isBare ? isFrameLine(text) : DEDENTED.test(text)
    const isSample = next.isCut || dropNamed(text) !== undefined
    const frame = isSample ? undefined : known.get(hasLostTab ? `\t${text}` : text)
    isReformatted ||= frame !== undefined && hasLostTab
    const last = frames.at(-1)
    const more = last === undefined || frame !== undefined ? undefined : moreOf(last, text, known)
    const column = last === undefined || next.isCut ? undefined : readBehindFrame(text)
    if (frame !== undefined && isPiece(frame, frames)) cut = joinedLines(cut, trimmed(frame.text))
    else if (frame !== undefined) frames.push(frame)
    else if (more !== undefined) frames[frames.length - 1] = more
    else if (column !== undefined) behind = { ...behind, ...column }
    else return result(frames.length > 0, frames.length > 0, start)
    start = next.next
  }
}

/** Frames that an author left out. */
const ELIDED = /^[\t ]*(?:\[?\.{2,}\]?|\xe2\x80\xa6|<[ .]*(?:snip|cut|snipped)\b[^<>]*>|\[snip\])[\t ]*$/i
/** A frame at the line's beginning; no thread is named so. */
const DEDENTED = /^[0-9a-f]{5,16} [A-Za-z_$.<~?[(].{0,500} \([^()]{1,500}\)$/

/** A frame with what the line behind it says: its source, or a dso that a mailer wrapped onto a line of its own. */
function moreOf(last: KnownFrame, text: string, known: Memo<KnownFrame | undefined>): KnownFrame | undefined {
  const { reading } = last
  const source = readSourceLine(text)
  if (source !== undefined) return knownFrame(last.text, { ...reading, frame: { ...reading.frame, ...source } })
  const hasDso = reading.frame.dso !== undefined || reading.frame.module !== undefined
  return hasDso || !/^[\t ]*\([/[].*\)$/.test(text) ? undefined : known.get(`${last.text} ${trimmed(text)}`)
}

/** A frame that was cut off: an address alone, where those before it have symbols. */
function isPiece({ isBare }: KnownFrame, before: readonly KnownFrame[]): boolean {
  return isBare && before[0]?.isBare === false
}

function joinedLines(text: string | undefined, line: string): string {
  return text === undefined ? line : `${text}\n${line}`
}

/** What the lines of frames say that is in no frame, latin1; undefined: nothing. */
export function leftOf({ frames, cut }: Chain): string | undefined {
  let text: string | undefined
  for (const { left } of frames) if (left !== '') text = joinedLines(text, left)
  return cut === undefined ? text : joinedLines(text, cut)
}

/** Columns of the sample in the lines of its chain. */
export function columnsOf({ frames, behind }: Chain): Sample | undefined {
  let all: Sample | undefined
  for (const { columns } of frames) if (columns !== undefined) all = { ...all, ...columns }
  return behind === undefined ? all : { ...all, ...behind }
}

/** The chain's frames as the record's `stack`. */
export function stackPart({ frames }: Chain): Part | undefined {
  return frames.length === 0 ? undefined : new Stack(frames)
}

/** A list of frames of which ajv accepted each as a list of its own: the schema says nothing of a list but what its items are. */
class Stack implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly frames: readonly KnownFrame[]

  constructor(frames: readonly KnownFrame[]) {
    let items = ''
    let fault: string | undefined
    let flags: readonly FlagWord[] | undefined
    for (const { stack } of frames) {
      const { notes } = stack
      items += `${items === '' ? '' : ','}${stack.text.slice(OPENING.length, -1)}`
      if (notes === undefined) continue
      fault ??= notes.fault
      flags = [...new Set([...(flags ?? []), ...(notes.flags ?? [])])]
    }
    this.text = `${OPENING}${items}]`
    this.notes = fault !== undefined ? { fault } : flags === undefined ? undefined : { flags }
    this.frames = frames
  }

  value(): Json {
    return this.frames.map(({ stack }) => firstOf(stack.value()))
  }

  get(): undefined {
    return undefined
  }
}

const OPENING = ',"stack":['

function firstOf(list: Json): Json {
  return Array.isArray(list) ? (list[0] ?? {}) : {}
}

function knownFrame(text: string, reading: PrintedFrame): KnownFrame {
  const { frame, isAmbiguous, isIncomplete, rest } = reading
  const columns = isIncomplete || rest === '' ? undefined : readBehindFrame(rest)
  const left = columns === undefined ? rest : ''
  const flags: FlagWord[] = []
  if (isAmbiguous) flags.push('address_ambiguous')
  if (isIncomplete) flags.push('incomplete')
  else if (left !== '') flags.push('reformatted')
  if (replaced(text)) flags.push('text_replaced')
  const isBare = Object.keys(frame).length === 1 && frame.address !== undefined && !text.includes('[')
  return { text, reading, stack: seal('stack', [frame], ...flags), columns, left, isBare }
}

function memo(addresses: FrameAddresses): Memo<KnownFrame | undefined> {
  return intern((line) => {
    const reading = readFrame(line, addresses)
    return reading === undefined ? undefined : knownFrame(line, reading)
  })
}

const FRAMES: Readonly<Record<FrameAddresses, Memo<KnownFrame | undefined>>> = {
  offsets: memo('offsets'),
  addresses: memo('addresses'),
  unknown: memo('unknown'),
}
