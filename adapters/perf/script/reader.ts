import type { Context, Out, Reader, Regular, Window } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { type KfreeSkbReader, kfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import type { Outline } from '../../../src/shapes/outline.ts'
import { contentOf, Lines, type Next, type TextLine } from '../../../src/text/lines.ts'
import { isOthersLine } from '../../../src/text/others-line.ts'
import { AppendedLine } from './appended-line.ts'
import { PADDED_HEAD } from './broken.ts'
import { DefaultLine } from './default-line.ts'
import { parseFields } from './fields.ts'
import { readHeaderLine } from './header.ts'
import { outlineOfChain, outlineOfSample, outlineOfSqueezed } from './outline.ts'
import { SampleReader } from './samples.ts'
import { SqueezedLine } from './squeezed-line.ts'
import { type ScriptMemory, ScriptState } from './state.ts'
import { readTalk } from './talk.ts'
import { foreign, type ScriptUnit } from './unit.ts'

/** Reads the text of `perf script`, line by line. Throws UsageError for a `--perf-fields` that perf would refuse. */
export function scriptReader(context: Context): Reader {
  return new ScriptReader(context)
}

const TID_ASSUMED =
  'perf script: the one number of a process was read as the TID, as perf prints by default; of a text made with `-F pid` say --perf-fields'

interface ReaderMemory {
  readonly isTidSettled: boolean
  readonly state: ScriptMemory
}

class ScriptReader implements Reader, Regular {
  private readonly state: ScriptState
  private readonly kfreeSkb: KfreeSkbReader
  private readonly defaultLine: DefaultLine
  private readonly squeezedLine: SqueezedLine
  private readonly appendedLine: AppendedLine
  private readonly samples: SampleReader
  /** The user said which number a process has, or the report says what we assume. */
  private isTidSettled: boolean

  constructor(context: Context) {
    const { perfFields, perfTime } = context.flags
    const layouts = typeof perfFields === 'string' ? parseFields(perfFields) : undefined
    this.state = new ScriptState(layouts, typeof perfTime === 'string' ? perfTime : undefined)
    this.kfreeSkb = kfreeSkbReader(context.reasons)
    this.defaultLine = new DefaultLine(this.state, this.kfreeSkb, context)
    this.squeezedLine = new SqueezedLine(this.state, this.kfreeSkb)
    this.appendedLine = new AppendedLine(this.state, context)
    this.samples = new SampleReader(layouts, this.state, this.kfreeSkb, context)
    this.isTidSettled = layouts !== undefined
  }

  read({ text, last }: Window, out: Out): void {
    const line = new Lines(text, last)
    for (let at: Next = 0; at !== 'pause' && line.moveTo(at); ) {
      const record = line.isCut ? undefined : this.readPlain(line)
      if (record === undefined) at = this.readCold(line, out)
      else {
        if (!this.isTidSettled) this.assumeTid(out)
        out.claim('data', line.next)
        out.record(record)
        at = line.next
      }
    }
  }

  /** The record of a line that is a whole sample in the default columns, as perf printed it or squeezed. */
  private readPlain(line: TextLine): EventRecord | undefined {
    const { state } = this
    const record =
      state.hasDefault && !state.looksBehind ? this.defaultLine.read(line.text, line.start, line.contentEnd) : undefined
    return record !== undefined || state.isGiven ? record : this.squeezedLine.read(line)
  }

  get memory(): string {
    const { isTidSettled, state } = this
    return JSON.stringify({ isTidSettled, state: state.memory } satisfies ReaderMemory)
  }

  set memory(text: string) {
    const { isTidSettled, state }: ReaderMemory = JSON.parse(text)
    this.isTidSettled = isTidSettled
    this.state.memory = state
  }

  get regular(): Regular {
    return this
  }

  get epoch(): number {
    return this.state.epoch
  }

  /** In pasted text, frames may follow a padded head. */
  outline(unit: string): Outline | undefined {
    const { hasDefault, looksBehind, isGiven, isSettled } = this.state
    const sample = hasDefault && !looksBehind ? outlineOfSample(unit) : undefined
    if (sample !== undefined || isGiven) return sample
    return outlineOfSqueezed(unit) ?? (isSettled && !looksBehind ? outlineOfChain(unit) : undefined)
  }

  /** True for a line that has the columns of `--perf-fields`. */
  reads(line: string): boolean {
    return this.state.isGiven && this.samples.fits(line)
  }

  /** Reads a line that is not a whole sample in the default columns: finds what the line is, then claims it. */
  private readCold(line: TextLine, out: Out): Next {
    const unit =
      this.readHeader(line) ??
      readForeign(line) ??
      this.appendedLine.read(line) ??
      this.samples.read(line) ??
      readTalk(line, this.state)
    return unit === 'pause' ? unit : this.take(unit, out)
  }

  private readHeader(line: TextLine): ScriptUnit | undefined {
    if (line.text.charCodeAt(line.start) !== 35) return undefined
    const read = readHeaderLine(contentOf(line), this.state.header)
    if (read === undefined) return undefined
    this.state.learn(read.header)
    return { is: 'header', facts: read.facts, end: line.next }
  }

  private take(unit: ScriptUnit, out: Out): Next {
    const { end } = unit
    switch (unit.is) {
      case 'blank':
        out.claim('blank', end)
        return end
      case 'header':
        out.claim('structure', end)
        if (unit.facts !== undefined) {
          out.learn(unit.facts)
          // The names of reasons may be others now.
          this.kfreeSkb.forget()
        }
        return end
      case 'record':
        if (unit.assumesTid && !this.isTidSettled) this.assumeTid(out)
        out.claim('data', end)
        out.record(unit.record)
        return end
      case 'message':
        return out.message(unit.text, end, unit.level, unit.stream) ? end : 'pause'
      case 'reject':
        if (!out.reject(unit.why, end, unit.at)) return 'pause'
        if (unit.why === PADDED_HEAD) this.state.looksBehind = true
        return end
    }
  }

  /** Says once what was assumed of the one number of a process. */
  private assumeTid(out: Out): void {
    this.isTidSettled = true
    out.assume(TID_ASSUMED)
  }
}

/** An empty line, or one that no tool prints by itself. */
function readForeign(line: TextLine): ScriptUnit | undefined {
  const { start, contentEnd, next } = line
  if (contentEnd === start) return { is: 'blank', end: next }
  const content = contentOf(line)
  return isOthersLine(content) ? foreign(content, next) : undefined
}
