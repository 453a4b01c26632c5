import type { Context, Out, Reader, Window } from '../../../src/contract.ts'
import { addFlag } from '../../../src/event/record.ts'
import { type KfreeSkbReader, kfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { contentOf, Lines, type Next, type TextLine } from '../../../src/text/lines.ts'
import { isOthersLine } from '../../../src/text/others-line.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { readEntry } from './entry.ts'
import { foreign, formBy, recordUnit, said, type TraceForm, type TraceUnit } from './form.ts'
import { readGraphLine } from './graph.ts'
import { isTracerLine, readHeaderLine } from './header.ts'
import { lossOfLine, printerOfLoss } from './loss.ts'
import { PlainLine } from './plain-line.ts'
import { isCpusLine, readTalk } from './talk.ts'

/** Reads the kernel's trace text, and the report of trace-cmd, line by line. */
export function traceReader(form: TraceForm, context: Context): Reader {
  return new FtraceReader(form, context)
}

const HASH = 35
const GLUED =
  'ftrace: columns of an entry within the text of a marker were read as the next entry, because a NUL ends such a text without a line end'

class FtraceReader implements Reader {
  private form: TraceForm
  private readonly context: Context
  private readonly kfreeSkb: KfreeSkbReader
  private readonly plainLine: PlainLine
  /** The line before is one of a header. */
  private isInHeader = false
  /** The text of the entry before is free, and may go on in this line. */
  private isOpen = false

  constructor(form: TraceForm, context: Context) {
    this.form = form
    this.context = context
    this.kfreeSkb = kfreeSkbReader(context.reasons)
    this.plainLine = new PlainLine(this.kfreeSkb, context)
  }

  read({ text, last }: Window, out: Out): void {
    const line = new Lines(text, last)
    for (let at: Next = 0; at !== 'pause' && line.moveTo(at); ) {
      const record = line.isCut ? undefined : this.plainLine.read(text, line.start, line.contentEnd)
      if (record === undefined) at = this.readCold(line, out)
      else {
        const { isPadded } = this.plainLine.names
        if (isPadded !== undefined) this.form = formBy(isPadded, this.form)
        this.isOpen = false
        this.isInHeader = false
        out.claim('data', line.next)
        out.record(record, this.form)
        at = line.next
      }
    }
  }

  /** Reads a line that is no plain entry: finds what it is, then claims it. */
  private readCold(line: TextLine, out: Out): Next {
    const text = contentOf(line)
    const unit = this.readOther(line, text) ?? this.readEntry(line) ?? this.readRest(line, text)
    return unit === 'pause' ? unit : this.take(unit, out)
  }

  /** A line that is surely no entry. */
  private readOther(line: TextLine, text: string): TraceUnit | undefined {
    const { next, isCut } = line
    if (trimmed(text) === '') return { is: 'blank', end: next }
    const bare = isCut ? '' : unquoted(plainText(text))
    const unit = this.readHeader(bare, next) ?? this.readLoss(bare, next)
    if (unit !== undefined) {
      if (unit.is === 'record' && bare !== text) addFlag(unit.record, 'reformatted')
      return unit
    }
    return isOthersLine(text) ? foreign(text, next) : undefined
  }

  /** A line of a header, without what a mail or a ticket put before it. */
  private readHeader(line: string, end: number): TraceUnit | undefined {
    if (line.charCodeAt(0) === HASH) {
      const header = readHeaderLine(line, end, this.isInHeader)
      if (header !== undefined && isTracerLine(line)) this.form = 'trace'
      return header
    }
    if (!isCpusLine(line)) return undefined
    this.form = 'trace-cmd'
    return { is: 'header', kernel: undefined, end }
  }

  private readLoss(line: string, end: number): TraceUnit | undefined {
    const loss = lossOfLine(line)
    if (loss === undefined) return undefined
    const printer = printerOfLoss(line)
    if (printer !== undefined) this.form = formBy(printer === 'trace-cmd', this.form)
    return recordUnit(loss, end)
  }

  private readEntry(line: TextLine): TraceUnit | 'pause' | undefined {
    const entry = readEntry(line, this.form, this.context)
    if (entry === undefined || entry === 'pause') return entry
    this.form = entry.form
    return entry.unit
  }

  private readRest({ next, isCut }: TextLine, text: string): TraceUnit {
    const unit = readGraphLine(text, next, isCut, this.context) ?? readTalk(text, next)
    if (unit !== undefined) return unit
    return this.isOpen && !isCut ? said(text, next) : foreign(text, next)
  }

  private take(unit: TraceUnit, out: Out): Next {
    const { end } = unit
    const wasOpen = this.isOpen
    this.isInHeader = unit.is === 'header' || (unit.is === 'record' && unit.record.kind === 'loss' && this.isInHeader)
    this.isOpen = unit.is === 'record' ? unit.isOpen : wasOpen && (unit.is === 'blank' || unit.is === 'message')
    switch (unit.is) {
      case 'blank':
        out.claim('blank', end)
        return end
      case 'header':
        out.claim('structure', end)
        if (unit.kernel !== undefined) {
          out.learn({ kernel: unit.kernel })
          // The names of reasons may be others now.
          this.kfreeSkb.forget()
        }
        return end
      case 'record':
        out.claim('data', end)
        out.record(unit.record, this.form)
        if (unit.isGlued) out.assume(GLUED)
        return end
      case 'message':
        return out.message(unit.text, end, unit.level, unit.stream) ? end : 'pause'
      case 'reject':
        return out.reject(unit.why, end, unit.at) ? end : 'pause'
    }
  }
}
