// Lines of trace-cmd that are no entries. See docs/formats/ftrace.md, "trace-cmd".
import type { Level } from '../../../src/contract.ts'
import { said, type TraceUnit } from './form.ts'

/** `cpus=2`, the first line of a report; with several files ` trace.dat: cpus=2` for each. */
const CPUS = /^(?: {0,64}[^\s:]{1,128}: )?cpus=\d{1,5}$/

/** True for the line with which a report begins. */
export function isCpusLine(line: string): boolean {
  return CPUS.test(line)
}

/** What `trace-cmd record` says of each CPU at its end. */
const RECORDED = /^CPU\d{1,5} data recorded at offset=0x[0-9a-f]{1,16}$/

/** True for a line that only `trace-cmd record` prints. */
export function isOfRecord(line: string): boolean {
  return RECORDED.test(line)
}

const INFO: readonly RegExp[] = [
  /^version = \d+$/,
  /^CPU \d+ is empty$/,
  /^registering plugin: /,
  /^CPU:?\d+ \[SUBBUFFER START\] \[\d+:0x[0-9a-f]+\]$/,
  RECORDED,
  /^ {4}\d+ bytes in size(?: \(\d+ uncompressed\))?$/,
  /^Kernel buffer statistics:$/,
  /^ {2}Note: "entries" are the entries left in the kernel ring buffer and are not$/,
  /^ {8}recorded in the trace data\. They should all be zero\.$/,
  /^CPU: \d+$/,
  /^(?:entries|overrun|commit overrun|bytes|dropped events|read events): \d+$/,
  /^(?:oldest event ts|now ts): +[\d.]+$/,
  /^(?:Average|Maximum|Minimum) (?:wakeup )?latency: /i,
]
const ERRORS: readonly RegExp[] = [
  /^trace-cmd: /,
  /^ {2}opening '.*'$/,
  /^ {2}Failed to create event filter: /,
  /^\/sys\/kernel\/\S*tracing\/\w+: /,
]

/** What trace-cmd says beside the entries. Undefined: it is none of that. */
export function readTalk(line: string, end: number): TraceUnit | undefined {
  if (INFO.some((one) => one.test(line))) return said(line, end)
  const level: Level | undefined = ERRORS.some((one) => one.test(line)) ? 'error' : undefined
  return level === undefined ? undefined : { is: 'message', text: line, level, stream: 'stderr', end }
}
