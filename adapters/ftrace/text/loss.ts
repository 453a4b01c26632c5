// Lines that say that events were lost. See docs/formats/ftrace.md, "Loss".
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { MOST_CPUS } from '../../../src/kernel/limits.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'

/** `CPU:1 [LOST 1380 EVENTS]` of the kernel, `CPU:1 [1380 EVENTS DROPPED]` of trace-cmd; both may give no number. */
const LOST = /^CPU:(\d{1,5}) \[(?:LOST (?:(\d{1,15}) )?EVENTS|(?:(\d{1,15}) )?EVENTS DROPPED)\]$/
/** What `trace-cmd record` says of a CPU at its end. */
const LOST_IN_ALL = /^CPU (\d{1,5}): (\d{1,15}) events lost$/
/** An entry that did not fit the page of the reader (`print_trace_line`, kernel/trace/trace.c). */
const TOO_BIG = '[LINE TOO BIG]'

/** The record of such a line. Undefined: it is another one. */
export function lossOfLine(line: string): EventRecord | undefined {
  if (line === TOO_BIG) return lossRecord(1, 'delta', 'unknown')
  const [, lostCpu, lost, dropped] = LOST.exec(line) ?? []
  if (lostCpu !== undefined) return onCpu(lostCpu, lossRecord(numberOf(lost ?? dropped), 'delta', 'overwritten'))
  const [, cpu, count] = LOST_IN_ALL.exec(line) ?? []
  return cpu === undefined ? undefined : onCpu(cpu, lossRecord(numberOf(count), 'total', 'overwritten'))
}

/** Who prints such a line. Undefined: it is another one. */
export function printerOfLoss(line: string): 'trace_pipe' | 'trace-cmd' | undefined {
  if (LOST.test(line)) return line.endsWith(' DROPPED]') ? 'trace-cmd' : 'trace_pipe'
  return LOST_IN_ALL.test(line) ? 'trace-cmd' : undefined
}

/**
 * The events that are not in the buffer any more, by a header: the entries in it, and those that were ever written.
 * Undefined: none is lost.
 */
export function lossOfHeader(kept: string, written: string): EventRecord | undefined {
  const lost = Number(written) - Number(kept)
  return lost > 0 ? lossRecord(lost, 'total', 'overwritten') : undefined
}

function lossRecord(count: number | undefined, mode: 'delta' | 'total', cause: 'overwritten' | 'unknown'): EventRecord {
  const record = new EventRecord('loss')
  record.loss = seal('loss', { ...(count !== undefined && { count }), unit: 'records', cause, mode })
  return record
}

function onCpu(digits: string, record: EventRecord): EventRecord {
  const cpu = Number(digits)
  if (cpu < MOST_CPUS) record.cpu = cpuPart(cpu)
  return record
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}
