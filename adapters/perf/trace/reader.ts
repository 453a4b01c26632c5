import type { Context, Level, Out, Reader, Reject, Window } from '../../../src/contract.ts'
import { addFlag, type EventRecord } from '../../../src/event/record.ts'
import { dropNamed } from '../../../src/kernel/drop-line.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { contentOf, Lines, type Next, type TextLine } from '../../../src/text/lines.ts'
import { isOthersLine } from '../../../src/text/others-line.ts'
import { isOwnLine } from '../../../src/text/own-line.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import type { EntryBody } from './body.ts'
import { isFrame, readFrames } from './chain.ts'
import { EntryClock } from './clock.ts'
import { beginsEntry } from './head.ts'
import { entryAt, type FoundEntry, gluedAt } from './lines.ts'
import { entryRecord } from './record.ts'
import { lossOf, traceTalkLevel } from './talk.ts'

/** Reads what `perf trace` prints, line by line. */
export function traceReader(context: Context): Reader {
  return new PerfTraceReader(context)
}

const BROKEN: Reject = { word: 'malformed', text: 'an entry of perf trace that breaks off or is damaged' }
const CUT: Reject = { word: 'truncated', text: 'the input ends within the columns of an entry' }
const LOST_FRAME: Reject = {
  word: 'ambiguous',
  text: 'a frame of a call chain after an entry of an event that had none before: the frame is not in its stack',
}

/** So many events are known to come without call chains. */
const MOST_PLAIN = 256

class PerfTraceReader implements Reader {
  private readonly context: Context
  private readonly clock: EntryClock
  /**
   * Events whose last entry had no frames: the next entry does not wait for its next line. perf trace does not say in
   * an entry whether frames follow, and each event may have its own setting.
   */
  private readonly plain = new Set<string>()
  /** The event of the entry before. */
  private lastEvent = ''

  constructor(context: Context) {
    this.context = context
    const { perfTime } = context.flags
    this.clock = new EntryClock(typeof perfTime === 'string' ? perfTime : undefined)
  }

  read({ text, last }: Window, out: Out): void {
    const line = new Lines(text, last)
    for (let at: Next = 0; at !== 'pause' && line.moveTo(at); ) at = this.readLine(line, out)
  }

  private readLine(line: TextLine, out: Out): Next {
    const content = contentOf(line)
    if (trimmed(content) === '') {
      out.claim('blank', line.next)
      return line.next
    }
    if (isOthersLine(content)) {
      if (!isOwnLine(content)) this.clock.restart()
      return say(content, line.next, 'info', 'foreign', out)
    }
    const entry = entryAt(line)
    if (entry === 'pause') return entry
    return entry === undefined ? this.readOther(line, content, out) : this.readEntry(line, entry, out)
  }

  private readEntry(line: TextLine, { entry, end, isCut, isReformatted }: FoundEntry, out: Out): Next {
    const record = entryRecord(entry, isCut, this.clock, this.context)
    if (isReformatted) addFlag(record, 'reformatted')
    const after = isCut || !mayHaveFrames(entry.body) ? end : this.readChain(line, end, record, nameOf(entry.body))
    if (after === 'pause') return after
    this.lastEvent = nameOf(entry.body)
    out.claim('data', after)
    out.record(record)
    return after
  }

  private readChain(line: TextLine, from: number, record: EventRecord, event: string): Next {
    if (this.plain.has(event)) return from
    const end = readFrames(line, from, record)
    if (end !== from) return end
    if (this.plain.size >= MOST_PLAIN) this.plain.clear()
    this.plain.add(event)
    return end
  }

  /** A line that is no entry. */
  private readOther(line: TextLine, content: string, out: Out): Next {
    const { start, next, isCut } = line
    const text = plainText(content)
    const bare = unquoted(text)
    const loss = isCut ? undefined : lossOf(bare)
    if (loss !== undefined) {
      if (bare !== text) addFlag(loss, 'reformatted')
      out.claim('data', next)
      out.record(loss)
      return next
    }
    const level = traceTalkLevel(text)
    if (level !== undefined) return say(content, next, level, 'stderr', out)
    const glued = isCut ? undefined : gluedAt(content)
    if (glued !== undefined) return say(content.slice(0, glued), start + glued, 'info', 'foreign', out)
    const broken = this.faultOf(text, isCut)
    if (broken === undefined) return say(content, next, 'info', 'foreign', out)
    return out.reject(broken, next, start) ? next : 'pause'
  }

  /** Why a line that begins like an entry, or holds a drop, is not one. Undefined: it is neither. */
  private faultOf(text: string, isCut: boolean): Reject | undefined {
    if (this.lastEvent !== '' && /^ {8}/.test(text) && isFrame(text)) {
      this.plain.delete(this.lastEvent)
      return LOST_FRAME
    }
    if (!beginsEntry(text) && dropNamed(text) === undefined) return undefined
    return isCut ? CUT : BROKEN
  }
}

function say(text: string, end: number, level: Level, stream: 'stderr' | 'foreign', out: Out): Next {
  return out.message(text, end, level, stream) ? end : 'pause'
}

/** perf trace prints a call chain where a call returns, and after an event. */
function mayHaveFrames(body: EntryBody): boolean {
  return body.is !== 'call' || body.result !== 'open'
}

/** Calls are one event for perf: their settings are the same. */
function nameOf(body: EntryBody): string {
  return body.is === 'event' || body.is === 'fault' ? body.name : 'raw_syscalls:sys_exit'
}
