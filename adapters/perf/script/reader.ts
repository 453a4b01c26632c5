import type { Context, Out, Reader, Window } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import { type KfreeSkbReader, kfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { lacksMember } from '../../../src/kernel/last-member.ts'
import { contentOf, Lines, type Next, type TextLine } from '../../../src/text/lines.ts'
import { isOwnLine } from '../../../src/text/own-line.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { promptEnd } from '../../../src/text/prompt.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { brokenSample, CUT_LINE, isEncoded, LOST_SOURCE, NO_HEAD, PADDED_HEAD, paddedHeadStart } from './broken.ts'
import { eventRecord } from './event.ts'
import { EventNames } from './event-name.ts'
import { isDefault, parseFields } from './fields.ts'
import { cpuPart, readPaddedHead, type SampleHead } from './head.ts'
import { type Header, NO_HEADER, readHeaderLine } from './header.ts'
import { SampleClock } from './sample-clock.ts'
import { SampleReader } from './samples.ts'
import { talkLevel } from './talk.ts'
import { lossOfTalk, taskRecord } from './task-record.ts'
import { registersStart } from './trailing.ts'

/** Reads the text of `perf script`, line by line. */
export function scriptReader(context: Context): Reader {
  return new ScriptReader(context)
}

/** With it a header begins. */
const RULE = '# ========'

class ScriptReader implements Reader {
  private readonly context: Context
  private readonly kfreeSkb: KfreeSkbReader
  private readonly samples: SampleReader
  private readonly isGiven: boolean
  /** The default columns may come. */
  private readonly hasDefault: boolean
  private header: Header = NO_HEADER
  private readonly head: SampleHead = { process: undefined, cpu: cpuPart(0), ns: '0', end: 0, width: 0 }
  private readonly clock: SampleClock
  private readonly names = new EventNames()

  constructor(context: Context) {
    this.context = context
    this.kfreeSkb = kfreeSkbReader(context.reasons)
    const time = context.flags.perfTime
    this.clock = new SampleClock(typeof time === 'string' ? time : undefined)
    const list = context.flags.perfFields
    const layouts = typeof list === 'string' ? parseFields(list) : undefined
    this.samples = new SampleReader(layouts, context, this.clock, this.kfreeSkb)
    this.isGiven = layouts !== undefined
    this.hasDefault = layouts === undefined || isDefault(layouts.trace)
  }

  read({ text, last }: Window, out: Out): void {
    const line = new Lines(text, last)
    let at = 0
    while (line.moveTo(at)) {
      if (
        !line.isCut &&
        this.hasDefault &&
        !this.samples.looksBehind &&
        readPaddedHead(text, at, line.contentEnd, this.head)
      ) {
        const record = this.readEvent(text, line.contentEnd)
        if (record !== undefined) {
          this.samples.hintTid(out)
          out.claim('data', line.next)
          out.record(record)
          at = line.next
          continue
        }
      }
      const next = this.readOther(line, out)
      if (next === 'pause') return
      at = next
    }
  }

  /** Of `--perf-fields`: the line has these columns. */
  reads(line: string): boolean {
    return this.isGiven && this.samples.fits(line)
  }

  /** The record of a whole line in the default columns; undefined when what follows them is not plain. */
  private readEvent(text: string, contentEnd: number): EventRecord | undefined {
    const { head } = this
    const start = blanksEnd(text, head.end)
    const payloadStart = this.names.read(text, start, contentEnd)
    if (payloadStart === undefined) return undefined
    let record: EventRecord | undefined
    if (this.names.name === KFREE_SKB) {
      record = this.kfreeSkb.read(text, payloadStart, contentEnd)
      if (record === undefined) return undefined
    } else {
      // Columns stand behind the name, or it is one whose system is not said.
      if (text.charCodeAt(payloadStart) === 32 || !this.names.name.includes(':')) return undefined
      const payload = text.slice(payloadStart, contentEnd)
      if (this.names.damaged !== undefined || lacksMember(this.names.name, payload)) return undefined
      if (registersStart(payload) !== undefined || isEncoded(payload)) return undefined
      record = eventRecord(this.names.name, payload, 'whole', this.context)
    }
    this.clock.sample(head.ns)
    record.event_name = this.names.part
    record.process = head.process
    record.cpu = head.cpu
    record.ns = head.ns
    record.clockId = this.clock.id
    this.samples.tidColumn.width = head.width
    this.samples.isUnpadded = false
    return record
  }

  /** Lines that are no whole sample in the default columns. */
  private readOther(line: TextLine, out: Out): Next {
    const { text, start, contentEnd, next: end } = line
    if (contentEnd === start) {
      out.claim('blank', end)
      return end
    }
    if (text.charCodeAt(start) === 35) {
      const read = readHeaderLine(contentOf(line), this.header)
      if (read !== undefined) return this.takeHeader(read.header, read.facts, end, out)
    }
    const content = contentOf(line)
    // A tool's line may stand within these: the core finds who reads it.
    if (isOwnLine(content) || (text.charCodeAt(start) !== 32 && promptEnd(content) > 0))
      return out.message(content, end, 'info', 'foreign') ? end : 'pause'
    return (
      (text.charCodeAt(start) === 27 ? undefined : this.readAppended(line, out)) ??
      this.samples.read(line, out) ??
      this.samples.readBrokenComm(line, out) ??
      this.samples.readBrokenHead(line, out) ??
      this.samples.readLoneHead(line, out) ??
      this.readTalk(line, out)
    )
  }

  private takeHeader(header: Header, facts: Parameters<Out['learn']>[0] | undefined, end: number, out: Out): number {
    // Another capture begins in the same input.
    if (header.isOpen && !this.header.isOpen && this.clock.hasSample) {
      this.clock.restart()
      this.samples.tidColumn.width = undefined
      this.samples.looksBehind = false
      this.header = { ...NO_HEADER, isSeen: true, isOpen: true }
    } else this.header = header
    this.samples.perfVersion = this.header.perfVersion
    this.clock.learn(this.header)
    out.claim('structure', end)
    if (facts !== undefined) {
      out.learn(facts)
      this.kfreeSkb.forget()
    }
    return end
  }

  /** A line that was cut off within a sample, another capture appended to it: the damaged bytes alone are lost. */
  private readAppended(line: TextLine, out: Out): Next | undefined {
    const { text, start, contentEnd } = line
    if (!this.hasDefault) return undefined
    const isHead = readPaddedHead(text, start, contentEnd, this.head)
    const from = isHead ? this.head.end : start
    const second = text.endsWith(RULE, contentEnd)
      ? contentEnd - RULE.length
      : paddedHeadStart(text, from, contentEnd, this.head)
    if (second === undefined || second <= start) return undefined
    if (isHead) {
      // Only a payload whose grammar is known shows that it broke.
      readPaddedHead(text, start, contentEnd, this.head)
      const payloadStart = this.names.read(text, blanksEnd(text, this.head.end), second)
      if (payloadStart === undefined || this.names.name !== KFREE_SKB) return undefined
      const record = eventRecord(KFREE_SKB, text.slice(payloadStart, second), 'cut', this.context)
      record.event_name = this.names.part
      record.process = this.head.process
      record.cpu = this.head.cpu
      record.ns = this.head.ns
      this.clock.sample(record.ns)
      record.clockId = this.clock.id
      out.claim('data', second)
      out.record(record)
      return second
    }
    const piece = text.slice(start, second)
    if (unquoted(piece) === '') return undefined
    // A child's output without line end, or a line of perf that was cut off.
    if (!piece.startsWith(' ')) return out.message(piece, second, 'info', 'foreign') ? second : 'pause'
    return out.reject(CUT_LINE, second, second) ? second : 'pause'
  }

  private readTalk(line: TextLine, out: Out): Next {
    const { start, next: end } = line
    const text = contentOf(line)
    if (text.trim() === '') {
      out.claim('blank', end)
      return end
    }
    const taskText = /^PERF_RECORD_[A-Z0-9_]+/.test(text) ? taskRecord(text) : undefined
    const record = taskText ?? lossOfTalk(text)
    if (record !== undefined) {
      out.claim('data', end)
      out.record(record)
      return end
    }
    const { isGiven, clock, samples } = this
    const broken = brokenSample(text, line.isCut, {
      isGiven,
      hasSample: clock.hasSample,
      hasWidth: samples.tidColumn.width !== undefined,
    })
    if (broken === LOST_SOURCE) this.samples.sawSourceLine = true
    if (broken === NO_HEAD && clock.hasSample && !samples.isUnpadded) {
      if (!out.reject(PADDED_HEAD, end, start)) return 'pause'
      samples.looksBehind = true
      return end
    }
    if (broken !== undefined) return out.reject(broken, end, start) ? end : 'pause'
    const level = talkLevel(text)
    const taken =
      level === undefined ? out.message(text, end, 'info', 'foreign') : out.message(text, end, level, 'stderr')
    return taken ? end : 'pause'
  }
}
