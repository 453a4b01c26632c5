// Samples of any rendering and PERF_RECORD lines, as they stand or as they were pasted, each with the lines that belong to it.

import type { Context, Out } from '../../../src/contract.ts'
import { asObject, seal, sealJson } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { KfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { trimmed, trimmedEnd } from '../../../src/text/blank.ts'
import { contentEnd, contentOf, lineAt, type Next, type TextLine } from '../../../src/text/lines.ts'
import { bulletEnd, unquoted } from '../../../src/text/pasted.ts'
import { type Body, BodyReader } from './body.ts'
import { CUT_HEAD, damagedDrop, damagedName, ENCODED, isEncoded, NO_EVENT } from './broken.ts'
import { readSourceLine } from './chain.ts'
import { isTracepoint } from './column-evidence.ts'
import { payloadPart } from './event.ts'
import type { Layouts } from './fields.ts'
import { type Chain, noChain, readChain, stackPart } from './frames.ts'
import { COMM_COLUMN } from './head.ts'
import { addChain, addFlag, eventOf, fillColumns, hasInlineIp, sampleRecord } from './sample.ts'
import type { SampleClock } from './sample-clock.ts'
import { hasContinuation, isContinued, taskRecord } from './task-record.ts'
import { TidColumn } from './tid-column.ts'
import { joinHead, joinWrapped, readDump } from './wrapped.ts'

const TID_ASSUMED =
  'perf script: the one number of a process was read as the TID, as perf prints by default; of a text made with `-F pid` say --perf-fields'

/** A line without what somebody put before it, which is no part of a thread's name; undefined: nothing stands there. */
function markedText(text: string): string | undefined {
  const bare = unquoted(text)
  const end = bulletEnd(bare)
  if (end > 0) return bare.startsWith('`') ? bare.slice(1, -1) : bare.slice(end)
  return /^[>|]/.test(text) ? bare : undefined
}

const KFREE_SKB_NAME = seal('event_name', KFREE_SKB)

export class SampleReader {
  readonly tidColumn = new TidColumn()
  /** Of the header. */
  perfVersion: string | undefined
  /** A source line was seen whose sample was gone. */
  sawSourceLine = false
  /** The sample before had no column of 16 bytes for the comm. */
  isUnpadded = false
  /**
   * This text was pasted: frames may stand behind a padded head, too, where perf prints none. Not so before that is known: a sample of a live pipe would wait
   * for the line behind it.
   */
  looksBehind = false
  private readonly bodies: BodyReader
  private readonly isGiven: boolean
  private readonly hasSourceLines: boolean
  private isHinted: boolean
  private readonly clock: SampleClock
  private readonly kfreeSkb: KfreeSkbReader

  constructor(layouts: Layouts | undefined, context: Context, clock: SampleClock, kfreeSkb: KfreeSkbReader) {
    this.bodies = new BodyReader(layouts, context)
    this.isGiven = layouts !== undefined
    this.isHinted = this.isGiven
    this.hasSourceLines =
      layouts !== undefined &&
      [layouts.trace, layouts.other].some((layout) => layout.isGiven && layout.presence('srcline') === 'yes')
    this.clock = clock
    this.kfreeSkb = kfreeSkb
  }

  /** Says once what was taken for granted of the one number of a process. */
  hintTid(out: Out): void {
    if (this.isHinted) return
    this.isHinted = true
    out.assume(TID_ASSUMED)
  }

  /** A line (latin1, with its end) has columns that say which event it is, or whose. */
  fits(line: string): boolean {
    const body = this.bodies.of(trimmedEnd(line), this.tidColumn.width)
    if (body === undefined || 'fault' in body) return false
    const { event, ns, tod, pid, tid, cpu } = body.columns
    return event !== undefined || [ns, tod, pid, tid, cpu].filter((column) => column !== undefined).length > 1
  }

  /** Any rendering's sample, as it stands or as it was pasted, with the lines that belong to it. */
  read(line: TextLine, out: Out): Next | undefined {
    const body = this.bodies.of(contentOf(line), this.tidColumn.width)
    if (body === undefined) return undefined
    if ('fault' in body) {
      const at = Math.min(line.start + body.at, line.contentEnd)
      return out.reject({ word: body.word, text: body.fault }, line.next, at) ? line.next : 'pause'
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
      return out.reject(CUT_HEAD, line.next, line.contentEnd) ? line.next : 'pause'
    return this.takeSample(line, body, rest, out)
  }

  /** `isMended`: what stands in one line in perf's own text was put together from several. */
  private takeSample(line: TextLine, body: Body, firstRest: string, out: Out, isMended = false): Next {
    const { columns, grammar, isPasted } = body
    const { event } = eventOf(columns.event, firstRest)
    if (isEncoded(firstRest)) return out.reject(ENCODED, line.next, line.start) ? line.next : 'pause'
    const damaged = event === undefined ? undefined : damagedDrop(columns.event ?? event, event, firstRest)
    if (damaged !== undefined) return out.reject(damagedName(damaged), line.next, line.start) ? line.next : 'pause'
    let end = line.next
    let rest = firstRest
    let isJoined = isMended
    if (event !== undefined && !line.isCut && grammar.layout.presence('trace') !== 'no') {
      const joined = joinWrapped(line, event, rest, isPasted)
      if (joined === 'pause') return joined
      isJoined ||= joined.end !== end
      rest = joined.text
      end = joined.end
    }
    const isAlone = line.isCut || (columns.shape === 'bare' && hasInlineIp(columns, rest, grammar))
    const chain = isAlone ? noChain(end) : this.chainOf(line, end, body, trimmed(rest) === '')
    if (chain === 'pause') return chain
    const bare = this.withoutMark(body, chain)
    if (bare !== undefined) return this.takeSample(line, bare, bare.text.slice(bare.columns.end), out)
    const record =
      this.plainRecord(line, body, isJoined) ?? sampleRecord(columns, rest, chain.isChain, line.isCut, grammar)
    this.clock.sample(columns.ns)
    if (columns.width !== undefined) this.tidColumn.width = columns.width
    this.isUnpadded = columns.shape === 'chain'
    this.looksBehind ||= isPasted || columns.shape === 'collapsed'
    record.clockId = this.clock.of(columns)
    addChain(record, chain)
    if (chain.isBroken) addFlag(record, 'incomplete')
    if (
      isPasted ||
      isJoined ||
      chain.isReformatted ||
      columns.shape === 'collapsed' ||
      (columns.shape === 'chain' && !chain.isChain && !this.isGiven) ||
      (columns.shape === 'padded' && chain.isChain)
    )
      addFlag(record, 'reformatted')
    if (rest !== '' && columns.event !== undefined && !body.text.startsWith(' ', columns.end - 1))
      addFlag(record, 'reformatted')
    if (!this.isGiven && columns.pid === undefined && columns.tid === undefined) addFlag(record, 'incomplete')
    const tail = this.readBehind(chain.end, record, line)
    if (tail === 'pause') return tail
    if (columns.assumesTid) this.hintTid(out)
    if (chain.isExact && chain.isChain) this.tidColumn.suggest(columns)
    out.claim('data', tail)
    out.record(record)
    return tail
  }

  /** The same without a mark that somebody put before the head, where perf's own layout does not show that it is of the thread's name. */
  private withoutMark({ text, columns }: Body, { frames }: Chain): Body | undefined {
    const isOwn =
      columns.shape === 'padded' || columns.shape === 'bare' || (columns.shape === 'chain' && frames.length > 0)
    const marked = isOwn || this.isGiven ? undefined : markedText(text)
    const body = marked === undefined ? undefined : this.bodies.ofText(marked, this.tidColumn.width, true)
    return body === undefined || 'fault' in body ? undefined : body
  }

  /** The record of a regular payload of skb:kfree_skb behind columns that all go elsewhere than to `sample`. */
  private plainRecord(line: TextLine, { text, columns }: Body, isJoined: boolean): EventRecord | undefined {
    const { event, misc, period, machinePid } = columns
    if (event !== KFREE_SKB || misc !== undefined || period !== undefined || machinePid !== undefined) return undefined
    if (isJoined || line.isCut || text.length !== line.contentEnd - line.start) return undefined
    const record = this.kfreeSkb.read(line.text, line.start + columns.end, line.contentEnd)
    if (record === undefined) return undefined
    record.event_name = KFREE_SKB_NAME
    fillColumns(record, columns)
    return record
  }

  /** The frames behind a head. */
  private chainOf(
    line: TextLine,
    from: number,
    { columns, grammar, isPasted }: Body,
    isBare: boolean,
  ): Chain | 'pause' {
    const isPadded = columns.shape === 'padded'
    if ((isPadded && !this.looksBehind) || grammar.layout.presence('ip') === 'no') return noChain(from)
    const chain = readChain(line, from, isPasted, isBare, (isExact) =>
      this.tidColumn.frameAddresses(columns, isExact, this.perfVersion),
    )
    return isPadded && chain !== 'pause' && chain.frames.length === 0 ? noChain(from) : chain
  }

  /** Lines behind a sample on one line: its source line, a BPF program's output. Gives their end. */
  private readBehind(from: number, record: EventRecord, line: TextLine): Next {
    if (line.isCut) return from
    if (/bpf[-_]output/.test(String(record.event_name?.value() ?? ''))) {
      const dump = readDump(line, from)
      if (dump === 'pause') return dump
      if (dump.text !== '') record.payload = payloadPart(dump.text)
      return dump.end
    }
    const ip = record.sample?.get('ip')
    // By default perf prints the dso, and no source line.
    const waitsForSource =
      ip !== undefined &&
      record.stack === undefined &&
      (this.hasSourceLines || this.sawSourceLine || !line.text.startsWith(')', line.contentEnd - 1))
    if (!waitsForSource) return from
    const next = lineAt(line.text, from, line.last)
    if (next === 'pause') return next
    if (next === undefined) return from
    const source = readSourceLine(contentOf(next))
    if (source === undefined) return from
    const sample = asObject(record.sample?.value() ?? {})
    record.sample = sealJson('sample', { ...sample, ip: { ...asObject(sample.ip ?? {}), ...source } })
    return next.next
  }

  /** PERF_RECORD lines, some with more lines behind them. */
  private readTask(line: TextLine, body: Body, first: string, out: Out): Next {
    let end = line.next
    let text = first
    if (hasContinuation(first))
      for (;;) {
        const next = lineAt(line.text, end, line.last)
        if (next === 'pause') return next
        if (next === undefined) break
        if (!isContinued(first, contentOf(next))) break
        text += `\n${contentOf(next)}`
        end = next.next
      }
    const chain = first.startsWith('DEFERRED') ? this.chainOf(line, end, body, false) : noChain(end)
    if (chain === 'pause') return chain
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

  /**
   * A comm that holds a line end breaks the head over two lines: `        new` / `line 25507 [000] …`. Short lines before a head are common in pasted text, and
   * are no names: the two are one only where they fill the comm's column together, to the byte.
   */
  readBrokenComm(line: TextLine, out: Out): Next | undefined {
    const { text, start, last } = line
    if (line.contentEnd - start >= COMM_COLUMN || line.isCut || text.charCodeAt(start) !== 32 || this.isUnpadded)
      return undefined
    const lf = text.indexOf('\n', start + COMM_COLUMN)
    if (lf < 0) return last ? undefined : 'pause'
    const whole = { ...line, contentEnd: contentEnd(text, start, lf), next: lf + 1 }
    const joined = contentOf(whole)
    const body = this.bodies.ofText(joined, this.tidColumn.width, false)
    if (body === undefined || 'fault' in body || body.columns.shape !== 'padded') return undefined
    const rest = joined.slice(body.columns.end)
    const { ns, tod, event } = body.columns
    // Any two lines may have a word, a number and a colon at these places.
    if (ns === undefined && tod === undefined && !isTracepoint(event ?? '') && !this.isGiven) return undefined
    if (event === undefined && taskRecord(rest) !== undefined) return this.readTask(whole, body, rest, out)
    return this.takeSample(whole, body, rest, out, true)
  }

  /** A head of the oldest layouts: a thread, a number, an event's name, and frames in the lines behind it. */
  readLoneHead(line: TextLine, out: Out): Next | undefined {
    if (line.isCut) return undefined
    const body = this.bodies.ofLoneHead(contentOf(line), this.tidColumn.width)
    if (body === undefined) return undefined
    const chain = this.chainOf(line, line.next, body, true)
    if (chain === 'pause') return chain
    return chain.frames.length === 0 ? undefined : this.takeSample(line, body, '', out)
  }

  /** A head that a mailer or a terminal broke before its event's name. */
  readBrokenHead(line: TextLine, out: Out): Next | undefined {
    const joined = joinHead(line)
    if (joined === 'pause' || joined === undefined) return joined
    const body = this.bodies.of(joined.text, this.tidColumn.width)
    if (body === undefined || 'fault' in body || body.columns.event === undefined) return undefined
    return this.takeSample(joined.line, body, body.text.slice(body.columns.end), out, true)
  }
}
