// What perf trace prints beside its entries: summaries of calls, losses, warnings (tools/perf/builtin-trace.c, perf
// 5.10 to 7.2).
import type { Level } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { uint } from '../../../src/text/scan.ts'
import { talkLevel } from '../talk-level.ts'

/** The record of `LOST 32 events!` (latin1). Each such line counts what the ring buffer lost since the one before. */
export function lossOf(line: string): EventRecord | undefined {
  const [, digits = ''] = /^LOST (\d{1,20}) events!$/.exec(line) ?? []
  if (digits === '') return undefined
  const count = uint(digits, 0, digits.length)
  const record = new EventRecord('loss')
  const rest = { unit: 'records', cause: 'ring_full', mode: 'delta' } as const
  record.loss = seal('loss', count === undefined ? rest : { count, ...rest })
  return record
}

/** How serious a line of perf's own talk is (latin1). Undefined: the line is not one. */
export function traceTalkLevel(line: string): Level | undefined {
  if (isSummary(line) || DEBUG.some((debug) => debug.test(line))) return 'info'
  if (WARNINGS.some((warning) => warning.test(line))) return 'warning'
  return ERRORS.some((error) => error.test(line)) ? 'error' : talkLevel(line)
}

/** True for a line of the summary (-s, -S, --errno-summary). Only perf trace prints such lines. */
export function isSummary(line: string): boolean {
  return SUMMARY.some((form) => form.test(line))
}

const SUMMARY: readonly RegExp[] = [
  /^ Summary of events:$/,
  /^ (?:.{0,64} \(-?\d{1,10}\)|total|cgroup [^\n]{1,4096}), \d{1,20} events(?:, \d{1,3}\.\d%)?(?:, \d{1,20} m(?:aj|in)faults)*(?:, \d{1,20}\.\d{3} msec)?$/,
  /^ {3}syscall {12}calls {2}errors {2}total {7}min {7}avg {7}max {7}stddev$/,
  /^ {37}\(msec\) {4}\(msec\) {4}\(msec\) {4}\(msec\) {8}\(%\)$/,
  /^ {3}-{15} -{8} {2}-{6} -{8} -{9} -{9} -{9} {5}-{6}$/,
  /^ {3}\w{1,64} +\d{1,20} +\d{1,20} +\d{1,20}\.\d{3} +\d{1,20}\.\d{3} +\d{1,20}\.\d{3} +\d{1,20}\.\d{3} +\d{1,9}\.\d\d%$/,
  /^\t{4}(?:E[A-Z0-9]{1,20}|\(unknown\)): \d{1,20}$/,
]

const DEBUG: readonly RegExp[] = [
  // --print-sample
  /^ *(?:raw_)?syscalls:sys_\w{1,64} +\d{1,16}\.\d{3} .{0,16} -?\d{1,10}\/-?\d{1,10} \[\d{1,4}\]$/,
  /^event qualifier tracepoint filter: /,
  /^mmap size \d{1,20}B$/,
  /^Invalid syscall -?\d{1,10} id, skipping \(/,
]

const WARNINGS: readonly RegExp[] = [
  /^Problem processing [^ ]{1,256} (?:callchain|field), skipping\.\.\.$/,
  /^Problems reading syscall \d{1,5}: /,
  /^(?:Problems creating module maps, continuing anyway\.\.\.|Kernel samples will not be resolved\.)$/,
]

const ERRORS: readonly RegExp[] = [
  /^Error:\t[^ ]/,
  /^Failed to (?:process events, error -?\d|set filter "|open events, no error given)/,
  /^Neither raw_syscalls nor syscalls events exist\.$/,
]
