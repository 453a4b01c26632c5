// Lines that begin with `#`: the header of the file `trace`, and what the kernel notes within it. See
// docs/formats/ftrace.md, "Header".
import { utf8 } from '../../../src/text/utf8.ts'
import { recordUnit, said, type TraceUnit } from './form.ts'
import { lossOfHeader } from './loss.ts'

/** `# tracer: nop` begins a header. */
export function isTracerLine(line: string): boolean {
  return /^# tracer: \w/.test(line)
}

/** `# entries-in-buffer/entries-written: 144/512   #P:2` */
const ENTRIES = /^# entries-in-buffer\/entries-written: (\d{1,15})\/(\d{1,15}) +#P:\d+ *$/
/** `# latency: 0 us, #2/2, CPU#0 | (M:PREEMPT(none) VP:0, KP:0, SP:0 HP:0 #P:2)` */
const LATENCY = /^# latency: \d+ us, #(\d{1,15})\/(\d{1,15}), CPU#\d+ \| \(M:/
/** `# nop latency trace v1.1.5 on 6.18.44` */
const RELEASE = /^# \w+ latency trace v[\d.]+ on (\S{1,128})$/

const OTHERS: readonly RegExp[] = [
  /^# tracer: \w+$/,
  /^# -{8,}$/,
  /^#[ |/]* _-+=> [\w/-]+# *$/i,
  /^#[ |/]* _-+=> [\w/# -]+$/i,
  /^#[ |/]+ delay *$/,
  /^# +TASK-PID .*(?:TIMESTAMP|FUNCTION)/,
  /^# +cmd +pid +\|+ +time +\| +caller *$/,
  /^#[ |\\/]+$/,
  /^# +CPU +(?:TASK\/PID +)?(?:DURATION +)?FUNCTION CALLS *$/,
  /^#(?: +(?:TIME|CPU|TASK\/PID|\|+|DURATION|FUNCTION CALLS))+ *$/,
  /^# +\| task: .*\(uid:\d+ nice:-?\d+ policy:\d+ rt_prio:\d+\)$/,
  /^# +-{8,}$/,
  /^# +=> (?:started at|ended at): /,
]

/** What the kernel prints in the place of entries, or between them. */
const NOTES: readonly RegExp[] = [
  /^##### CPU \d+ buffer (?:started|disconnected) ####$/,
  /^# \* Snapshot is (?:freed|allocated) \*$/,
  /^# (?:Snapshot commands:|echo [012] > snapshot : |\(Doesn't have to be '[12]' works with any|number that is not a '0')/,
  /^# WARNING: FUNCTION TRACING IS CORRUPTED$/,
  /^# {9,}\S/,
]

/**
 * Reads a line that begins with `#`. `isInHeader`: the line before it is one of a header; then also `#` alone is one.
 * Undefined: it may be a prompt, or any other text.
 */
export function readHeaderLine(line: string, end: number, isInHeader: boolean): TraceUnit | undefined {
  const [, kept, written] = ENTRIES.exec(line) ?? LATENCY.exec(line) ?? []
  if (kept !== undefined && written !== undefined) {
    const loss = lossOfHeader(kept, written)
    return loss === undefined ? { is: 'header', kernel: undefined, end } : recordUnit(loss, end)
  }
  const [, release] = RELEASE.exec(line) ?? []
  if (release !== undefined) return { is: 'header', kernel: utf8(release), end }
  if (isInHeader ? /^# *$/.test(line) || OTHERS.some((one) => one.test(line)) : isTelling(line))
    return { is: 'header', kernel: undefined, end }
  return NOTES.some((note) => note.test(line)) ? said(line, end) : undefined
}

/** True for a line of a header that nobody else prints, where the lines before it were cut off. */
function isTelling(line: string): boolean {
  return isTracerLine(line) || (OTHERS.some((one) => one.test(line)) && !/^#[ |\\/-]+$/.test(line))
}
