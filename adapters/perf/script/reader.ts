import type { Out, Reader, Side, Window } from '../../../src/contract.ts'
import { asObject, seal, sealJson } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { isOwnLine } from '../../../src/text/own-line.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { type Body, BodyReader } from './body.ts'
import { brokenSample, CUT_HEAD, CUT_LINE, LOST_SOURCE, NO_EVENT, paddedHeadStart } from './broken.ts'
import { readSourceLine } from './chain.ts'
import { eventRecord, payloadPart } from './event.ts'
import { EventNames } from './event-name.ts'
import { isDefault, type Layouts, parseFields } from './fields.ts'
import { type Chain, noChain, readChain, stackPart } from './frames.ts'
import { COMM_COLUMN, cpuPart, type Head, readPaddedHead } from './head.ts'
import { type Header, NO_HEADER, readHeaderLine } from './header.ts'
import { KFREE_SKB, type KfreeSkb, kfreeSkbReader } from './kfree-skb.ts'
import { contentEndOf, contentOf, type Line, lineAt } from './lines.ts'
import { addChain, addFlag, eventOf, fillColumns, hasInlineIp, sampleRecord } from './sample.ts'
import { SampleClock } from './sample-clock.ts'
import { talkLevel } from './talk.ts'
import { hasContinuation, isContinued, lossOfTalk, taskRecord } from './task-record.ts'
import { TidColumn } from './tid-column.ts'
import { registersStart } from './trailing.ts'
import { joinWrapped, readDump } from './wrapped.ts'

/** Reads the text of `perf script`, line by line. */
export function scriptReader(side: Side): Reader {
  return new ScriptReader(side)
}

const TID_ASSUMED =
  'perf script: the one number of a process was read as the TID, as perf prints by default; of a text made with `-F pid` say --perf-fields'

const KFREE_SKB_NAME = seal('event_name', KFREE_SKB)

/** What became of a line: where the next one starts, or that reading has to pause here. */
type Next = number | 'pause'

/** With it a header begins. */
const RULE = '# ========'

class ScriptReader implements Reader {
  private readonly side: Side
  private readonly kfreeSkb: KfreeSkb
  private readonly bodies: BodyReader
  private readonly isGiven: boolean
  /** The default columns may come. */
  private readonly hasDefault: boolean
  private readonly hasSourceLines: boolean
  private sawSourceLine = false
  private header: Header = NO_HEADER
  private readonly tidColumn = new TidColumn()
  private readonly head: Head = { process: undefined, cpu: cpuPart(0), ns: '0', end: 0, width: 0 }
  private readonly clock: SampleClock
  private isHinted = false
  private readonly names = new EventNames()

  constructor(side: Side) {
    this.side = side
    this.kfreeSkb = kfreeSkbReader(side.reasons)
    const list = side.flags.perfFields
    const layouts: Layouts | undefined = typeof list === 'string' ? parseFields(list) : undefined
    this.bodies = new BodyReader(layouts, side)
    this.isGiven = layouts !== undefined
    this.hasDefault = layouts === undefined || isDefault(layouts.trace)
    this.hasSourceLines =
      layouts !== undefined &&
      [layouts.trace, layouts.other].some((layout) => layout.isGiven && layout.presence('srcline') === 'yes')
    this.isHinted = this.isGiven
    const time = side.flags.perfTime
    this.clock = new SampleClock(typeof time === 'string' ? time : undefined)
  }

  read({ text, last }: Window, out: Out): void {
    let start = 0
    while (start < text.length) {
      const lf = text.indexOf('\n', start)
      if (lf < 0 && !last) return
      const end = lf < 0 ? text.length : lf + 1
      const contentEnd = lf < 0 ? end : contentEndOf(text, start, lf)
      if (lf >= 0 && this.hasDefault && readPaddedHead(text, start, contentEnd, this.head)) {
        const record = this.readEvent(text, contentEnd)
        if (record !== undefined) {
          if (!this.isHinted) this.hintTid(out)
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
      if (registersStart(payload) !== undefined) return undefined
      record = eventRecord(this.names.name, payload, 'whole', this.side)
    }
    this.clock.sample(head.ns)
    record.event_name = this.names.part
    record.process = head.process
    record.cpu = head.cpu
    record.ns = head.ns
    record.clockId = this.clock.id
    this.tidColumn.width = head.width
    return record
  }

  private hintTid(out: Out): void {
    this.isHinted = true
    out.assume(TID_ASSUMED)
  }

  /** Lines that are no whole sample in the default columns. */
  private readOther(line: Line, out: Out): Next {
    const { text, start, contentEnd, end } = line
    if (contentEnd === start) {
      out.claim('blank', end)
      return end
    }
    if (text.charCodeAt(start) === 35) {
      const read = readHeaderLine(contentOf(line), this.header)
      if (read !== undefined) return this.takeHeader(read.header, read.facts, end, out)
    }
    if (isOwnLine(text, start)) return this.readTalk(line, out)
    return (
      (text.charCodeAt(start) === 27 ? undefined : this.readAppended(line, out)) ??
      this.readSample(line, out) ??
      this.readBrokenComm(line, out) ??
      this.readTalk(line, out)
    )
  }

  private takeHeader(header: Header, facts: Parameters<Out['learn']>[0] | undefined, end: number, out: Out): number {
    // Another capture begins in the same input.
    if (header.isOpen && !this.header.isOpen && this.clock.hasSample) {
      this.clock.restart()
      this.tidColumn.width = undefined
      this.header = { ...NO_HEADER, isSeen: true, isOpen: true }
    } else this.header = header
    this.clock.learn(this.header)
    out.claim('structure', end)
    if (facts !== undefined) {
      out.learn(facts)
      this.kfreeSkb.forget()
    }
    return end
  }

  /** A line that was cut off within a sample, another capture appended to it: the damaged bytes alone are lost. */
  private readAppended(line: Line, out: Out): Next | undefined {
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
      const record = eventRecord(KFREE_SKB, text.slice(payloadStart, second), 'cut', this.side)
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

  /** Any rendering's sample, as it stands or as it was pasted, with the lines that belong to it. */
  private readSample(line: Line, out: Out): Next | undefined {
    const body = this.bodies.of(contentOf(line), this.tidColumn.width)
    if (body === undefined) return undefined
    if ('fault' in body) {
      const at = Math.min(line.start + body.at, line.contentEnd)
      return out.reject({ word: body.word, text: body.fault }, line.end, at) ? line.end : 'pause'
    }
    const { columns, text } = body
    const rest = text.slice(columns.end)
    if (columns.event === undefined && taskRecord(rest) !== undefined) return this.readTask(line, body, rest, out)
    if (
      line.isCut &&
      columns.event !== undefined &&
      !text.slice(0, columns.end).endsWith(' ') &&
      !rest.startsWith('skbaddr=')
    )
      return out.reject(CUT_HEAD, line.end, line.contentEnd) ? line.end : 'pause'
    return this.takeSample(line, body, rest, out)
  }

  private takeSample(line: Line, body: Body, firstRest: string, out: Out): Next {
    const { columns, grammar, isPasted } = body
    const { event } = eventOf(columns.event, firstRest)
    let end = line.end
    let rest = firstRest
    let isJoined = false
    if (event === KFREE_SKB && !line.isCut && grammar.layout.presence('trace') !== 'no') {
      const joined = joinWrapped(line, rest, isPasted)
      if (joined === undefined) return 'pause'
      isJoined = joined.end !== end
      rest = joined.text
      end = joined.end
    }
    const isAlone = line.isCut || (columns.shape === 'bare' && hasInlineIp(columns, rest, grammar))
    const chain = isAlone ? noChain(end) : this.chainOf(line, end, body)
    if (chain === undefined) return 'pause'
    if (columns.shape === 'chain' && !chain.isChain && !this.isGiven && /^[>|]/.test(body.text)) {
      const bare = this.bodies.ofText(unquoted(body.text), this.tidColumn.width, true)
      if (bare !== undefined && !('fault' in bare))
        return this.takeSample(line, bare, bare.text.slice(bare.columns.end), out)
    }
    const record =
      this.plainRecord(line, body, isJoined) ?? sampleRecord(columns, rest, chain.isChain, line.isCut, grammar)
    this.clock.sample(columns.ns)
    if (columns.width !== undefined) this.tidColumn.width = columns.width
    record.clockId = this.clock.of(columns)
    addChain(record, chain)
    if (chain.isBroken) addFlag(record, 'incomplete')
    if (
      isPasted ||
      isJoined ||
      columns.shape === 'collapsed' ||
      (columns.shape === 'chain' && !chain.isChain && !this.isGiven)
    )
      addFlag(record, 'reformatted')
    if (rest !== '' && columns.event !== undefined && !body.text.startsWith(' ', columns.end - 1))
      addFlag(record, 'reformatted')
    if (!this.isGiven && columns.pid === undefined && columns.tid === undefined) addFlag(record, 'incomplete')
    const tail = this.readBehind(chain.end, record, line)
    if (tail === undefined) return 'pause'
    if (columns.assumesTid && !this.isHinted) this.hintTid(out)
    if (chain.isExact && chain.isChain) this.tidColumn.suggest(columns)
    out.claim('data', tail)
    out.record(record)
    return tail
  }

  /** The record of a regular payload of skb:kfree_skb behind columns that all go elsewhere than to `sample`. */
  private plainRecord(line: Line, { text, columns }: Body, isJoined: boolean): EventRecord | undefined {
    const { event, misc, period, machinePid } = columns
    if (event !== KFREE_SKB || misc !== undefined || period !== undefined || machinePid !== undefined) return undefined
    if (isJoined || line.isCut || text.length !== line.contentEnd - line.start) return undefined
    const record = this.kfreeSkb.read(line.text, line.start + columns.end, line.contentEnd)
    if (record === undefined) return undefined
    record.event_name = KFREE_SKB_NAME
    fillColumns(record, columns)
    return record
  }

  /** The frames behind a head. Undefined: more must be seen. */
  private chainOf(line: Line, from: number, { columns, grammar, isPasted }: Body): Chain | undefined {
    const canChain = columns.shape !== 'padded' && grammar.layout.presence('ip') !== 'no'
    return canChain
      ? readChain(line, from, isPasted, (isExact) =>
          this.tidColumn.frameAddresses(columns, isExact, this.header.perfVersion),
        )
      : noChain(from)
  }

  /** Lines behind a sample on one line: its source line, a BPF program's output. Gives their end; undefined: more must be seen. */
  private readBehind(from: number, record: EventRecord, line: Line): number | undefined {
    if (line.isCut) return from
    if (/bpf[-_]output/.test(String(record.event_name?.value() ?? ''))) {
      const dump = readDump(line, from)
      if (dump !== undefined && dump.text !== '') record.payload = payloadPart(dump.text)
      return dump?.end
    }
    const ip = record.sample?.get('ip')
    // By default perf prints the dso, and no source line.
    const waitsForSource =
      ip !== undefined &&
      record.stack === undefined &&
      (this.hasSourceLines || this.sawSourceLine || !line.text.startsWith(')', line.contentEnd - 1))
    if (!waitsForSource) return from
    const next = lineAt(line.text, from, line.last)
    if (next === undefined) return line.last ? from : undefined
    const source = readSourceLine(contentOf(next))
    if (source === undefined) return from
    const sample = asObject(record.sample?.value() ?? {})
    record.sample = sealJson('sample', { ...sample, ip: { ...asObject(sample.ip ?? {}), ...source } })
    return next.end
  }

  /** PERF_RECORD lines, some with more lines behind them. */
  private readTask(line: Line, body: Body, first: string, out: Out): Next {
    let end = line.end
    let text = first
    if (hasContinuation(first))
      for (;;) {
        const next = lineAt(line.text, end, line.last)
        if (next === undefined) {
          if (!line.last) return 'pause'
          break
        }
        if (!isContinued(first, contentOf(next))) break
        text += `\n${contentOf(next)}`
        end = next.end
      }
    const chain = first.startsWith('DEFERRED') ? this.chainOf(line, end, body) : noChain(end)
    if (chain === undefined) return 'pause'
    const record = taskRecord(text)
    if (record === undefined) return out.reject(NO_EVENT, end, line.start) ? end : 'pause'
    record.stack = stackPart(chain)
    fillColumns(record, body.columns)
    record.clockId = this.clock.of(body.columns)
    if (body.columns.misc !== undefined) record.sample = seal('sample', { misc: body.columns.misc })
    if (line.isCut) addFlag(record, 'incomplete')
    if (body.isPasted || body.columns.shape === 'collapsed') addFlag(record, 'reformatted')
    out.claim('data', chain.end)
    out.record(record)
    return chain.end
  }

  /** A comm that holds a line end breaks the head over two lines: `        new` / `line 25507 [000] …`. */
  private readBrokenComm(line: Line, out: Out): Next | undefined {
    const { text, start, contentEnd, end, last } = line
    if (contentEnd - start >= COMM_COLUMN || line.isCut) return undefined
    const next = lineAt(text, end, last)
    if (next === undefined) return last ? undefined : 'pause'
    const joined = text.slice(start, next.contentEnd)
    if (!joined.slice(0, COMM_COLUMN + 1).includes('\n') || next.isCut) return undefined
    const body = this.bodies.ofText(joined, this.tidColumn.width, false)
    if (body === undefined || 'fault' in body || body.columns.comm?.includes('\n') !== true) return undefined
    const rest = joined.slice(body.columns.end)
    if (body.columns.event === undefined && taskRecord(rest) !== undefined)
      return this.readTask({ ...line, end: next.end, contentEnd: next.contentEnd }, body, rest, out)
    return this.takeSample({ ...line, end: next.end, contentEnd: next.contentEnd }, body, rest, out)
  }

  private readTalk(line: Line, out: Out): Next {
    const { start, end } = line
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
    const { isGiven, clock, tidColumn } = this
    const broken = brokenSample(text, line.isCut, {
      isGiven,
      hasSample: clock.hasSample,
      hasWidth: tidColumn.width !== undefined,
    })
    if (broken === LOST_SOURCE) this.sawSourceLine = true
    if (broken !== undefined) return out.reject(broken, end, start) ? end : 'pause'
    const level = talkLevel(text)
    const taken =
      level === undefined
        ? out.message(text, end, 'info', isPrompt(plainText(text)) ? 'prompt' : 'foreign')
        : out.message(text, end, level, 'stderr')
    return taken ? end : 'pause'
  }
}
