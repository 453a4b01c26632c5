import type { Out, Reader, Reject, Side, Window } from '../../../src/contract.ts'
import { type Json, type Part, seal, sealJson } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { ClockId } from '../../../src/event/words.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import { blanksEnd, holdsAt } from '../../../src/text/scan.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { type FrameAddresses, readSourceLine } from './chain.ts'
import { ColumnReader, type Columns, type Fault, NO_COLUMNS } from './columns.ts'
import { eventRecord, payloadPart } from './event.ts'
import { isDefault, type Layouts, parseFields, UNKNOWN_LAYOUT } from './fields.ts'
import { type Chain, noChain, readChain, stackPart } from './frames.ts'
import { COMM_COLUMN, cpuPart, type Head, readPaddedHead } from './head.ts'
import { type Header, NO_HEADER, readHeaderLine } from './header.ts'
import { KFREE_SKB, type KfreeSkb, kfreeSkbReader } from './kfree-skb.ts'
import { contentEndOf, contentOf, type Line, lineAt } from './lines.ts'
import { addFlag, eventOf, fillColumns, hasInlineIp, isTracepoint, type SampleGrammar, sampleRecord } from './sample.ts'
import { talkLevel } from './talk.ts'
import { hasContinuation, isContinued, lossOfTalk, taskRecord } from './task-record.ts'
import { TrailingReader } from './trailing.ts'
import { joinWrapped, readDump } from './wrapped.ts'

/** Reads the text of `perf script`, line by line. */
export function scriptReader(side: Side): Reader {
  return new ScriptReader(side)
}

const NO_EVENT: Reject = { word: 'malformed', text: 'a head of perf script without an event name behind it' }
const NOT_THESE: Reject = {
  word: 'malformed',
  text: 'a sample of perf script, but not with the columns of --perf-fields',
}
const NO_FIELDS: Reject = {
  word: 'ambiguous',
  text: 'columns of perf script without an event name, of more than one layout: give --perf-fields',
}
const CUT_HEAD: Reject = { word: 'truncated', text: 'the input ends within the head of a sample' }
const CUT_LINE: Reject = { word: 'truncated', text: 'a sample was cut off, and another begins in its line' }
const LOST_SOURCE: Reject = {
  word: 'ambiguous',
  text: "a source line of the sample before it, or anybody's text: give --perf-fields with srcline",
}
const TID_ASSUMED =
  'perf script: the one number of a process was read as the TID, as perf prints by default; of a text made with `-F pid` say --perf-fields'

const KFREE_SKB_NAME = seal('event_name', KFREE_SKB)

/** What became of a line: where the next one starts, or that reading has to pause here. */
type Next = number | 'pause'

/** What begins a sample and cannot be in a comm. */
const ANCHOR =
  /(?:^| )(-?\d{1,20})(?:\/-?\d{1,20} *)? +\[\d{3,}\] (?:[KUHGgMESp ]{6})?(?:\d{4}-\d\d-\d\d [\d:.]+ )? *\d+\.(?:\d{9}|\d{6}):(?: |$)/

/** Columns without a name of an event: comm, TID, time; [cpu], time; a time alone; a frame without its sample. */
const UNNAMED =
  /^(?:(?: .{15} ) *-?\d{1,10}(?:\/-?\d{1,10})? +(?:\[\d{3,}\] +)?\d+\.(?:\d{9}|\d{6}): |(?:\[\d{3,}\] +| *)\d+\.(?:\d{9}|\d{6}): *$|[\t ][ 0-9a-f]{15}[0-9a-f] [A-Za-z_[])/

/** With it a header begins. */
const RULE = '# ========'

/** What was made of a line, or of several that belong together. */
interface Body {
  /** Without quotes, terminal control, and, when pasted, indentation. */
  readonly text: string
  readonly columns: Columns
  readonly grammar: SampleGrammar
  readonly isPasted: boolean
}

class ScriptReader implements Reader {
  private readonly side: Side
  private readonly kfreeSkb: KfreeSkb
  private readonly grammars: readonly { readonly columns: ColumnReader; readonly grammar: SampleGrammar }[]
  private readonly isGiven: boolean
  /** The default columns may come. */
  private readonly hasDefault: boolean
  private readonly hasSourceLines: boolean
  private sawSourceLine = false
  private header: Header = NO_HEADER
  /** Width of the TID column, once a line has shown it. */
  private width: number | undefined
  /** The same, as heads of call chains suggest. */
  private chainWidth: 5 | 7 | undefined
  private readonly head: Head = { process: undefined, cpu: cpuPart(0), ns: '0', end: 0, width: 0 }
  private clockId: ClockId = 'unknown'
  private isRelative: boolean
  private readonly isTimeGiven: boolean
  private hasSample = false
  private isHinted = false
  /** The last line's event name, with `: ` behind it: most lines have the same. */
  private lastEvent = '\n'
  private lastEventName = ''
  private lastEventPart: Part = seal('event_name', '-')

  constructor(side: Side) {
    this.side = side
    this.kfreeSkb = kfreeSkbReader(side.reasons)
    const list = side.flags.perfFields
    const layouts: Layouts | undefined = typeof list === 'string' ? parseFields(list) : undefined
    const all = layouts === undefined ? [UNKNOWN_LAYOUT] : [layouts.trace, layouts.other]
    this.grammars = all.map((layout) => ({
      columns: new ColumnReader(layout),
      grammar: { layout, trailing: new TrailingReader(layout), side },
    }))
    this.isGiven = layouts !== undefined
    this.hasDefault = layouts === undefined || isDefault(layouts.trace)
    this.hasSourceLines = all.some((layout) => layout.isGiven && layout.presence('srcline') === 'yes')
    this.isHinted = this.isGiven
    const time = side.flags.perfTime
    this.isTimeGiven = time !== undefined
    this.isRelative = time === 'relative' || time === 'delta'
    this.setClock()
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
    const payloadStart = this.readEventName(text, start, contentEnd)
    if (payloadStart === undefined) return undefined
    let record: EventRecord | undefined
    if (this.lastEventName === KFREE_SKB) {
      record = this.kfreeSkb.read(text, payloadStart, contentEnd)
      if (record === undefined) return undefined
    } else {
      // Columns stand behind the name, or it is one whose system is not said.
      if (text.charCodeAt(payloadStart) === 32 || !this.lastEventName.includes(':')) return undefined
      record = eventRecord(this.lastEventName, text.slice(payloadStart, contentEnd), 'whole', this.side)
    }
    if (!this.hasSample) this.takeFirst(head.ns)
    record.event_name = this.lastEventPart
    record.process = head.process
    record.cpu = head.cpu
    record.ns = head.ns
    record.clockId = this.clockId
    this.width = head.width
    return record
  }

  /** Where the payload starts; undefined when there is no event name. */
  private readEventName(text: string, start: number, end: number): number | undefined {
    if (holdsAt(text, start, this.lastEvent)) return start + this.lastEvent.length
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

  /** The first sample at exactly 0 shows --reltime or --deltatime. */
  private takeFirst(ns: string | undefined): void {
    this.hasSample = true
    if (this.isTimeGiven || ns !== '0') return
    this.isRelative = true
    this.setClock()
  }

  /** `perf` only when a header was there that names no clock. */
  private setClock(): void {
    this.clockId = this.isRelative ? 'relative' : (this.header.clock ?? (this.header.isSeen ? 'perf' : 'unknown'))
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
    const isTerminal = text.charCodeAt(start) === 27
    return (
      (isTerminal ? undefined : this.readAppended(line, out)) ??
      this.readSample(line, out) ??
      this.readBrokenComm(line, out) ??
      this.readTalk(line, out)
    )
  }

  private takeHeader(header: Header, facts: Parameters<Out['learn']>[0] | undefined, end: number, out: Out): number {
    // Another capture begins in the same input.
    if (header.isOpen && !this.header.isOpen && this.hasSample) {
      this.hasSample = false
      this.width = undefined
      if (!this.isTimeGiven) this.isRelative = false
      this.header = { ...NO_HEADER, isSeen: true, isOpen: true }
    } else this.header = header
    this.setClock()
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
    const second = text.endsWith(RULE, contentEnd) ? contentEnd - RULE.length : this.paddedStart(text, from, contentEnd)
    if (second === undefined || second <= start) return undefined
    if (isHead) {
      // Only a payload whose grammar is known shows that it broke.
      readPaddedHead(text, start, contentEnd, this.head)
      const payloadStart = this.readEventName(text, blanksEnd(text, this.head.end), second)
      if (payloadStart === undefined || this.lastEventName !== KFREE_SKB) return undefined
      const record = eventRecord(KFREE_SKB, text.slice(payloadStart, second), 'cut', this.side)
      record.event_name = this.lastEventPart
      record.process = this.head.process
      record.cpu = this.head.cpu
      record.ns = this.head.ns
      if (!this.hasSample) this.takeFirst(record.ns)
      record.clockId = this.clockId
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

  /** Where a padded head begins in `[from, end)`, behind something else. */
  private paddedStart(text: string, from: number, end: number): number | undefined {
    const piece = text.slice(from, Math.min(end, from + 4096))
    const match = ANCHOR.exec(piece)
    const [whole, digits = ''] = match ?? []
    if (match === null || whole === undefined) return undefined
    const pidEnd = from + match.index + whole.indexOf(digits) + digits.length
    for (const width of [7, 5]) {
      const start = pidEnd - Math.max(width, digits.length) - 1 - COMM_COLUMN
      if (start > from && readPaddedHead(text, start, end, this.head) && this.head.end > pidEnd) return start
    }
    return undefined
  }

  /** Any rendering's sample, as it stands or as it was pasted, with the lines that belong to it. */
  private readSample(line: Line, out: Out): Next | undefined {
    const body = this.bodyOf(contentOf(line))
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

  /** The columns of a line: as it stands, without terminal control, without quotes and padding. */
  private bodyOf(raw: string): Body | Fault | undefined {
    const plain = raw.includes('\x1b') || raw.includes('\r') ? plainText(raw) : raw
    const starts = raw.charCodeAt(0) === 27 ? [plain] : plain === raw ? [raw] : [raw, plain]
    for (const text of starts) {
      const body = this.columnsOf(text, false)
      if (body !== undefined) return body
    }
    return this.columnsOf(unquoted(plain), true)
  }

  private columnsOf(text: string, isPasted: boolean): Body | Fault | undefined {
    for (const [index, { columns: reader, grammar }] of this.grammars.entries()) {
      const columns = reader.read(text, this.width, isPasted)
      if (columns === undefined) continue
      if ('fault' in columns) return columns
      const isTrace = columns.event === undefined || isTracepoint(columns.event) || columns.event === 'kfree_skb'
      // Columns of tracepoints first, then those of other events, where --perf-fields gave two lists.
      if (index === 0 && !isTrace && this.grammars.length > 1) continue
      return { text, columns, grammar, isPasted }
    }
    return this.isGiven ? undefined : payloadAlone(text, this.grammars[0]?.grammar, isPasted)
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
      const bare = this.columnsOf(unquoted(body.text), true)
      if (bare !== undefined && !('fault' in bare))
        return this.takeSample(line, bare, bare.text.slice(bare.columns.end), out)
    }
    const record =
      this.plainRecord(line, body, isJoined) ?? sampleRecord(columns, rest, chain.isChain, line.isCut, grammar)
    if (!this.hasSample) this.takeFirst(columns.ns)
    if (columns.width !== undefined) this.width = columns.width
    record.clockId = this.clockOf(columns)
    record.stack = stackPart(chain)
    if (chain.regs !== undefined) record.sample = withRegisters(record.sample, chain.regs)
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
    if (chain.isExact && chain.isChain) this.chainWidth ??= chainWidthOf(columns)
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

  /** A time of day without another time is wall clock without a zone. */
  private clockOf({ ns, tod }: Columns): ClockId | undefined {
    if (ns !== undefined) return this.clockId
    return tod === undefined ? undefined : 'realtime'
  }

  /** The frames behind a head. Undefined: more must be seen. */
  private chainOf(line: Line, from: number, { columns, grammar, isPasted }: Body): Chain | undefined {
    const canChain = columns.shape !== 'padded' && grammar.layout.presence('ip') !== 'no'
    return canChain
      ? readChain(line, from, isPasted, (isExact) => this.frameAddresses(columns, isExact))
      : noChain(from)
  }

  private frameAddresses(columns: Columns, isExact: boolean): FrameAddresses {
    const version = /^(\d+)\.(\d+)/.exec(this.header.perfVersion ?? '')
    if (version !== null) return Number(version[1]) * 1000 + Number(version[2]) <= 6001 ? 'offsets' : 'addresses'
    if (columns.shape === 'collapsed') return 'unknown'
    const width = this.width ?? this.chainWidth ?? (isExact ? chainWidthOf(columns) : undefined)
    return width === 5 ? 'offsets' : width === 7 ? 'addresses' : 'unknown'
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
    const value = record.sample?.value()
    if (source === undefined || !isObject(value)) return from
    record.sample = sealJson('sample', { ...value, ip: { ...(isObject(value.ip) ? value.ip : {}), ...source } })
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
    record.clockId = this.clockOf(body.columns)
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
    const body = this.columnsOf(joined, false)
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
    const broken = this.brokenSample(line, text)
    if (broken !== undefined) return out.reject(broken, end, start) ? end : 'pause'
    const level = talkLevel(text)
    const taken =
      level === undefined
        ? out.message(text, end, 'info', isPrompt(plainText(text)) ? 'prompt' : 'foreign')
        : out.message(text, end, level, 'stderr')
    return taken ? end : 'pause'
  }

  /** Why a line that begins like a sample is none; undefined: it does not begin like one. */
  private brokenSample(line: Line, text: string): Reject | undefined {
    const at = ANCHOR.exec(text)
    if (at !== null && at.index <= 2 * COMM_COLUMN) return line.isCut ? CUT_HEAD : this.isGiven ? NOT_THESE : NO_EVENT
    if (!this.isGiven && UNNAMED.test(text)) return line.isCut ? CUT_HEAD : NO_FIELDS
    if (line.isCut && this.hasSample && this.width !== undefined && text.startsWith(' ') && text.length < 64)
      return CUT_HEAD
    if (this.hasSample && /^ {2}\S.*\[[0-9a-f]{8,16}\]$/.test(text)) {
      this.sawSourceLine = true
      return LOST_SOURCE
    }
    return undefined
  }
}

/**
 * perf prints no padding of the comm before a chain: blanks before the TID are then the TID's own. Fewer than a column of 7 has: it is one of 5; just as
 * many: of 7, though a name that ends with two blanks looks so, too.
 */
function chainWidthOf({ assumesTid, shape, tid, blanks }: Columns): 5 | 7 | undefined {
  if (!assumesTid || shape !== 'chain' || tid === undefined) return undefined
  const digits = String(tid).length
  if (digits >= 7) return undefined
  if (blanks === 8 - digits) return 7
  return blanks < 8 - digits && blanks >= 6 - digits ? 5 : undefined
}

/** Registers behind the last frame. */
function withRegisters(sample: Part | undefined, regs: string): Part {
  const value = sample?.value()
  return sealJson('sample', { ...(isObject(value) ? value : {}), regs: utf8(regs) })
}

/** `skb:kfree_skb`, `cpu-clock:u`, `cpu_core/cycles/P`, `probe:foo`; a name that the user gave may hold blanks, but not begin with a digit. */
function isEventName(name: string): boolean {
  return name.length <= 256 && /^[A-Za-z_]/.test(name)
}

/** A payload with no column before it: its members say whose it is. */
function payloadAlone(text: string, grammar: SampleGrammar | undefined, isPasted: boolean): Body | undefined {
  const hasComm = text.charCodeAt(0) === 32 && text.startsWith(' skbaddr=', COMM_COLUMN)
  const end = hasComm ? COMM_COLUMN + 1 : 0
  const isOurs = /^skbaddr=\S+ (?:rx_sk=\S+ )?protocol=\d+ location=\S/.test(text.slice(end))
  if (!isOurs || grammar === undefined) return undefined
  const shape = isPasted ? 'collapsed' : hasComm ? 'padded' : 'bare'
  const comm = hasComm ? text.slice(0, COMM_COLUMN).trimStart() : undefined
  return { text, columns: { ...NO_COLUMNS, comm, end, shape }, grammar, isPasted }
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
