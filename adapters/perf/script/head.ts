// The columns before an event's name (perf.md 1.3, 1.4): `comm  tid [cpu]  time: `.
import { type Part, seal } from '../../../src/event/part.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { intern } from '../../../src/text/intern.ts'
import { blanksEnd, digitsEnd, isDigit, secondsToNs } from '../../../src/text/scan.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'

const BLANK = 32
const BRACKET = 91
const COMM_BYTES = 16
/** Most CPUs that a kernel can be built for. */
const MOST_CPUS = 8192

/** The head of a sample line. */
export interface Head {
  process: Part
  cpu: Part | undefined
  /** Undefined: the line gives no time. */
  ns: string | undefined
  /** Offset behind `time: `. */
  end: number
  /** Without comm padding: call chain lines and an empty one follow. */
  isChain: boolean
}

/**
 * The default head at `start`, comm padded to 16 bytes, TID to 5 (perf 6.1) or 7 (6.12 and later), written into `head`. False when the line has another
 * one. A comm has at most 15 bytes, an anchor `1 [000] 1.000000: ` 18: so no comm can hold what is looked for here, whatever is in it.
 */
export function readPaddedHead(text: string, start: number, end: number, head: Head): boolean {
  if (text.charCodeAt(start + COMM_BYTES) !== BLANK) return false
  let bracket = start + 23
  while (text.charCodeAt(bracket) !== BRACKET) if (++bracket > start + 25) return false
  if (text.charCodeAt(bracket - 1) !== BLANK || !isDigit(text.charCodeAt(bracket - 2))) return false
  const process = PROCESSES.of(text, start, bracket - 1)
  if (process === NO_PROCESS) return false
  head.process = process
  head.isChain = false
  return readCpuAndTime(text, bracket, end, head)
}

/** `[001]   340.799805: ` from the bracket on. */
export function readCpuAndTime(text: string, bracket: number, end: number, head: Head): boolean {
  const cpuEnd = digitsEnd(text, bracket + 1)
  if (cpuEnd - bracket < 4 || text.charCodeAt(cpuEnd) !== 93 || text.charCodeAt(cpuEnd + 1) !== BLANK) return false
  const cpu = Number(text.slice(bracket + 1, cpuEnd))
  if (cpu >= MOST_CPUS) return false
  const timeStart = blanksEnd(text, cpuEnd + 2)
  const dot = digitsEnd(text, timeStart)
  const timeEnd = digitsEnd(text, dot + 1)
  if (timeEnd + 1 > end || text.charCodeAt(timeEnd) !== 58 || text.charCodeAt(timeEnd + 1) !== BLANK) return false
  const ns = secondsToNs(text, timeStart, timeEnd)
  if (ns === undefined) return false
  head.cpu = cpuPart(cpu)
  head.ns = ns
  head.end = timeEnd + 2
  return true
}

/** The head's leftmost full anchor: ` 883 [001]   340.799805: `, with pid/tid too. */
const ANCHOR = /(?:^| )(-?\d+)(?:\/(-?\d+) *)? +\[(\d{3,})\] +\d+\.(?:\d{9}|\d{6}): /

/**
 * Heads that are not padded as by default: of call chains (comm at column 0), of pasted text whose blanks were squeezed. `width` is that of the TID column,
 * where the lines so far tell: else blanks before the TID are taken for padding.
 */
export function readLooseHead(
  text: string,
  start: number,
  end: number,
  width: number | undefined,
  head: Head,
): Loose | undefined {
  const line = text.slice(start, Math.min(end, start + 512))
  const match = ANCHOR.exec(line)
  if (match === null) return undefined
  const [whole, first = '', second] = match
  const pidStart = match.index + (whole.startsWith(' ') ? 1 : 0)
  const pidEnd = pidStart + first.length
  const column = Math.max(width ?? 0, first.length)
  const before = line.slice(0, pidStart)
  const exact =
    width !== undefined && pidEnd - column - 1 >= 0 && /^ *$/.test(line.slice(pidEnd - column - 1, pidStart))
  const comm = exact ? line.slice(0, pidEnd - column - 1) : before.replace(/ +$/, '')
  const isCollapsed = comm.startsWith(' ') || comm.length > 15 || comm.startsWith('\t')
  const name = isCollapsed ? comm.trim() : comm
  if (name.length > 15 || !readCpuAndTime(text, start + whole.indexOf('[') + match.index, end, head)) return undefined
  head.process = processPart(name, Number(first), second === undefined ? undefined : Number(second))
  head.isChain = !isCollapsed
  return isCollapsed ? 'collapsed' : 'chain'
}

export type Loose = 'chain' | 'collapsed'

const NO_PROCESS = seal('process', {})

/** By the text from the comm to the TID's last digit. */
const PROCESSES = intern((text) => {
  const tidStart = blanksEnd(text, COMM_BYTES)
  const digits = text.slice(tidStart)
  if (!/^-?\d{1,10}$/.test(digits)) return NO_PROCESS
  const column = text.length - COMM_BYTES - 1
  // A column of 6 is that of 6.1 with a TID of six digits; all others are full.
  if (column !== 5 && column !== 7 && column !== digits.length) return NO_PROCESS
  return processPart(text.slice(0, COMM_BYTES).replace(/^ +/, ''), Number(digits), undefined)
})

/** perf's default prints the TID alone; with two numbers the first is the PID. */
function processPart(comm: string, first: number, second: number | undefined): Part {
  const flags: readonly FlagWord[] = replaced(comm) ? ['text_replaced'] : []
  const name = utf8(comm)
  return second === undefined
    ? seal('process', { comm: name, tid: first }, ...flags)
    : seal('process', { comm: name, pid: first, tid: second }, ...flags)
}

const CPUS: Part[] = []

/** One part a CPU: there are few. */
export function cpuPart(cpu: number): Part {
  let part = CPUS[cpu]
  if (part === undefined) {
    part = seal('cpu', cpu)
    CPUS[cpu] = part
  }
  return part
}
