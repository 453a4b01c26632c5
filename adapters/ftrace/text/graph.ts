// Lines of the tracer function_graph: ` 0)   1.382 us    |          __might_sleep();`
// (kernel/trace/trace_functions_graph.c, Linux 6.1 and 6.12).
import type { Context } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { addFlag, EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { MOST_CPUS } from '../../../src/kernel/limits.ts'
import { locationPart } from '../../../src/kernel/location-part.ts'
import { readPlace } from '../../../src/kernel/symbol.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { secondsToNs } from '../../../src/text/scan.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { readBody } from './body.ts'
import { recordUnit, rejected, said, type TraceUnit } from './form.ts'
import { columnsPart, entryTask } from './head.ts'

/**
 * [time |] CPU) [comm-TID |] [flags |] [duration] | what happened. The duration has a mark where it is long: `+`, `!`,
 * `#`, `*`, `@`, `$`.
 */
const LINE =
  /^ {0,8}(?:(?<time>\d{1,10}\.\d{6}) \| {1,2})? {0,3}(?<cpu>\d{1,4})\) {1,8}(?:(?<comm>[^\s|][^|]{0,15}?)-(?<tid>\d{1,10}) {1,8}\| {1,3})?(?:(?<flags>[.#A-Za-z\d]{4,9}) {0,3}\| {1,3})?(?<duration>(?:[+!#*@$] ?)?\d{1,12}\.?\d{0,3} us)? *\| {2}(?<rest>\s*\S.*)$/s
/** An interrupt begins or ends. */
const INTERRUPT = /^.{0,32}\d\) .{0,48}(?:={10}>|<={10}) \| *$/
const CALL = /^(?<symbol>[\w.$]{1,256}(?: \[[\w-]{1,64}\])?)\((?<parameters>.*)\)(?:;| \{)(?: .*)?$/s
const SWITCH = /^(?: -{20,}| {0,8}\d{1,4}\) {1,3}\S.{0,32}-\d{1,10} {1,8}=> {1,3}\S.{0,32}-\d{1,10} *)$/

/** True for a line (latin1) with a function, or an event, of a graph. */
export function isGraphLine(line: string): boolean {
  return LINE.test(line)
}

/** The unit of such a line (latin1), which may be quoted. Undefined: it is another one. */
export function readGraphLine(line: string, end: number, isCut: boolean, context: Context): TraceUnit | undefined {
  if (SWITCH.test(line) || INTERRUPT.test(line)) return said(line, end)
  if (isCut) return undefined
  const printed = readGraph(line, end, context)
  if (printed !== undefined) return printed
  const bare = unquoted(plainText(line))
  const pasted = bare === line ? undefined : readGraph(bare, end, context)
  if (pasted?.is === 'record') addFlag(pasted.record, 'reformatted')
  return pasted
}

function readGraph(line: string, end: number, context: Context): TraceUnit | undefined {
  const groups = LINE.exec(line)?.groups
  const rest = trimmed(groups?.rest ?? '')
  if (groups === undefined || rest === '') return undefined
  const comment = /^\/\* (.*) \*\/$/s.exec(rest)?.[1]
  const read = comment === undefined ? undefined : readBody(comment, false, false, context)
  if (read !== undefined && 'word' in read) return rejected(read, end, end)
  const record = read?.record ?? callRecord(rest, groups.duration)
  const { comm = '', tid, flags } = groups
  if (tid !== undefined) record.process = entryTask(comm, tid, undefined)
  record.sample = columnsPart(flags, {})
  const cpu = Number(groups.cpu)
  if (cpu < MOST_CPUS) record.cpu = cpuPart(cpu)
  record.ns = groups.time === undefined ? undefined : secondsToNs(groups.time, 0, groups.time.length)
  if (record.ns !== undefined) record.clockId = 'unknown'
  return recordUnit(record, end)
}

function callRecord(rest: string, duration: string | undefined): EventRecord {
  const record = new EventRecord('trace')
  record.event_name = seal('event_name', rest.startsWith('}') ? 'ftrace:funcgraph_exit' : 'ftrace:funcgraph_entry')
  const symbol = CALL.exec(rest)?.groups?.symbol
  const place = symbol === undefined ? undefined : readPlace(symbol)
  if (place !== undefined) record.location = locationPart(place.place)
  if (duration !== undefined) record.args = seal('args', { duration })
  record.payload = payloadPart(rest)
  return record
}
