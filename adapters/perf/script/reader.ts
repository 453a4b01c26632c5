import type { Out, Reader, Reject, Side, Window } from '../../../src/contract.ts'
import type { Frame } from '../../../src/event/generated/types.ts'
import { type Part, seal } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { ClockId } from '../../../src/event/words.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { readFrame } from './chain.ts'
import { eventRecord } from './event.ts'
import { cpuPart, type Head, readLooseHead, readPaddedHead } from './head.ts'
import { type Header, NO_HEADER, readHeaderLine } from './header.ts'
import { KFREE_SKB, type KfreeSkb, kfreeSkbReader } from './kfree-skb.ts'
import { talkLevel } from './talk.ts'
import { taskRecord } from './task-record.ts'

/** Reads the text of `perf script`, line by line. */
export function scriptReader(side: Side): Reader {
  return new ScriptReader(side)
}

/** A line shorter than this may be the first half of a comm that holds a line end. */
const COMM_COLUMN = 16

const NO_EVENT: Reject = { word: 'malformed', text: 'a head of perf script without an event name behind it' }
const CUT_HEAD: Reject = { word: 'truncated', text: 'the input ends within the head of a sample' }

/** A line on its way: offsets in the window. */
interface Line {
  readonly text: string
  readonly start: number
  /** Without CR and LF. */
  readonly contentEnd: number
  /** With them. */
  readonly end: number
  /** The input ends within it. */
  readonly isCut: boolean
  readonly last: boolean
}

/** What became of a line: where the next one starts, or that reading has to pause here. */
type Next = number | 'pause'

class ScriptReader implements Reader {
  private readonly side: Side
  private readonly kfreeSkb: KfreeSkb
  private header: Header = NO_HEADER
  /** Width of the TID column, once a padded line has shown it. */
  private width: number | undefined
  private readonly head: Head = { process: seal('process', {}), cpu: cpuPart(0), ns: '0', end: 0, isChain: false }
  /** The last line's event name, with `: ` behind it: most lines have the same. */
  private lastEvent = '\n'
  private lastEventName = ''
  private lastEventPart: Part = seal('event_name', '-')

  constructor(side: Side) {
    this.side = side
    this.kfreeSkb = kfreeSkbReader(side.reasons)
  }

  read({ text, last }: Window, out: Out): void {
    let start = 0
    while (start < text.length) {
      const lf = text.indexOf('\n', start)
      if (lf < 0 && !last) return
      const end = lf < 0 ? text.length : lf + 1
      const contentEnd = lf < 0 ? end : contentEndOf(text, start, lf)
      if (lf >= 0 && readPaddedHead(text, start, contentEnd, this.head)) {
        const record = this.readEvent(text, contentEnd)
        if (record !== undefined) {
          out.claim('data', end)
          out.record(record)
          start = end
          continue
        }
      }
      const next = this.readOther({ text, start, contentEnd, end, isCut: lf < 0, last }, out)
      if (next === 'pause') return
      start = next
    }
  }

  /** The record of a whole line whose head was read; undefined when no event name follows. */
  private readEvent(text: string, contentEnd: number): EventRecord | undefined {
    const start = blanksEnd(text, this.head.end)
    const payloadStart = this.readEventName(text, start, contentEnd)
    if (payloadStart === undefined) return this.readTaskRecord(text.slice(start, contentEnd))
    const fast = this.lastEventName === KFREE_SKB ? this.kfreeSkb.read(text, payloadStart, contentEnd) : undefined
    return this.finish(fast ?? eventRecord(this.lastEventName, text.slice(payloadStart, contentEnd), false, this.side))
  }

  private readTaskRecord(text: string): EventRecord | undefined {
    const record = taskRecord(text)
    return record === undefined ? undefined : this.fillHead(record)
  }

  /** Where the payload starts; undefined when there is no event name. */
  private readEventName(text: string, start: number, end: number): number | undefined {
    if (text.startsWith(this.lastEvent, start)) return start + this.lastEvent.length
    if (text.startsWith('PERF_RECORD_', start)) return undefined
    const colon = text.indexOf(': ', start)
    const nameEnd = colon >= 0 && colon < end ? colon : text.charCodeAt(end - 1) === 58 ? end - 1 : -1
    if (nameEnd <= start) return undefined
    const name = text.slice(start, nameEnd)
    if (!isEventName(name)) return undefined
    this.lastEvent = `${name}: `
    this.lastEventName = name
    this.lastEventPart = seal('event_name', utf8(name))
    return Math.min(nameEnd + 2, end)
  }

  private finish(record: EventRecord): EventRecord {
    record.event_name = this.lastEventPart
    return this.fillHead(record)
  }

  private fillHead(record: EventRecord): EventRecord {
    const { head } = this
    record.process = head.process
    record.cpu = head.cpu
    if (head.ns !== undefined) {
      record.ns = head.ns
      record.clockId = this.clock
    }
    return record
  }

  /** `perf` only when a header was there that names no clock. */
  private get clock(): ClockId {
    return this.header.clock ?? (this.header.isSeen ? 'perf' : 'unknown')
  }

  /** Lines that are no whole sample in the default columns. */
  private readOther(line: Line, out: Out): Next {
    const { text, start, contentEnd, end } = line
    if (contentEnd === start) {
      out.claim('blank', end)
      return end
    }
    if (text.charCodeAt(start) === 35) {
      const read = readHeaderLine(text.slice(start, contentEnd), this.header)
      if (read !== undefined) return this.takeHeader(read.header, read.facts, end, out)
    }
    return (
      this.readCut(line, out) ?? this.readLoose(line, out) ?? this.readBrokenComm(line, out) ?? this.readTalk(line, out)
    )
  }

  private takeHeader(header: Header, facts: Parameters<Out['learn']>[0] | undefined, end: number, out: Out): number {
    this.header = header
    out.claim('structure', end)
    if (facts !== undefined) {
      out.learn(facts)
      this.kfreeSkb.forget()
    }
    return end
  }

  /** A last line without line end: a record, without the member that touches the end; or it is cut within its head. */
  private readCut(line: Line, out: Out): Next | undefined {
    const { text, start, contentEnd, end, isCut } = line
    if (
      !isCut ||
      !(
        readPaddedHead(text, start, contentEnd, this.head) ||
        readLooseHead(text, start, contentEnd, this.width, this.head)
      )
    )
      return undefined
    const nameStart = blanksEnd(text, this.head.end)
    const payloadStart = this.readEventName(text, nameStart, contentEnd)
    if (payloadStart === undefined) return out.reject(CUT_HEAD, end, nameStart) ? end : 'pause'
    const record = this.finish(eventRecord(this.lastEventName, text.slice(payloadStart, contentEnd), true, this.side))
    out.claim('data', end)
    out.record(record)
    return end
  }

  /** Heads that are padded in another way: of a call chain, or as pasted text has them. */
  private readLoose(line: Line, out: Out): Next | undefined {
    const { text, start, contentEnd, end } = line
    const loose = readLooseHead(text, start, contentEnd, this.width, this.head)
    if (loose === undefined) return undefined
    const headEnd = this.head.end
    const record = this.readEvent(text, contentEnd)
    if (record === undefined) return out.reject(NO_EVENT, end, headEnd) ? end : 'pause'
    if (loose === 'chain') {
      const chain = this.readChain(line, record)
      if (chain === undefined) return 'pause'
      if (chain !== end) {
        out.claim('data', chain)
        out.record(record)
        return chain
      }
    }
    record.flags = ['reformatted']
    out.claim('data', end)
    out.record(record)
    return end
  }

  /**
   * The frames behind a head; gives the offset behind the empty line. The line's own end: there are no frames. Undefined: more must be seen.
   */
  private readChain({ text, end, last }: Line, record: EventRecord): number | undefined {
    const frames: Frame[] = []
    let start = end
    for (;;) {
      const lf = text.indexOf('\n', start)
      if (lf < 0 && !last) return undefined
      const contentEnd = lf < 0 ? text.length : contentEndOf(text, start, lf)
      const frame = readFrame(text.slice(start, contentEnd), this.frameAddresses)
      if (frame !== undefined && lf >= 0) frames.push(frame)
      else {
        const isEnd = contentEnd === start && lf >= 0
        if (frames.length > 0) record.stack = seal('stack', frames)
        if (isEnd) return lf + 1
        if (frames.length > 0) record.flags = ['incomplete']
        return start
      }
      start = lf + 1
    }
  }

  private get frameAddresses(): 'offsets' | 'addresses' | 'unknown' {
    if (this.header.perfVersion === undefined) return 'unknown'
    return this.header.perfVersion.startsWith('6.1.') || this.header.perfVersion.startsWith('5.')
      ? 'offsets'
      : 'addresses'
  }

  /** A comm that holds a line end breaks the head over two lines: `        new` / `line 25507 [000] …`. */
  private readBrokenComm(line: Line, out: Out): Next | undefined {
    const { text, start, contentEnd, end, last } = line
    if (contentEnd - start >= COMM_COLUMN || line.isCut) return undefined
    const lf = text.indexOf('\n', end)
    if (lf < 0 && !last) return 'pause'
    const nextEnd = lf < 0 ? text.length : lf + 1
    const nextContentEnd = lf < 0 ? nextEnd : contentEndOf(text, end, lf)
    if (!readPaddedHead(text, start, nextContentEnd, this.head)) return undefined
    const record = this.readEvent(text, nextContentEnd)
    if (record === undefined) return undefined
    out.claim('data', nextEnd)
    out.record(record)
    return nextEnd
  }

  private readTalk({ text, start, contentEnd, end }: Line, out: Out): Next {
    const line = text.slice(start, contentEnd)
    if (line.trim() === '') {
      out.claim('blank', end)
      return end
    }
    const level = talkLevel(line)
    const taken =
      level === undefined
        ? out.message(line, end, 'info', isPrompt(line) ? 'prompt' : 'foreign')
        : out.message(line, end, level, 'stderr')
    return taken ? end : 'pause'
  }
}

/** One CR before LF belongs to the line end; any other is data. */
function contentEndOf(text: string, start: number, lf: number): number {
  return lf > start && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf
}

/** `skb:kfree_skb`, `cpu-clock:u`, `cpu_core/cycles/P`, `probe:foo`; a name that the user gave may hold blanks, but not begin with a digit. */
function isEventName(name: string): boolean {
  return name.length <= 256 && /^[A-Za-z_]/.test(name)
}
