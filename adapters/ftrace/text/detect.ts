import type { Verdict } from '../../../src/contract.ts'
import { Lines } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { type FtraceColumns, readAnyColumns } from './columns.ts'
import { isRawEntry } from './entry.ts'
import type { TraceForm } from './form.ts'
import { isGraphLine } from './graph.ts'
import { printerOfLoss } from './loss.ts'
import { isOfTraceCmd } from './names.ts'
import { isBareDrop } from './no-columns.ts'
import { isCpusLine, isOfRecord } from './talk.ts'

const SURE = 95
const LIKELY = 70
/** Longer lines are not looked at to their end. */
const LONGEST = 1024

/** Finds headers of the file trace, entries with the columns of ftrace, and what says that events were lost. */
export function detectTrace(lines: string): Verdict | undefined {
  let best: Verdict | undefined
  const walk = new Lines(lines, true)
  while (walk.moveTo(walk.next)) {
    const verdict = detectLine(lines.slice(walk.start, Math.min(walk.contentEnd, walk.start + LONGEST)))
    if (verdict?.score === SURE) return verdict
    best ??= verdict
  }
  return best
}

/** Every line that is sure has one of these. */
const PROMISING =
  /-\d{1,10} |^[ \t>|]{0,16}#|EVENTS|events lost|recorded at|type: \d|skbaddr=|cpus=|us {1,9}\||\) {1,30}\||\[[0-9a-f]{8,16}\]/
const HEADER =
  /^# (?:tracer: \w+$|entries-in-buffer\/entries-written: \d|\w+ latency trace v[\d.]+ on )|^##### CPU \d+ buffer /

function detectLine(line: string): Verdict | undefined {
  if (!PROMISING.test(line)) return undefined
  const bare = unquoted(plainText(line))
  if (HEADER.test(bare)) return verdictOf('trace', SURE, 'a line of the header of the file trace')
  const printer = printerOfLoss(bare)
  if (printer !== undefined) return verdictOf(printer, SURE, 'a CPU that lost events')
  if (isOfRecord(bare)) return verdictOf('trace-cmd', SURE, 'what trace-cmd record says')
  if (isRawEntry(line)) return verdictOf('trace_pipe', SURE, 'an entry of the trace option raw or hex')
  const columns = readAnyColumns(line)
  if (columns !== undefined && columns.body !== '')
    return verdictOf(printerOf(columns), SURE, 'columns of ftrace: comm-TID, [CPU], seconds')
  if (isBareDrop(line) || isBareDrop(bare))
    return verdictOf('trace_pipe', SURE, 'the payload of kfree_skb as the kernel prints it')
  if (isCpusLine(bare)) return verdictOf('trace-cmd', LIKELY, 'the first line of a report of trace-cmd')
  return isGraphLine(line) ? verdictOf('trace', LIKELY, 'a line of the tracer function_graph') : undefined
}

function printerOf({ body, isPasted }: FtraceColumns): TraceForm {
  return isOfTraceCmd(body, isPasted) === true ? 'trace-cmd' : 'trace_pipe'
}

function verdictOf(format: TraceForm, score: number, why: string): Verdict {
  return { format, score, why }
}
