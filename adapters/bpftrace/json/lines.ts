import type { Out, Reject } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { DAMAGED } from '../decode/damage.ts'
import { lossRecord, messageRecord } from '../decode/tool-records.ts'
import type { CallOutput, JsonRun } from '../runs/json-runs.ts'
import type { Session } from '../runs/session.ts'
import { NO_PROGRAM, STOP, type StreamState } from '../runs/stream-state.ts'
import { isSame, surest } from '../runs/workshop.ts'
import { jsonText } from '../tool/json-value.ts'
import { lineOf } from '../tool/talk.ts'
import { BAD_RECORD, FRAME, type JsonRecord, recordAt } from './records.ts'

const PRINTF = '{"type": "printf", "data": "'
/** Of an entry whose value is none. */
const INCOMPLETE = ['incomplete'] as const
const CUT: Reject = { word: 'truncated', text: 'the input ends within a record of bpftrace -f json' }

/** A record within a run that is no part of it: a helper's error, lost events. */
type Aside = Extract<JsonRecord, { readonly kind: 'loss' | 'message' }> & { readonly line: string }

/** Reads the lines of `-f json`. */
export class JsonLines {
  private readonly stream: StreamState

  constructor(stream: StreamState) {
    this.stream = stream
  }

  /**
   * Takes the record that begins at `at`, or in its line behind what a child printed without a line end; gives its end. Undefined: the line is none of JSON.
   */
  unit(text: string, at: number, lf: number, last: boolean, out: Out): number | undefined {
    const { mode, session } = this.stream
    const lineEnd = lf < 0 ? text.length : lf
    const end = contentEnd(text, at, lineEnd)
    if (mode !== 'text' && session !== undefined && lf >= 0 && text.startsWith(PRINTF, at)) {
      const record = plainRecord(text, at, end, session)
      if (record !== undefined) {
        this.stream.mode = 'json'
        out.claim('data', lf + 1)
        out.record(record, 'json')
        return lf + 1
      }
    }
    const isSure = mode === 'json'
    if (!text.startsWith(FRAME, at)) return isSure ? behindChild(text, at, lineEnd, out) : undefined
    const told = recordAt(text, at, end, isSure)
    if (told === undefined) {
      if (!isSure) return undefined
      const later = behindChild(text, at, lineEnd, out)
      if (later !== undefined) return later
      const next = Math.min(lineEnd + 1, text.length)
      return out.reject(lf < 0 ? CUT : BAD_RECORD, next, lineEnd) ? next : STOP
    }
    // In text only a banner says that what follows is JSON: anything else a child may have printed.
    if (mode === 'text' && !(told.kind === 'message' && told.isBanner)) return undefined
    const next = this.told(told, text, at, lineEnd, last, out)
    if (next !== STOP) this.stream.mode = 'json'
    return next
  }

  private told(told: JsonRecord, text: string, at: number, lineEnd: number, last: boolean, out: Out): number {
    const { stream } = this
    const end = Math.min(lineEnd + 1, text.length)
    switch (told.kind) {
      case 'output':
        return this.output(told.output, text, end, last, out)
      case 'loss':
        out.claim('data', end)
        out.record(lossRecord(told.loss), 'json')
        return end
      case 'entries':
        out.claim('data', end)
        for (const entry of told.entries) {
          const key = entry.key === undefined ? undefined : stream.escapes.undo(entry.key, stream.isNewJson)
          const record = stream.metrics.record({ ...entry, key }, 'json', stream.isNewJson !== false)
          if (record.payload !== undefined) record.flags = INCOMPLETE
          out.record(record, 'json')
        }
        return end
      case 'message':
        if (!out.message(lineOf(text, at, lineEnd), end, told.level, 'stdout')) return STOP
        if (told.isBanner) stream.isNewJson = told.isNew
        return end
    }
  }

  private output(output: CallOutput, text: string, end: number, last: boolean, out: Out): number {
    const { session } = this.stream
    if (session === undefined) return this.unknown(output, end, out)
    const found = runOf(output, text, end, last, session)
    if (found === 'more') return STOP
    if (found === 'none') {
      const damage = session.damage.find(textOf(bytesOf(output)))
      if (damage === 'sure') return out.reject(DAMAGED, end, end) ? end : STOP
      return said(output, end, out, damage === 'doubtful' ? 'ambiguous' : 'undecoded')
    }
    if (found === 'ambiguous') return said(output, end, out, 'ambiguous')
    const record = session.json.record(found)
    const printed = textOf(found.outputs.map(bytesOf).join(''))
    if (record === undefined && found.asides.length === 0) {
      return out.message(printed, found.end, 'info', 'output') ? found.end : STOP
    }
    out.claim('data', found.end)
    out.record(record ?? messageRecord(printed, 'info', 'output'), 'json')
    for (const aside of found.asides) out.record(asideRecord(aside), 'json')
    return found.end
  }

  /** What an unknown program printed, which may tell its own names. */
  private unknown(output: CallOutput, end: number, out: Out): number {
    const isLine = output.kind === 'text' && output.call === 'printf'
    const self = isLine ? this.stream.described.read(textOf(output.bytes)) : undefined
    if (self === undefined) {
      out.hint(NO_PROGRAM)
      return said(output, end, out, 'undecoded')
    }
    out.claim(self.kind === 'header' ? 'structure' : 'data', end)
    if (self.kind === 'record') out.record(self.record, 'json')
    return end
  }
}

/** What a child printed before a record, in its line. */
function behindChild(text: string, at: number, lineEnd: number, out: Out): number | undefined {
  const line = text.slice(at, lineEnd)
  for (let from = line.lastIndexOf(FRAME); from > 0; from = line.lastIndexOf(FRAME, from - 1)) {
    if (recordAt(text, at + from, contentEnd(text, at + from, lineEnd), true) === undefined) continue
    return out.message(line.slice(0, from), at + from, 'info', 'foreign') ? at + from : STOP
  }
  return undefined
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

/** A run with the records that it took. */
interface FoundRun extends JsonRun {
  readonly outputs: readonly CallOutput[]
  readonly asides: readonly Aside[]
  readonly end: number
}

/** The run that begins with an output: with the next records, as long as it surely prints more. */
function runOf(
  first: CallOutput,
  text: string,
  firstEnd: number,
  last: boolean,
  session: Session,
): FoundRun | 'more' | 'none' | 'ambiguous' {
  const { json } = session
  const begun = json.begun(first).map((run): FoundRun => ({ ...run, outputs: [first], asides: [], end: firstEnd }))
  if (begun.length === 0) return json.isAmbiguous ? 'ambiguous' : 'none'
  const whole = begun.filter(({ isComplete }) => isComplete)
  let open = begun.filter(({ isComplete }) => !isComplete)
  let ahead: readonly Aside[] = []
  // A run that is whole from its first print on needs no more.
  for (let at = firstEnd; open.length > 0 && !whole.some(isFromStart); ) {
    const lf = text.indexOf('\n', at)
    if (lf < 0 && !last) return 'more'
    const lineEnd = lf < 0 ? text.length : lf
    const end = Math.min(lineEnd + 1, text.length)
    const told = at < text.length ? recordAt(text, at, contentEnd(text, at, lineEnd), true) : undefined
    if (told?.kind === 'output') {
      const longer = open.flatMap((run) => longerBy(told.output, run, ahead, end, json))
      if (longer.length === 0) break
      whole.push(...longer.filter(({ isComplete }) => isComplete))
      open = longer.filter(({ isComplete }) => !isComplete)
      ahead = []
    } else if ((told?.kind === 'message' && !told.isBanner) || told?.kind === 'loss') {
      ahead = [...ahead, { ...told, line: lineOf(text, at, lineEnd) }]
    } else break
    at = end
  }
  const [run, ...others] = surest([...whole, ...open])
  if (run === undefined) return 'none'
  const record = json.record(run)
  return others.every((other) => other.end === run.end && isSame(record, json.record(other))) ? run : 'ambiguous'
}

function longerBy(
  output: CallOutput,
  run: FoundRun,
  ahead: readonly Aside[],
  end: number,
  json: Session['json'],
): readonly FoundRun[] {
  const outputs = [...run.outputs, output]
  const asides = [...run.asides, ...ahead]
  return json.continued(run, output).map((longer) => ({ ...longer, outputs, asides, end }))
}

function isFromStart({ links }: FoundRun): boolean {
  return links[0]?.printed.starts === true
}

function asideRecord(aside: Aside): EventRecord {
  return aside.kind === 'loss' ? lossRecord(aside.loss) : messageRecord(aside.line, aside.level, 'stdout')
}

function said(output: CallOutput, end: number, out: Out, how: 'undecoded' | 'ambiguous'): number {
  return out.message(textOf(bytesOf(output)), end, 'info', 'output', how) ? end : STOP
}

/** Latin1, as it was printed. */
function bytesOf(output: CallOutput): string {
  if (output.kind === 'text') return output.bytes
  const { value } = output
  return `${value.kind === 'string' ? value.bytes : value.kind === 'bare' ? value.text : jsonText(value)}\n`
}

/** Without its final line end. */
function textOf(bytes: string): string {
  return bytes.endsWith('\n') ? bytes.slice(0, -1) : bytes
}
