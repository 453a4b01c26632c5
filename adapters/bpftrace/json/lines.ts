import type { Out } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { Metrics } from '../decode/metric.ts'
import type { Session } from '../decode/session.ts'
import { Described } from '../text/described.ts'
import { lineOf, lossRecord, messageRecord } from '../text/talk.ts'
import { KeyEscapes } from './keys.ts'
import { jsonText } from './parse.ts'
import { FRAME, recordAt, type Told } from './records.ts'
import type { JsonRun, Output } from './runs.ts'

const PRINTF = '{"type": "printf", "data": "'
const STOP = -1
const MALFORMED = { word: 'malformed', text: 'begins as a record of bpftrace -f json and ends as none' } as const
const CUT = { word: 'truncated', text: 'the input ends within a record of bpftrace -f json' } as const

/** A record within a run that is no part of it: a helper's error, lost events. */
type Aside = Extract<Told, { readonly kind: 'loss' | 'message' }> & { readonly line: string }

/** Reads the lines of `-f json`. */
export class JsonLines {
  /** Something came that only the program explains. */
  wantsProgram = false
  /** The banner has a count, as from 0.24 on: blanks in keys are deleted. Undefined: there was no banner. */
  private isNew: boolean | undefined = undefined
  private escapes = new KeyEscapes()
  private described = new Described()
  private readonly plainMetrics: Metrics

  constructor(plainMetrics: Metrics) {
    this.plainMetrics = plainMetrics
  }

  /** A new session begins. */
  reset(): void {
    this.isNew = undefined
    this.escapes = new KeyEscapes()
    this.described = new Described()
  }

  /**
   * Takes the record that begins at `at`, or in its line behind what a child printed without a line end; gives its end. Undefined: the line is none of JSON.
   * `isSure`: the stream is known for JSON.
   */
  unit(
    text: string,
    at: number,
    lf: number,
    last: boolean,
    mode: 'unknown' | 'text' | 'json',
    session: Session | undefined,
    out: Out,
  ): number | undefined {
    const lineEnd = lf < 0 ? text.length : lf
    const end = contentEnd(text, at, lineEnd)
    if (mode !== 'text' && session !== undefined && lf >= 0 && text.startsWith(PRINTF, at)) {
      const record = plainRecord(text, at, end, session)
      if (record !== undefined) {
        out.claim('data', lf + 1)
        out.record(record, 'json')
        return lf + 1
      }
    }
    const isSure = mode === 'json'
    if (!text.startsWith(FRAME, at)) return isSure ? this.behindChild(text, at, lineEnd, out) : undefined
    const told = recordAt(text, at, end, isSure)
    if (told === undefined) {
      if (!isSure) return undefined
      const later = this.behindChild(text, at, lineEnd, out)
      if (later !== undefined) return later
      const next = Math.min(lineEnd + 1, text.length)
      return out.reject(lf < 0 ? CUT : MALFORMED, next, lineEnd) ? next : STOP
    }
    // In text only a banner says that what follows is JSON: anything else a child may have printed.
    if (mode === 'text' && !(told.kind === 'message' && told.isBanner)) return undefined
    return this.told(told, text, at, lf, last, session, out)
  }

  /** What a child printed before a record, in its line. */
  private behindChild(text: string, at: number, lineEnd: number, out: Out): number | undefined {
    const line = text.slice(at, lineEnd)
    for (let from = line.lastIndexOf(FRAME); from > 0; from = line.lastIndexOf(FRAME, from - 1)) {
      if (recordAt(text, at + from, contentEnd(text, at + from, lineEnd), true) === undefined) continue
      return out.message(line.slice(0, from), at + from, 'info', 'foreign') ? at + from : STOP
    }
    return undefined
  }

  private told(
    told: Told,
    text: string,
    at: number,
    lf: number,
    last: boolean,
    session: Session | undefined,
    out: Out,
  ): number {
    const lineEnd = lf < 0 ? text.length : lf
    const end = Math.min(lineEnd + 1, text.length)
    switch (told.kind) {
      case 'output':
        return this.output(told.output, text, end, last, session, out)
      case 'loss':
        out.claim('data', end)
        out.record(lossRecord(told.loss), 'json')
        return end
      case 'entries': {
        const metrics = session?.metrics ?? this.plainMetrics
        out.claim('data', end)
        for (const entry of told.entries) {
          const key = entry.key === undefined ? undefined : this.escapes.undo(entry.key, this.isNew)
          out.record(metrics.record({ ...entry, key }, 'json', this.isNew !== false), 'json')
        }
        return end
      }
      case 'message':
        if (told.isBanner) this.isNew = told.isNew
        return out.message(lineOf(text, at, lineEnd), end, told.level, 'stdout') ? end : STOP
    }
  }

  private output(
    output: Output,
    text: string,
    end: number,
    last: boolean,
    session: Session | undefined,
    out: Out,
  ): number {
    if (session === undefined) return this.unknown(output, end, out)
    const found = runOf(output, text, end, last, session)
    if (found === 'more') return STOP
    if (found === 'none')
      return session.decoder.isPartial ? this.undecoded(output, end, out) : said(output, end, out, 'undecoded')
    if (found === 'ambiguous') return said(output, end, out, 'ambiguous')
    const record = session.json.record(found.run)
    if (record === undefined && found.asides.length === 0) {
      return out.message(textOf(found.outputs.map(bytesOf).join('')), found.end, 'info', 'output') ? found.end : STOP
    }
    out.claim('data', found.end)
    out.record(record ?? messageRecord(textOf(found.outputs.map(bytesOf).join('')), 'info', 'output'), 'json')
    for (const aside of found.asides) out.record(asideRecord(aside), 'json')
    return found.end
  }

  /** What a printf of an unknown program printed, which may tell its own names. */
  private unknown(output: Output, end: number, out: Out): number {
    const described =
      output.kind === 'text' && output.call === 'printf' ? this.described.read(textOf(output.bytes)) : undefined
    if (described === undefined) return this.undecoded(output, end, out)
    out.claim(described.kind === 'header' ? 'structure' : 'data', end)
    if (described.kind === 'record') out.record(described.record, 'json')
    return end
  }

  private undecoded(output: Output, end: number, out: Out): number {
    this.wantsProgram = true
    return said(output, end, out, 'undecoded')
  }
}

/** The usual record: a printf's line without escapes, that one call printed. */
function plainRecord(text: string, at: number, end: number, session: Session): EventRecord | undefined {
  const start = at + PRINTF.length
  const inner = end - 4
  // `\n"}`: the first backslash and the first quote are those of the end.
  if (inner < start || text.charCodeAt(end - 1) !== 125) return undefined
  if (text.indexOf('\\', start) !== inner || text.charCodeAt(inner + 1) !== 110 || text.indexOf('"', start) !== end - 2)
    return undefined
  return session.json.single(text, start, inner)
}

function contentEnd(text: string, at: number, lineEnd: number): number {
  return lineEnd > at && lineEnd < text.length && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd
}

interface FoundRun {
  readonly run: JsonRun
  readonly outputs: readonly Output[]
  readonly asides: readonly Aside[]
  readonly end: number
}

/** The run that begins with an output: with the next records, as long as it surely prints more. */
function runOf(
  first: Output,
  text: string,
  firstEnd: number,
  last: boolean,
  session: Session,
): FoundRun | 'more' | 'none' | 'ambiguous' {
  const { json } = session
  let runs = json.begun(first)
  if (runs.length === 0) return json.isAmbiguous ? 'ambiguous' : 'none'
  let end = firstEnd
  let outputs: readonly Output[] = [first]
  let asides: readonly Aside[] = []
  let ahead: readonly Aside[] = []
  for (let at = end; !runs.some(({ isComplete }) => isComplete); ) {
    const lf = text.indexOf('\n', at)
    if (lf < 0 && !last) return 'more'
    const lineEnd = lf < 0 ? text.length : lf
    const told = at < text.length ? recordAt(text, at, contentEnd(text, at, lineEnd), true) : undefined
    const next = Math.min(lineEnd + 1, text.length)
    if (told?.kind === 'output') {
      const longer = runs.flatMap((run) => json.continued(run, told.output))
      if (longer.length === 0) break
      runs = longer
      outputs = [...outputs, told.output]
      asides = [...asides, ...ahead]
      ahead = []
      end = next
    } else if ((told?.kind === 'message' && !told.isBanner) || told?.kind === 'loss') {
      ahead = [...ahead, { ...told, line: lineOf(text, at, lineEnd) }]
    } else break
    at = next
  }
  const complete = runs.filter(({ isComplete }) => isComplete)
  const [run, ...others] = complete.length > 0 ? complete : runs
  if (run === undefined || others.some((other) => !json.isSame(run, other))) return 'ambiguous'
  return { run, outputs, asides, end }
}

function asideRecord(aside: Aside): EventRecord {
  return aside.kind === 'loss' ? lossRecord(aside.loss) : messageRecord(aside.line, aside.level, 'stdout')
}

function said(output: Output, end: number, out: Out, how: 'undecoded' | 'ambiguous'): number {
  return out.message(textOf(bytesOf(output)), end, 'info', 'output', how) ? end : STOP
}

/** Latin1, as it was printed. */
function bytesOf(output: Output): string {
  if (output.kind === 'text') return output.bytes
  const { value } = output
  return `${value.kind === 'string' ? value.bytes : value.kind === 'bare' ? value.text : jsonText(value)}\n`
}

/** Without its final line end. */
function textOf(bytes: string): string {
  return bytes.endsWith('\n') ? bytes.slice(0, -1) : bytes
}
