// Samples and PERF_RECORD lines in any rendering: four ways to find one, tried in this order.
import type { Context } from '../../../src/contract.ts'
import type { KfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { trimmedEnd } from '../../../src/text/blank.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { CUT_HEAD } from './broken.ts'
import { isTracepoint } from './column-evidence.ts'
import type { Layouts } from './fields.ts'
import { COMM_COLUMN } from './head.ts'
import { type RenderedLine, RenderedLineReader } from './rendered-line.ts'
import { chainAfter, SampleUnits } from './sample-unit.ts'
import type { ScriptState } from './state.ts'
import { readTask } from './tasks.ts'
import { rejected, type ScriptUnit } from './unit.ts'
import { joinHead } from './wrapped.ts'

export class SampleReader {
  private readonly state: ScriptState
  private readonly lines: RenderedLineReader
  private readonly units: SampleUnits

  constructor(layouts: Layouts | undefined, state: ScriptState, kfreeSkb: KfreeSkbReader, context: Context) {
    this.state = state
    this.lines = new RenderedLineReader(layouts, context)
    this.units = new SampleUnits(state, this.lines, kfreeSkb)
  }

  /** True for a line (latin1, with its end) whose columns say which event it is, or whose. */
  fits(line: string): boolean {
    const head = this.lines.read(trimmedEnd(line), this.state.tidColumn.width)
    if (head === undefined || 'fault' in head) return false
    const { event, ns, tod, pid, tid, cpu } = head.columns
    return event !== undefined || [ns, tod, pid, tid, cpu].filter((column) => column !== undefined).length > 1
  }

  /** The sample that begins with this line. Undefined: there is none. */
  read(line: TextLine): ScriptUnit | 'pause' | undefined {
    return this.readWhole(line) ?? this.readBrokenComm(line) ?? this.readBrokenHead(line) ?? this.readLoneHead(line)
  }

  /** A head in one line. */
  private readWhole(line: TextLine): ScriptUnit | 'pause' | undefined {
    const head = this.lines.read(contentOf(line), this.state.tidColumn.width)
    if (head === undefined) return undefined
    if ('fault' in head) {
      const at = Math.min(line.start + head.at, line.contentEnd)
      return rejected({ word: head.word, text: head.fault }, line.next, at)
    }
    return readTask(line, head, this.state) ?? this.readSample(line, head)
  }

  private readSample(line: TextLine, head: RenderedLine): ScriptUnit | 'pause' {
    const { columns, text, rest } = head
    const isCutInHead = line.isCut && columns.event !== undefined && isOpen(columns.event, text[columns.end - 1], rest)
    return isCutInHead ? rejected(CUT_HEAD, line.next, line.contentEnd) : this.units.make(line, head, false)
  }

  /**
   * A comm that holds a line end breaks the head over two lines: `        new` / `line 25507 [000] …`. Short lines
   * before a head are common in pasted text. The two are one only where they fill the comm's column together, to the
   * byte.
   */
  private readBrokenComm(line: TextLine): ScriptUnit | 'pause' | undefined {
    const { text, start, last } = line
    const isShort = line.contentEnd - start < COMM_COLUMN && !line.isCut
    if (!isShort || text.charCodeAt(start) !== 32 || this.state.isUnpadded) return undefined
    const second = lineAt(text, start + COMM_COLUMN, last)
    if (second === 'pause') return second
    if (second === undefined || second.isCut) return undefined
    const whole = { ...line, contentEnd: second.contentEnd, next: second.next }
    const head = this.lines.readText(contentOf(whole), this.state.tidColumn.width, false)
    if (head === undefined || 'fault' in head || head.columns.shape !== 'padded') return undefined
    const { ns, tod, event } = head.columns
    // Any two lines may have a word, a number and a colon at these places.
    if (ns === undefined && tod === undefined && !isTracepoint(event ?? '') && !this.state.isGiven) return undefined
    return readTask(whole, head, this.state) ?? this.units.make(whole, head, true)
  }

  /** A head that a mailer or a terminal broke before its event's name. */
  private readBrokenHead(line: TextLine): ScriptUnit | 'pause' | undefined {
    const joined = joinHead(line)
    if (joined === 'pause' || joined === undefined) return joined
    const head = this.lines.read(joined.text, this.state.tidColumn.width)
    if (head === undefined || 'fault' in head || head.columns.event === undefined) return undefined
    return this.units.make(joined.line, head, true)
  }

  /** A head of the oldest layouts: a thread, a number, an event's name, and frames in the lines after it. */
  private readLoneHead(line: TextLine): ScriptUnit | 'pause' | undefined {
    if (line.isCut) return undefined
    const head = this.lines.readLoneHead(contentOf(line), this.state.tidColumn.width)
    if (head === undefined) return undefined
    const chain = chainAfter(line, line.next, head, true, this.state)
    if (chain === 'pause') return chain
    return chain.frames.length === 0 ? undefined : this.units.make(line, head, false)
  }
}

/** True while more text could still show another event. `before`: the last char of the columns. */
function isOpen(event: string, before: string | undefined, rest: string): boolean {
  // perf 3.x prints no system: the first member of the payload shows which event this is.
  if (MAY_LACK_SYSTEM.has(event) && FIRST_MEMBER.startsWith(rest)) return true
  return before !== ' ' && !rest.startsWith(FIRST_MEMBER)
}

const MAY_LACK_SYSTEM: ReadonlySet<string> = new Set(['kfree_skb', 'consume_skb'])
const FIRST_MEMBER = 'skbaddr='
