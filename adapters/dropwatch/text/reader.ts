import type { Context, Level, Out, Reader, Regular, Reject, Stream, Window } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { trimmedEnd } from '../../../src/text/blank.ts'
import { contentOf, Lines, type Next } from '../../../src/text/lines.ts'
import { isOwnLine } from '../../../src/text/own-line.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { Block, type Inside } from './block.ts'
import { labelOf, rankAt } from './field.ts'
import { DROP_AT, isUnmistakable } from './head.ts'
import { beginsRecord, type Known, knownAs } from './known.ts'
import { isCutTag, makeOut, type PrintedLine } from './line.ts'
import { outlineOfBlock } from './outline.ts'
import {
  besideRecord,
  type HeadParts,
  headPartsOf,
  lossRecord,
  packetRecord,
  summaryPartsOf,
  summaryRecord,
  tailDroppedRecord,
} from './parts.ts'
import { DROPS_AT, readCount } from './summary.ts'
import { isEcho } from './talk.ts'

/** A line of a known kind. */
type LineOf<Is extends Known['is']> = PrintedLine & { readonly known: Extract<Known, { is: Is }> }

/** Reads what dropwatch 1.4 to 1.5.5 prints, and the terminal around it. */
export class DropwatchReader implements Reader {
  /** The heading of `stats` that came last. */
  private statistics: 'software' | 'hardware' | undefined = undefined
  /** No block depends on what came before it. */
  readonly regular: Regular = { outline: outlineOfBlock, epoch: 0, hasBlankLines: true }
  private readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  read({ text, last }: Window, out: Out): void {
    const line = new Lines(text, last)
    for (let at: Next = 0; at !== 'pause' && line.moveTo(at); ) at = this.readLine(line, out)
  }

  /** Claims a line, and those that belong to it. */
  private readLine(line: Lines, out: Out): Next {
    if (line.isCut) return this.readOdd(line, out)
    const { text, start, contentEnd, next } = line
    if (contentEnd === start) {
      out.claim('blank', next)
      return next
    }
    if (text.startsWith(DROP_AT, start)) {
      const parts = headPartsOf.of(text, start + DROP_AT.length, contentEnd)
      if (parts !== undefined) return this.readBlock(parts, undefined, line, next, out)
    }
    const counted = readCount(text, start, contentEnd)
    if (counted !== undefined) {
      const parts = summaryPartsOf.of(text, counted.placeStart, contentEnd)
      if (parts?.isPlain === true) {
        out.claim('data', next)
        out.record(summaryRecord(counted.count, parts), 'summary')
        return next
      }
    }
    return this.readOdd(line, out)
  }

  /** Reads a line that is not a drop as it is. */
  private readOdd(physical: Lines, out: Out): Next {
    const { text, start: at } = physical
    if (isOwnLine(text, at))
      return out.message(contentOf(physical), physical.next, 'info', 'foreign') ? physical.next : 'pause'
    const line = makeOut(physical, 'outside')
    if (line === 'pause') return line
    if (line.is === 'glued') return readPiece(plainText(text.slice(at, line.at)), line.at, at, out)
    const { known, next } = line
    if (known === undefined) return this.readUnknown(line, physical, at, out)
    switch (known.is) {
      case 'head': {
        const parts = headPartsOf.get(known.text)
        if (parts === undefined) return 'pause'
        return this.readBlock(parts, { ...line, known }, physical, next, out)
      }
      case 'field':
        return this.readHeadless(line, physical, at, out)
      case 'summary':
        return readSummary({ ...line, known }, out)
      case 'tail dropped': {
        if (known.count === 0) return say(line, 'info', 'stdout', out)
        out.claim('data', next)
        out.record(tailDroppedRecord(known.count, this.statistics))
        return next
      }
      case 'talk': {
        const { level, stream, lost } = known.talk
        this.statistics = headingOf(line.text)
        if (lost === undefined) return say(line, level, stream, out)
        out.claim('data', next)
        out.record(lossRecord(lost))
        recordAll(line.besides.map(besideRecord), out)
        return next
      }
    }
  }

  /** `line` is how the first line was read, if it is not as dropwatch prints it. */
  private readBlock(parts: HeadParts, line: LineOf<'head'> | undefined, lines: Lines, next: number, out: Out): Next {
    const block = new Block(this.context)
    if (block.read(lines, next) === 'pause') return 'pause'
    if (block.end === next && !isUnmistakable(parts.head)) {
      return refuse(malformed('a "drop at: " line without the lines of a packet block'), next, next, out)
    }
    // Readers that know lines within it must be open before any of it is claimed.
    const runs = foreignRuns(block.inside)
    for (const { start, end } of runs) if (!out.canSetAside(start, end)) return 'pause'
    const note = line?.known.note ?? ''
    const record = packetRecord(parts, block.fields, note === '' ? block.notes : [note, ...block.notes])
    record.flags = flagsOf(
      block.isIncomplete || line?.isWhole === false,
      block.isReformatted || line?.isReformatted === true,
    )
    out.claim('data', block.inside[0]?.start ?? block.end)
    out.record(record, 'packet')
    if (line !== undefined) recordAll(line.besides.map(besideRecord), out)
    return block.inside.length === 0 ? block.end : claimRest(block, runs, out)
  }

  /** Lines of a block without its first: the text begins in its middle. Any tool may print `length: 5` alone. */
  private readHeadless(line: PrintedLine, lines: Lines, at: number, out: Out): Next {
    const block = new Block(this.context)
    if (block.read(lines, at) === 'pause') return 'pause'
    const { hasOrigin, ifindex, local, originalLength, reason } = block.fields
    const isBlock = hasOrigin || [ifindex, local, originalLength, reason].some((value) => value !== undefined)
    if (!isBlock) return say(line, 'info', 'foreign', out)
    return refuse(malformed('a packet block without its first line, "drop at: "'), block.end, at, out)
  }

  private readUnknown(line: PrintedLine, lines: Lines, at: number, out: Out): Next {
    const { text } = lines
    const bare = unquoted(line.text)
    if (line.text === '') {
      out.claim('blank', line.next)
      return line.next
    }
    // A terminal cut it off a summary line that was whole without it.
    if (bare === '[software]') {
      out.claim('data', line.next)
      return line.next
    }
    if (!beginsRecord(bare)) return say(line, 'info', isEcho(bare) ? 'prompt' : 'foreign', out)
    if (!line.isWhole) return refuse(TRUNCATED, line.next, line.next, out)
    if (!bare.startsWith(DROP_AT)) {
      const why = malformed('no place after "drops at "')
      return refuse(why, line.next, text.indexOf(DROPS_AT, at) + DROPS_AT.length, out)
    }
    // The lines of the block mean nothing without it.
    const block = new Block(this.context)
    if (block.read(lines, line.next) === 'pause') return 'pause'
    const why = malformed('neither an address nor a trap group at the end of "drop at: "')
    return refuse(why, block.end, text.indexOf(DROP_AT, at) + DROP_AT.length, out)
  }
}

/** Which packets a heading of `stats` announces. */
function headingOf(line: string): 'software' | 'hardware' | undefined {
  if (line === 'Software statistics:') return 'software'
  return line === 'Hardware statistics:' ? 'hardware' : undefined
}

interface ForeignRun {
  readonly start: number
  readonly end: number
}

/** Runs of lines of others, without a line of the block between them. */
function foreignRuns(inside: readonly Inside[]): readonly ForeignRun[] {
  const runs: ForeignRun[] = []
  for (const { is, start, end } of inside) {
    if (is !== 'foreign') continue
    const before = runs.at(-1)
    if (before?.end === start) runs[runs.length - 1] = { start: before.start, end }
    else runs.push({ start, end })
  }
  return runs
}

/** Claims the lines of a block from the first that needs a claim of its own. */
function claimRest({ inside, end: blockEnd }: Block, runs: readonly ForeignRun[], out: Out): Next {
  let claimed = inside[0]?.start ?? blockEnd
  let run = 0
  for (const one of inside) {
    // Another reader took it together with what precedes it.
    if (one.start < claimed) continue
    if (one.start > claimed) out.claim('data', one.start)
    while ((runs[run]?.end ?? one.end) < one.end) run++
    const next = claimInside(one, runs[run]?.end ?? one.end, out)
    if (next === 'pause') return 'pause'
    claimed = next
  }
  if (blockEnd > claimed) out.claim('data', blockEnd)
  return blockEnd
}

/**
 * Returns the offset after it, or after the lines that others read with it. `runEnd`: where the run ends that it
 * belongs to.
 */
function claimInside(one: Inside, runEnd: number, out: Out): Next {
  switch (one.is) {
    case 'damage':
      return refuse(
        malformed(`no value after "${labelOf(one.rank)}"`),
        one.end,
        one.start + labelOf(one.rank).length,
        out,
      )
    case 'error':
      out.claim('data', one.end)
      recordAll(one.texts.map(besideRecord), out)
      return one.end
    case 'foreign':
      if (out.setAside(runEnd)) return runEnd
      if (one.text === '') out.claim('blank', one.end)
      else if (!out.message(one.text, one.end, 'info', isEcho(one.text) ? 'prompt' : 'foreign')) return 'pause'
      return one.end
  }
}

function readSummary(line: LineOf<'summary'>, out: Out): Next {
  const { known, next, isWhole } = line
  const { place, count } = known
  if (place.isNull) return say(line, 'warning', 'stdout', out)
  // `3 drops at tcp_v4_rcv+8`: neither the offset is sure, nor that it counts packets.
  if (!isWhole && !place.isClosed && place.address === undefined) return refuse(TRUNCATED, next, next, out)
  const parts = summaryPartsOf.get(known.text)
  if (parts === undefined) return 'pause'
  const record = summaryRecord(count, parts)
  if (!isWhole && !place.isClosed) record.location = undefined
  if (!isWhole) record.payload = parts.symbolLeft
  record.flags = flagsOf(!isWhole, line.isReformatted)
  out.claim('data', next)
  out.record(record, 'summary')
  recordAll(line.besides.map(besideRecord), out)
  return next
}

/**
 * Reads text without line end before a line: an echo, a drop whose line end was lost, or the beginning of a line
 * that was never finished.
 */
function readPiece(piece: string, end: number, at: number, out: Out): Next {
  if (piece === '') {
    out.claim('blank', end)
    return end
  }
  const bare = trimmedEnd(unquoted(piece))
  const known = knownAs(bare)
  if (known?.is === 'summary' && known.place.isClosed && !isCutTag(known.note))
    return readSummary(
      { is: 'line', text: bare, known, next: end, isWhole: true, isReformatted: true, besides: [] },
      out,
    )
  if (beginsRecord(bare) || rankAt(bare, 0) > 0) return refuse(TRUNCATED, end, at, out)
  return out.message(piece, end, 'info', isEcho(piece) ? 'prompt' : 'foreign') ? end : 'pause'
}

function say({ text, next, besides }: PrintedLine, level: Level, stream: Stream, out: Out): Next {
  if (!out.message(text, next, level, stream)) return 'pause'
  recordAll(besides.map(besideRecord), out)
  return next
}

const TRUNCATED: Reject = { word: 'truncated', text: 'the line ends within a drop' }

function malformed(text: string): Reject {
  return { word: 'malformed', text }
}

function refuse(why: Reject, end: number, at: number, out: Out): Next {
  return out.reject(why, end, at) ? end : 'pause'
}

function recordAll(records: readonly EventRecord[], out: Out): void {
  for (const record of records) out.record(record, record.kind === 'message' ? 'text' : undefined)
}

function flagsOf(isIncomplete: boolean, isReformatted: boolean): readonly FlagWord[] | undefined {
  if (!isIncomplete && !isReformatted) return undefined
  return [...(isIncomplete ? INCOMPLETE : []), ...(isReformatted ? REFORMATTED : [])]
}
const INCOMPLETE: readonly FlagWord[] = ['incomplete']
const REFORMATTED: readonly FlagWord[] = ['reformatted']
