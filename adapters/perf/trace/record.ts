// The record of an entry.
import type { Context } from '../../../src/contract.ts'
import { sealJson } from '../../../src/event/part.ts'
import { addFlag, EventRecord } from '../../../src/event/record.ts'
import { argsOf } from '../../../src/kernel/args.ts'
import { argumentsRecord, eventNamePart, eventRecord, payloadPart } from '../../../src/kernel/event-record.ts'
import type { Argument } from '../../../src/kernel/payload.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { intern } from '../../../src/text/intern.ts'
import { knownProcess, processPart } from '../task.ts'
import type { CallResult, EntryBody } from './body.ts'
import { type EntryClock, millisecondsToNs } from './clock.ts'
import type { TraceEntry } from './entry.ts'
import { readFields } from './fields.ts'
import type { PrintedColumns } from './head.ts'

/** `isCut`: the input ends with the entry's text, so what touches the end may go on. */
export function entryRecord(
  { head, body }: TraceEntry,
  isCut: boolean,
  clock: EntryClock,
  context: Context,
): EventRecord {
  const record = bodyRecord(body, isCut, context)
  if (isCut) addFlag(record, 'incomplete')
  fillHead(record, head, clock)
  return record
}

function fillHead(record: EventRecord, { time, cpu, duration, comm, tid }: PrintedColumns, clock: EntryClock): void {
  const ns = time === undefined ? undefined : millisecondsToNs(time)
  if (time !== undefined && ns !== undefined) {
    record.clockId = clock.idOf(time)
    record.ns = ns
  }
  if (cpu !== undefined) record.cpu = cpuPart(cpu)
  if (tid !== undefined)
    record.process =
      comm === undefined || comm === '' ? processPart(undefined, undefined, tid) : knownProcess(comm, undefined, tid)
  const duration_ns = duration === undefined ? undefined : millisecondsToNs(duration)
  // Of an event before the first one perf prints 2^64 ns less the difference, rounded. That is no time.
  const lost = ns === undefined ? time : undefined
  if (lost !== undefined) addFlag(record, 'incomplete')
  if (lost !== undefined || duration_ns !== undefined)
    record.sample = sealJson('sample', {
      ...(lost !== undefined && { time: lost }),
      ...(duration_ns !== undefined && { duration_ns }),
    })
}

const nameOf = intern(eventNamePart)

function bodyRecord(body: EntryBody, isCut: boolean, context: Context): EventRecord {
  switch (body.is) {
    case 'event':
      return tracepointRecord(body.name, body.inner, isCut && body.isOpen, context)
    case 'call':
      return callRecord(
        `syscalls:sys_enter_${body.name}`,
        body.inner,
        isCut && body.isOpen,
        resultOf(body.result, isCut),
      )
    case 'return':
      return callRecord(`syscalls:sys_exit_${body.name}`, '', false, resultOf(body.result, isCut))
    case 'fault': {
      const record = new EventRecord('trace')
      record.event_name = nameOf.get(body.name)
      if (!isCut) record.payload = payloadPart(body.text)
      return record
    }
  }
}

/** A tracepoint by its fields, or by its own print format (--libtraceevent_print, and perf before 5.0). */
function tracepointRecord(event: string, inner: string, isCut: boolean, context: Context): EventRecord {
  const fields = readFields(event, inner, isCut)
  if (fields === undefined) {
    const record = eventRecord(event, inner, isCut ? 'cut' : 'whole', context)
    record.event_name = nameOf.get(event)
    return record
  }
  const args = isCut && !fields.isOpen ? withoutLast(fields.args, context) : fields.args
  const { record, isWhole } = argumentsRecord(event, args, context.reasons)
  record.event_name = nameOf.get(event)
  if (isCut) return record
  if (!(fields.isWhole && isWhole)) record.payload = payloadPart(inner)
  if (fields.isOpen) addFlag(record, 'incomplete')
  if (fields.isReformatted) addFlag(record, 'reformatted')
  return record
}

/** The last argument touches the end of the input. It stays only if it cannot be a piece of a longer one. */
function withoutLast(args: readonly Argument[], context: Context): readonly Argument[] {
  const last = args.at(-1)
  return last?.key === 'reason' && context.isWholeReason(last.value) ? args : args.slice(0, -1)
}

/** A call, or its return. All its arguments are text. */
function callRecord(event: string, inner: string, isCut: boolean, result: readonly Argument[]): EventRecord {
  const record = new EventRecord('trace')
  record.event_name = nameOf.get(event)
  const fields = readFields(event, inner, isCut)
  const printed = fields?.args ?? []
  const args = [...(isCut && fields?.isOpen === false ? printed.slice(0, -1) : printed), ...result]
  const sealed = args.length === 0 ? undefined : argsOf(event, args)
  record.args = sealed?.part
  const isWhole = fields?.isWhole === true && sealed?.isWhole !== false
  if (!isWhole && !isCut) record.payload = payloadPart(inner)
  if (fields?.isOpen === true) addFlag(record, 'incomplete')
  if (fields?.isReformatted === true) addFlag(record, 'reformatted')
  return record
}

/**
 * `ret`, `errno`, and the text in parentheses. `isCut`: a text in parentheses may hold others, but what perf says of an
 * errno does not.
 */
function resultOf(result: CallResult, isCut: boolean): readonly Argument[] {
  if (result === 'open') return []
  const { value, errno, note } = result
  if (isCut && (note === undefined || errno === undefined)) return []
  return [
    { key: 'ret', value },
    ...(errno === undefined ? [] : [{ key: 'errno', value: errno }]),
    ...(note === undefined || note === '' ? [] : [{ key: 'ret_text', value: note }]),
  ]
}
