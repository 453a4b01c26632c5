// The items of `samples`.

import type { Context, Out, Reject } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { Next } from '../../../src/text/lines.ts'
import { garbage, talk, type UnitStart } from './between.ts'
import { BLANK, CLOSE_LIST, COMMA, CR, LF, OPEN, TAB } from './characters.ts'
import type { DocumentState } from './document-state.ts'
import { PlainSample } from './plain-sample.ts'
import { sampleRecord } from './sample.ts'
import { isSpace, separatorEnd } from './text-end.ts'
import { readJson } from './tokens.ts'
import { nextSample, ValueScan } from './value-scan.ts'

const BETWEEN: Reject = { word: 'malformed', text: 'text between two samples' }
const BROKEN: Reject = { word: 'malformed', text: 'a sample that is not JSON' }
const NO_SAMPLE: Reject = {
  word: 'malformed',
  text: 'an object among the samples without a timestamp, or with a pid, tid or cpu that no kernel gives',
}
const UNENDED: Reject = { word: 'malformed', text: 'a sample without its end before the next one' }

const NO_HEADER =
  'perf JSON: samples come before the headers of their document: they have no host, no ts and no names of reasons'

export class SampleList {
  /** The sample that was read last is as perf writes most of them. */
  isRegular = false
  /** Within a sample that does not end in the window. */
  long: ValueScan | undefined
  private readonly state: DocumentState
  private readonly plain: PlainSample
  private readonly context: Context

  constructor(state: DocumentState, context: Context) {
    this.state = state
    this.plain = new PlainSample(context)
    this.context = context
  }

  /** The names of reasons may be others now. */
  forget(): void {
    this.plain.forget()
  }

  /**
   * Reads what is at `at`: a sample, what separates two, or the end of the list. A sample is a unit with the
   * indentation before it, and with the comma and the line end after it: as perf writes it, it is whole lines.
   */
  read(text: string, at: number, last: boolean, out: Out): Next {
    const brace = indentEnd(text, at)
    if (text.charCodeAt(brace) !== OPEN) return this.between({ text, at, last }, out)
    const { state, plain } = this
    const record = plain.read(text, brace, state.clock)
    this.isRegular = record !== undefined && plain.isRegular
    return record === undefined
      ? this.any({ text, at: brace, last }, out)
      : this.take(record, text, unitEnd(text, plain.end, last), out)
  }

  /** Where reading goes on after a sample that is too long. */
  resumeIn(text: string): number | undefined {
    // Not the sample's own beginning.
    const from = this.long?.isWithin === true ? 0 : indentEnd(text, 0) + 1
    const end = this.long?.endIn(text, 0)
    const next = nextSample(text, from)
    return next >= 0 && (end === undefined || next < end) ? next : end
  }

  private take(record: EventRecord, text: string, end: number, out: Out): Next {
    if (end > text.length) return 'pause'
    if (!this.state.hasHeader) out.hint(NO_HEADER)
    out.claim('data', end)
    out.record(record)
    return end
  }

  /** A sample of any shape, a broken one, or another document. */
  private any({ text, at, last }: UnitStart, out: Out): Next {
    const { state } = this
    const begin = state.beginIn(text, at, last)
    if (begin === 'more') return 'pause'
    if (begin !== undefined) {
      out.claim('structure', begin)
      return begin
    }
    const end = new ValueScan().endIn(text, at)
    const next = nextSample(text.slice(at, end), 1)
    if (next >= 0) {
      const stop = separatorStart(text, at + 1, at + next)
      return out.reject(UNENDED, stop, stop) ? stop : 'pause'
    }
    if (end === undefined) {
      this.long = new ValueScan()
      return 'pause'
    }
    const reading = readJson(text.slice(at, end))
    if ('faultAt' in reading) return out.reject(BROKEN, end, at + reading.faultAt) ? end : 'pause'
    const { value } = reading
    const record = value.kind === 'object' ? sampleRecord(value.members, state.clock, this.context) : undefined
    if (record === undefined) return out.reject(NO_SAMPLE, end, at) ? end : 'pause'
    return this.take(record, text, unitEnd(text, end, last), out)
  }

  /** Commas and white space, the end of the list, a line of perf on stderr, or text that fits nowhere. */
  private between({ text, at, last }: UnitStart, out: Out): Next {
    let end = separatorEnd(text, at)
    if (end === text.length && !last) return 'pause'
    if (end > at) {
      // The indentation of a sample is the sample's.
      if (text.charCodeAt(end) === OPEN) while (isIndent(text.charCodeAt(end - 1))) end--
      out.claim('structure', end)
      return end
    }
    if (text.charCodeAt(at) === CLOSE_LIST) {
      out.claim('structure', at + 1)
      this.state.enter('document')
      return at + 1
    }
    return text.startsWith('[ perf ', at)
      ? talk({ text, at, last }, out)
      : garbage({ text, at, last }, BETWEEN, '{]', out)
  }
}

/** Offset after the comma and the line end that follow a sample; beyond the text when it is not all there. */
function unitEnd(text: string, end: number, last: boolean): number {
  const more = last ? 0 : text.length + 1
  const comma = text.charCodeAt(end) === COMMA ? end + 1 : end
  if (comma >= text.length) return Math.max(more, comma)
  const isCr = text.charCodeAt(comma) === CR
  const lf = isCr ? comma + 1 : comma
  if (lf >= text.length) return Math.max(more, lf)
  return text.charCodeAt(lf) === LF ? lf + 1 : comma
}

function indentEnd(text: string, start: number): number {
  let at = start
  while (isIndent(text.charCodeAt(at))) at++
  return at
}

function isIndent(code: number): boolean {
  return code === TAB || code === BLANK
}

/** Where the comma and the white space before `end` begin. */
function separatorStart(text: string, least: number, end: number): number {
  let at = end
  while (at > least && (isSpace(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === COMMA)) at--
  return at
}
