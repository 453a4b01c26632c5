// The columns before an entry's text: `            curl-19400   [001] ..s1.   907.932179: `. See
// docs/formats/ftrace.md, "Columns".
import { type Part, seal, sealJson } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { MOST_CPUS } from '../../../src/kernel/limits.ts'
import { cpuPart, taskPart } from '../../../src/kernel/task-parts.ts'
import { intern } from '../../../src/text/intern.ts'
import { blanksEnd, digitsEnd, isDigit, secondsToNs } from '../../../src/text/scan.ts'

/** Width of the comm column, in bytes (`%16s`, kernel/trace/trace_output.c). */
export const COMM_COLUMN = 16

const BLANK = 32
const OPEN = 40
const CLOSE = 41
const DASH = 45
const DOT = 46
const COLON = 58
const BRACKET = 91
const BRACKET_END = 93

/** What the columns of an entry say. */
export interface EntryColumns {
  process: Part | undefined
  cpu: Part | undefined
  /** What the columns say beside the task and the time. */
  sample: Part | undefined
  /** Undefined: the clock of the trace counts no nanoseconds. */
  ns: string | undefined
  isRelative: boolean
}

/** The columns of an entry, read in a window. */
export interface TraceHead extends EntryColumns {
  /** Offset of the entry's text. */
  end: number
}

/** A head to read into. */
export function newHead(): TraceHead {
  return { process: undefined, cpu: undefined, sample: undefined, ns: undefined, isRelative: false, end: 0 }
}

/** Sets process, cpu and time of a record. No text of ftrace names the clock. */
export function fillHead(record: EventRecord, { process, cpu, sample, ns, isRelative }: EntryColumns): void {
  record.process = process
  record.cpu = cpu
  record.sample = sample
  if (ns === undefined) return
  record.ns = ns
  record.clockId = isRelative ? 'relative' : 'unknown'
}

/**
 * Reads a head at `start` into `head`: comm padded to 16 bytes, `-`, TID, `(TGID)`, `[CPU]`, flags, time. False: the
 * line has another head. A comm has at most 15 bytes, so none can reach the `-` in the 17th.
 */
export function readPaddedHead(text: string, start: number, end: number, head: TraceHead): boolean {
  if (text.charCodeAt(start + COMM_COLUMN) !== DASH) return false
  const bracket = bracketAfter(text, start + COMM_COLUMN + 1)
  if (bracket === undefined) return false
  const process = TASKS.of(text, start, bracket)
  if (process === NO_TASK) return false
  const cpuEnd = digitsEnd(text, bracket + 1)
  if (cpuEnd - bracket < 4 || text.charCodeAt(cpuEnd) !== BRACKET_END) return false
  let cpu = 0
  for (let at = bracket + 1; at < cpuEnd; at++) cpu = cpu * 10 + text.charCodeAt(at) - 48
  if (cpu >= MOST_CPUS || !readTime(text, cpuEnd + 1, end, head)) return false
  head.process = process
  head.cpu = cpuPart(cpu)
  return true
}

/** Offset of the bracket after `19400   ` or `19400   (  19393) `. */
function bracketAfter(text: string, start: number): number | undefined {
  const digits = text.charCodeAt(start) === DASH ? start + 1 : start
  let at = digitsEnd(text, digits)
  if (at === digits || at > digits + 10 || text.charCodeAt(at) !== BLANK) return undefined
  at = blanksEnd(text, at)
  if (text.charCodeAt(at) === OPEN) {
    let close = at + 1
    while (text.charCodeAt(close) !== CLOSE) if (++close > at + 12) return undefined
    at = blanksEnd(text, close + 1)
  }
  return text.charCodeAt(at) === BRACKET ? at : undefined
}

/** Reads ` ..s1.   907.932179: `, from the bracket's end on. */
function readTime(text: string, start: number, end: number, head: TraceHead): boolean {
  if (text.charCodeAt(start) !== BLANK) return false
  const flags = start + 1
  let timeStart = flags
  const first = text.charCodeAt(flags)
  let hasFlags = false
  if (first !== BLANK && !isDigit(first)) {
    while (text.charCodeAt(timeStart) !== BLANK) if (++timeStart > flags + MOST_FLAGS) return false
    if (timeStart - flags < FEWEST_FLAGS) return false
    hasFlags = true
  }
  const flagsEnd = timeStart
  timeStart = blanksEnd(text, timeStart)
  const dot = digitsEnd(text, timeStart)
  let timeEnd = dot
  if (text.charCodeAt(dot) === DOT) timeEnd = text.charCodeAt(dot + 7) === COLON ? dot + 7 : dot + 10
  if (timeEnd + 1 > end || text.charCodeAt(timeEnd) !== COLON || text.charCodeAt(timeEnd + 1) !== BLANK) return false
  head.isRelative = false
  head.end = timeEnd + 2
  if (timeEnd === dot) {
    if (dot === timeStart || dot - timeStart > MOST_TICKS) return false
    head.ns = undefined
    head.sample = columnsPart(hasFlags ? text.slice(flags, flagsEnd) : undefined, { ticks: text.slice(timeStart, dot) })
    return true
  }
  head.ns = secondsToNs(text, timeStart, timeEnd)
  if (head.ns === undefined) return false
  head.sample = hasFlags ? FLAGS.of(text, flags, flagsEnd) : undefined
  return head.sample !== NO_FLAGS
}

/** Digits of 64 bits. */
const MOST_TICKS = 20
const FEWEST_FLAGS = 4
const MOST_FLAGS = 9

const NO_FLAGS = seal('sample', {})
/** The letters of interrupts, rescheduling and context, and two depths. */
const FLAGS = intern((flags) => (/^[.#A-Za-z\d]+$/.test(flags) ? sealJson('sample', { irq_flags: flags }) : NO_FLAGS))

/** The `sample` part of the columns that are there. */
export function columnsPart(
  flags: string | undefined,
  others: { readonly [column: string]: string | undefined },
): Part | undefined {
  const sample: { [column: string]: string } = flags === undefined ? {} : { irq_flags: flags }
  for (const [column, value] of Object.entries(others)) if (value !== undefined && value !== '') sample[column] = value
  return Object.keys(sample).length === 0 ? undefined : sealJson('sample', sample)
}

const NO_TASK = seal('process', {})

/** The process, by the text from the comm to the bracket. */
const TASKS = intern((text) => {
  const [, tid = '', tgid] = /^-(-?\d+) +(?:\( *(\d+|-+)\) *)?$/.exec(text.slice(COMM_COLUMN)) ?? []
  if (tid === '') return NO_TASK
  return entryTask(text.slice(Math.min(blanksEnd(text, 0), COMM_COLUMN), COMM_COLUMN), tid, tgid) ?? NO_TASK
})

/**
 * The `process` part. The kernel prints `<...>` for a thread whose name it does not remember, and `<XXX>` for a
 * negative id: these are no names. `<idle>` is its word for thread 0. Undefined: no kernel gives such an id.
 */
export function entryTask(comm: string, tid: string, tgid: string | undefined): Part | undefined {
  const pid = tgid === undefined || tgid.startsWith('-') ? undefined : Number(tgid)
  return taskPart(comm === '<...>' || comm === '<XXX>' ? undefined : comm, pid, Number(tid))
}
