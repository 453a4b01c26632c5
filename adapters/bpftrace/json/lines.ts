import type { Out, Reject } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { Outline } from '../../../src/shapes/outline.ts'
import { jsonText } from '../../../src/text/json-value.ts'
import { contentOf, lineAt, type Next, type TextLine } from '../../../src/text/lines.ts'
import { DAMAGED } from '../decode/damage.ts'
import { lossRecord, messageRecord } from '../decode/tool-records.ts'
import type { CallOutput, JsonRun } from '../runs/json-runs.ts'
import type { RegularLines } from '../runs/regular-lines.ts'
import type { Session } from '../runs/session.ts'
import { NO_PROGRAM, type StreamState } from '../runs/stream-state.ts'
import { isSame, surest } from '../runs/workshop.ts'
import { BAD_RECORD, FRAME, type JsonRecord, recordAt } from './records.ts'

const PRINTF = '{"type": "printf", "data": "'
/** The flag of an entry without a valid value. */
const INCOMPLETE = ['incomplete'] as const
const CUT: Reject = { word: 'truncated', text: 'the input ends within a record of bpftrace -f json' }

/** A record between the records of a run that does not belong to it: an error of a helper, lost events. */
type Aside = Extract<JsonRecord, { readonly kind: 'loss' | 'message' }> & { readonly line: string }

/** Reads the lines of `-f json`. */
export class JsonLines {
  private readonly stream: StreamState

  constructor(stream: StreamState) {
    this.stream = stream
  }

  /**
   * Takes the record of a line, or what a child printed before it in the same line. Returns where reading goes on;
   * undefined: the line is not JSON of bpftrace.
   */
  unit(line: TextLine, out: Out): Next | undefined {
    const { mode, session } = this.stream
    const { text, start, next } = line
    if (mode !== 'text' && session !== undefined && !line.isCut && text.startsWith(PRINTF, start)) {
      const record = plainRecord(line, session)
      if (record !== undefined) {
        this.stream.mode = 'json'
        out.claim('data', next)
        out.record(record, 'json')
        return next
      }
    }
    const isSure = mode === 'json'
    if (!text.startsWith(FRAME, start)) return isSure ? childOutput(line, out) : undefined
    const record = recordAt(text, start, line.contentEnd, isSure)
    if (record === undefined) {
      if (!isSure) return undefined
      return childOutput(line, out) ?? rejected(line, out)
    }
    // After text only a banner shows that JSON follows. Any other record may be the output of a child.
    if (mode === 'text' && !(record.kind === 'message' && record.isBanner)) return undefined
    const end = this.take(record, line, out)
    if (end !== 'pause') this.stream.mode = 'json'
    return end
  }

  private take(record: JsonRecord, line: TextLine, out: Out): Next {
    const { stream } = this
    const { next } = line
    switch (record.kind) {
      case 'output':
        return this.output(record.output, line, out)
      case 'loss':
        out.claim('data', next)
        out.record(lossRecord(record.loss), 'json')
        return next
      case 'entries':
        out.claim('data', next)
        for (const entry of record.entries) {
          const key = entry.key === undefined ? undefined : stream.escapes.undo(entry.key, stream.isNewJson)
          const metric = stream.metrics.record({ ...entry, key }, 'json', stream.isNewJson !== false)
          if (metric.payload !== undefined) metric.flags = INCOMPLETE
          out.record(metric, 'json')
        }
        return next
      case 'message':
        if (!out.message(contentOf(line), next, record.level, 'stdout')) return 'pause'
        if (record.isBanner) stream.isNewJson = record.isNew
        return next
    }
  }

  private output(output: CallOutput, line: TextLine, out: Out): Next {
    const { session } = this.stream
    const { next } = line
    if (session === undefined) return this.unknown(output, next, out)
    const found = runOf(output, line, session)
    if (found === 'pause') return 'pause'
    if (found === 'none') {
      const damage = session.damage.find(withoutLineEnd(bytesOf(output)))
      if (damage === 'sure') return out.reject(DAMAGED, next, next) ? next : 'pause'
      return outputMessage(output, next, out, damage === 'doubtful' ? 'ambiguous' : 'undecoded')
    }
    if (found === 'ambiguous') return outputMessage(output, next, out, 'ambiguous')
    const record = session.json.record(found)
    const printed = withoutLineEnd(found.outputs.map(bytesOf).join(''))
    if (record === undefined && found.asides.length === 0) {
      return out.message(printed, found.end, 'info', 'output') ? found.end : 'pause'
    }
    out.claim('data', found.end)
    out.record(record ?? messageRecord(printed, 'info', 'output'), 'json')
    for (const aside of found.asides) out.record(asideRecord(aside), 'json')
    return found.end
  }

  /** The output of an unknown program, which may name its own members. */
  private unknown(output: CallOutput, next: number, out: Out): Next {
    const isLine = output.kind === 'text' && output.call === 'printf'
    const description = isLine ? this.stream.described.read(withoutLineEnd(output.bytes)) : undefined
    if (description === undefined) {
      out.hint(NO_PROGRAM)
      return outputMessage(output, next, out, 'undecoded')
    }
    out.claim(description.kind === 'header' ? 'structure' : 'data', next)
    if (description.kind === 'record') out.record(description.record, 'json')
    return next
  }
}

/** What a child printed before a record, in the same line. */
function childOutput(line: TextLine, out: Out): Next | undefined {
  const { text, start } = line
  const content = contentOf(line)
  for (let from = content.lastIndexOf(FRAME); from > 0; from = content.lastIndexOf(FRAME, from - 1)) {
    if (recordAt(text, start + from, line.contentEnd, true) === undefined) continue
    return out.message(content.slice(0, from), start + from, 'info', 'foreign') ? start + from : 'pause'
  }
  return undefined
}

function rejected({ isCut, next }: TextLine, out: Out): Next {
  return out.reject(isCut ? CUT : BAD_RECORD, next, isCut ? next : next - 1) ? next : 'pause'
}

/** The usual record: a printf's line without escapes, which one call printed. */
function plainRecord({ text, start: at, contentEnd: end }: TextLine, session: Session): EventRecord | undefined {
  const start = at + PRINTF.length
  const inner = plainEnd(text, start, end)
  return inner < 0 ? undefined : session.json.single(text, start, inner)
}

/** Where a printf's line without escapes ends, whose record ends at `end`; -1: it is another record. */
function plainEnd(text: string, start: number, end: number): number {
  const inner = end - 4
  // `\n"}`: the first backslash and the first quote are those at the end.
  if (inner < start || text.charCodeAt(end - 1) !== 125) return -1
  const isPlain =
    text.indexOf('\\', start) === inner && text.charCodeAt(inner + 1) === 110 && text.indexOf('"', start) === end - 2
  return isPlain ? inner : -1
}

/** The outline of a line that holds such a record. */
export function outlineOfPlain({ text, contentEnd }: TextLine, lines: RegularLines | undefined): Outline | undefined {
  const inner = text.startsWith(PRINTF) ? plainEnd(text, PRINTF.length, contentEnd) : -1
  return inner < 0 ? undefined : lines?.outline(text, PRINTF.length, inner)
}

/** A run with the records that it consists of. */
interface FoundRun extends JsonRun {
  readonly outputs: readonly CallOutput[]
  readonly asides: readonly Aside[]
  readonly end: number
}

/** The run that begins with an output. It takes the next records as long as it surely prints more. */
function runOf(
  first: CallOutput,
  { text, next, last }: TextLine,
  session: Session,
): FoundRun | 'pause' | 'none' | 'ambiguous' {
  const { json } = session
  const begun = json.begun(first).map((run): FoundRun => ({ ...run, outputs: [first], asides: [], end: next }))
  if (begun.length === 0) return json.isAmbiguous ? 'ambiguous' : 'none'
  const whole = begun.filter(({ isComplete }) => isComplete)
  let open = begun.filter(({ isComplete }) => !isComplete)
  let ahead: readonly Aside[] = []
  // A run that is complete from its first print on needs no further record.
  for (let at = next; open.length > 0 && !whole.some(isFromStart); ) {
    const line = lineAt(text, at, last)
    if (line === 'pause') return 'pause'
    const record = line === undefined ? undefined : recordAt(text, at, line.contentEnd, true)
    if (line === undefined || record === undefined) break
    if (record.kind === 'output') {
      const longer = open.flatMap((run) => longerBy(record.output, run, ahead, line.next, json))
      if (longer.length === 0) break
      whole.push(...longer.filter(({ isComplete }) => isComplete))
      open = longer.filter(({ isComplete }) => !isComplete)
      ahead = []
    } else if ((record.kind === 'message' && !record.isBanner) || record.kind === 'loss') {
      ahead = [...ahead, { ...record, line: contentOf(line) }]
    } else break
    at = line.next
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

function outputMessage(output: CallOutput, next: number, out: Out, how: 'undecoded' | 'ambiguous'): Next {
  return out.message(withoutLineEnd(bytesOf(output)), next, 'info', 'output', how) ? next : 'pause'
}

/** The bytes that were printed, as latin1. */
function bytesOf(output: CallOutput): string {
  if (output.kind === 'text') return output.bytes
  const { value } = output
  return `${value.kind === 'string' ? value.bytes : value.kind === 'bare' ? value.text : jsonText(value)}\n`
}

function withoutLineEnd(bytes: string): string {
  return bytes.endsWith('\n') ? bytes.slice(0, -1) : bytes
}
