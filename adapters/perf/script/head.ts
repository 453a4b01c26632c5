// The default columns before an event's name: `comm  tid [cpu]  time: `. columns.ts reads other columns. See
// docs/formats/perf.md, "Columns".
import { type Part, seal } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { ClockId } from '../../../src/event/words.ts'
import { MOST_CPUS } from '../../../src/kernel/limits.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { intern } from '../../../src/text/intern.ts'
import { blanksEnd, digitsEnd, isDigit, secondsToNs } from '../../../src/text/scan.ts'
import { processPart } from '../task.ts'

const BLANK = 32
const BRACKET = 91
/** Width of the padded comm column. The next column begins there. */
export const COMM_COLUMN = 16

/** The head of a sample line. */
export interface SampleHead {
  process: Part | undefined
  cpu: Part
  ns: string
  /** Offset after `time: `. */
  end: number
  /** Width of the TID column, where padding shows it. */
  width: number
}

/** A head to read into. */
export function newHead(): SampleHead {
  return { process: undefined, cpu: cpuPart(0), ns: '0', end: 0, width: 0 }
}

/** Sets event, process, cpu and time of a record. `name` is its `event_name`. */
export function fillHead(record: EventRecord, { process, cpu, ns }: SampleHead, name: Part, clockId: ClockId): void {
  record.event_name = name
  record.process = process
  record.cpu = cpu
  record.ns = ns
  record.clockId = clockId
}

/**
 * Reads the default head at `start` into `head`: comm padded to 16 bytes, TID to 5 (perf 6.1) or 7 (6.12 and later).
 * False: the line has another head. A comm has at most 15 bytes, and an anchor `1 [000] 1.000000: ` has 18. So no
 * comm can hold what we look for here.
 */
export function readPaddedHead(text: string, start: number, end: number, head: SampleHead): boolean {
  if (text.charCodeAt(start + COMM_COLUMN) !== BLANK) return false
  let bracket = start + 23
  while (text.charCodeAt(bracket) !== BRACKET) if (++bracket > start + 25) return false
  if (text.charCodeAt(bracket - 1) !== BLANK || !isDigit(text.charCodeAt(bracket - 2))) return false
  const process = PROCESSES.of(text, start, bracket - 1)
  if (process === NO_PROCESS) return false
  head.process = process
  head.width = bracket - start - COMM_COLUMN - 2
  return readCpuAndTime(text, bracket, end, head)
}

/** Reads `[001]   340.799805: `, from the bracket on, into `head`. False: there is something else. */
export function readCpuAndTime(text: string, bracket: number, end: number, head: SampleHead): boolean {
  const cpuEnd = digitsEnd(text, bracket + 1)
  if (cpuEnd - bracket < 4 || text.charCodeAt(cpuEnd) !== 93 || text.charCodeAt(cpuEnd + 1) !== BLANK) return false
  let cpu = 0
  for (let at = bracket + 1; at < cpuEnd; at++) cpu = cpu * 10 + text.charCodeAt(at) - 48
  if (cpu >= MOST_CPUS) return false
  const timeStart = blanksEnd(text, cpuEnd + 2)
  const dot = digitsEnd(text, timeStart)
  const timeEnd = text.charCodeAt(dot + 7) === 58 ? dot + 7 : dot + 10
  if (timeEnd + 1 > end || text.charCodeAt(timeEnd) !== 58 || text.charCodeAt(timeEnd + 1) !== BLANK) return false
  const ns = secondsToNs(text, timeStart, timeEnd)
  if (ns === undefined) return false
  head.cpu = cpuPart(cpu)
  head.ns = ns
  head.end = timeEnd + 2
  return true
}

const NO_PROCESS = seal('process', {})

/** The process, by the text from the comm to the last digit of the TID. */
const PROCESSES = intern((text) => {
  const tidStart = blanksEnd(text, COMM_COLUMN)
  const digits = text.slice(tidStart)
  const from = digits.charCodeAt(0) === 45 ? 1 : 0
  if (text.charCodeAt(0) !== BLANK || digitsEnd(digits, from) !== digits.length || digits.length > 11) return NO_PROCESS
  const column = text.length - COMM_COLUMN - 1
  // A column of 6 is that of perf 6.1 with a TID of six digits. All others are full.
  if (column !== 5 && column !== 7 && column !== digits.length) return NO_PROCESS
  return (
    processPart(text.slice(Math.min(blanksEnd(text, 0), COMM_COLUMN), COMM_COLUMN), undefined, Number(digits)) ??
    NO_PROCESS
  )
})
