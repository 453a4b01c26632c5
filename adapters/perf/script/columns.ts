// The columns before a payload in any rendering. This is the cold path: head.ts reads the default columns. See
// docs/formats/perf.md, "Columns".
import { isSum } from '../../../src/kernel/drop-line.ts'
import { COMM_BYTES, MOST_CPUS } from '../../../src/kernel/limits.ts'
import { isId } from '../../../src/kernel/task-parts.ts'
import { isBlank, trimmed } from '../../../src/text/blank.ts'
import { blanksEnd, isDigit, secondsToNs, uint } from '../../../src/text/scan.ts'
import { secondsOfLocal } from '../../../src/time/rfc3339.ts'
import {
  hasNumber,
  hasTime,
  isCutName,
  isInColumn,
  isLoneHead,
  isSample,
  rankOf,
  STRONG,
  withPeriod,
} from './column-evidence.ts'
import { type ColumnRun, readRun } from './column-run.ts'
import type { Layout } from './fields.ts'
import { COMM_COLUMN } from './head.ts'

/** The columns before a sample's payload. Texts are latin1. */
export interface SampleColumns {
  readonly machinePid: number | undefined
  readonly vcpu: number | undefined
  readonly comm: string | undefined
  readonly pid: number | undefined
  readonly tid: number | undefined
  readonly cpu: number | undefined
  readonly misc: string | undefined
  /** `2026-11-23T11:33:47.080536`. */
  readonly tod: string | undefined
  readonly ns: string | undefined
  readonly period: number | undefined
  /** Undefined: there is no name, also where `PERF_RECORD_` follows the columns. */
  readonly event: string | undefined
  /** Offset after the columns. */
  readonly end: number
  /**
   * `padded`: the comm column has its 16 bytes. `chain`: the comm is unpadded, as perf prints it before call chains.
   * `bare`: there is no comm column. `collapsed`: blanks were squeezed, or the line was indented.
   */
  readonly shape: 'padded' | 'chain' | 'bare' | 'collapsed'
  /** Width of the TID column, where padding shows it. */
  readonly width: number | undefined
  /** Blanks between the comm and the first number. */
  readonly blanks: number
  /** The only number was read as the TID, and could be the PID. */
  readonly assumesTid: boolean
}

/** The columns of a line that has none. */
export const NO_COLUMNS: SampleColumns = {
  machinePid: undefined,
  vcpu: undefined,
  comm: undefined,
  pid: undefined,
  tid: undefined,
  cpu: undefined,
  misc: undefined,
  tod: undefined,
  ns: undefined,
  period: undefined,
  event: undefined,
  end: 0,
  shape: 'bare',
  width: undefined,
  blanks: 0,
  assumesTid: false,
}

/** A line that begins like a sample, but holds a value that perf never prints, or has two readings. */
export interface ColumnFault {
  readonly word: 'malformed' | 'ambiguous'
  readonly fault: string
  readonly at: number
}

interface Found {
  readonly run: ColumnRun
  readonly width?: number
  readonly comm: string | undefined
  readonly shape: SampleColumns['shape']
}

/** Reads heads of one layout. */
export class ColumnReader {
  private readonly layout: Layout
  private readonly hasComm: boolean
  /** A run of columns begins with a number. */
  private readonly hasId: boolean

  constructor(layout: Layout) {
    this.layout = layout
    this.hasComm = layout.presence('comm') !== 'no'
    this.hasId = layout.presence('pid') !== 'no' || layout.presence('tid') !== 'no'
  }

  /**
   * The columns of a line (latin1). `width` is that of the TID column, where the lines so far show it. With
   * `isPasted`, blanks and indentation say nothing. Undefined: the line is not a sample.
   */
  read(line: string, width: number | undefined, isPasted: boolean): SampleColumns | ColumnFault | undefined {
    const guest = GUEST.exec(line)
    const start = guest === null ? 0 : guest[0].length
    const found = this.layout.isGiven
      ? this.findGiven(line, start, width, isPasted)
      : this.findInferred(line, start, width, isPasted)
    return found === undefined ? undefined : columnsOf(line, found, this.layout, guest)
  }

  /** A head of a thread, a number and an event's name. The oldest layouts have no more before frames. */
  readLoneHead(line: string, width: number | undefined): SampleColumns | undefined {
    if (!isLoneHead(line)) return undefined
    const run = this.runsIn(line, 0, commReach(line, 0)).findLast(({ id }) => id !== undefined)
    const found = run === undefined ? undefined : commBefore(line, 0, run, width, false)
    const columns = found === undefined ? undefined : columnsOf(line, found, this.layout, null)
    return columns === undefined || 'fault' in columns ? undefined : columns
  }

  private findGiven(line: string, start: number, width: number | undefined, isPasted: boolean): Found | undefined {
    const { layout } = this
    if (!this.hasComm) return this.bareAt(line, start, isPasted)
    const padded = isPasted ? undefined : this.paddedAt(line, start)
    if (padded !== undefined) return padded
    const isFull = this.hasId && layout.presence('cpu') === 'yes' && layout.presence('time') === 'yes'
    const runs = this.runsIn(line, start, isFull ? start + FARTHEST : commReach(line, start))
    const run = isFull ? runs[0] : runs.at(-1)
    return run === undefined ? undefined : commBefore(line, start, run, width, isPasted)
  }

  /** Columns that nobody named. */
  private findInferred(line: string, start: number, width: number | undefined, isPasted: boolean): Found | undefined {
    const padded = isPasted ? undefined : this.paddedAt(line, start)
    const paddedRank = padded === undefined ? undefined : rankOf(padded.run)
    if (padded !== undefined && paddedRank === 'full') return padded
    const runs = this.runsIn(line, start, start + FARTHEST)
    const reach = commReach(line, start)
    const bare = this.bareAt(line, start, isPasted)
    const isBare = bare !== undefined && isSample(line, bare.run) && (isPasted || isInColumn(bare.run, start))
    for (const rank of STRONG) {
      if (rank === 'named') {
        if (isSum(line)) return undefined
        // What begins a line is not a thread's name, unless it is in a name's column, before a time.
        if (isBare && (hasTime(bare.run) || padded === undefined || !hasTime(padded.run))) return bare
      }
      if (padded !== undefined && paddedRank === rank) return padded
      const run = runs.findLast((one) => rankOf(one) === rank && (rank === 'full' || one.start <= reach))
      const found = run === undefined ? undefined : commBefore(line, start, run, width, isPasted)
      if (found !== undefined) return found
    }
    // Any text may have a word and a colon after 16 bytes.
    const isPadded = padded !== undefined && (hasNumber(padded.run) || isSample(line, padded.run))
    return isPadded ? padded : isBare ? bare : undefined
  }

  private bareAt(line: string, start: number, isPasted: boolean): Found | undefined {
    const run = withPeriod(this.runAt(line, start), start, this.layout)
    return run === undefined ? undefined : { run, comm: undefined, shape: isPasted ? 'collapsed' : 'bare' }
  }

  private runAt(line: string, at: number): ColumnRun | undefined {
    const run = readRun(line, at, this.layout)
    return run?.event !== undefined && isCutName(run.event) ? undefined : run
  }

  /**
   * Runs that begin at the first byte of a word in `[start, reach]`; blanks before it may belong to the comm. A full
   * run ends the list.
   */
  private runsIn(line: string, start: number, reach: number): readonly ColumnRun[] {
    const runs: ColumnRun[] = []
    for (let at = blanksEnd(line, start); at <= reach && at < line.length; at++) {
      const c = line.charCodeAt(at)
      if (c === BLANK || (at > start && line.charCodeAt(at - 1) !== BLANK)) continue
      if (this.hasId && !isDigit(c) && c !== MINUS) continue
      const run = this.runAt(line, at)
      if (run === undefined) continue
      runs.push(run)
      if (rankOf(run) === 'full') break
    }
    return runs
  }

  /** A comm in its 16 bytes, right-aligned, and a TID right-aligned in 5 or 7. */
  private paddedAt(line: string, start: number): Found | undefined {
    const from = start + COMM_COLUMN + 1
    if (line.charCodeAt(start) !== BLANK || line.charCodeAt(from - 1) !== BLANK) return undefined
    const run = withPeriod(this.runAt(line, from), from, this.layout)
    if (run === undefined) return undefined
    const first = run.pid ?? run.id
    const comm = line.slice(Math.min(blanksEnd(line, start), start + COMM_COLUMN), start + COMM_COLUMN)
    // A squeezed head fills the column by chance: no name ends with a TID, a CPU and blanks.
    if (first === undefined) return SQUEEZED.test(comm) ? undefined : { run, comm, shape: 'padded' }
    const column = run.start - from
    const width = column + first.length
    if (width !== 5 && width !== 7 && (column > 0 || first.length < 5)) return undefined
    return { run, comm, shape: 'padded', width }
  }
}

const SQUEEZED = /(?:^| )\d{1,10} {1,9}\[\d{3,9}\] +$/
const BLANK = 32
const MINUS = 45
/** How far into a line a head may begin: quotes and stamps of logs may be before it. */
const FARTHEST = 512
const GUEST = /^VM: *(\d{1,10}) (?:VCPU:(\d{3,5}) )?/

/** The last offset where the columns after a comm may begin. */
function commReach(line: string, start: number): number {
  let at = start
  while (isBlank(line.charCodeAt(at))) at++
  return at + COMM_COLUMN + 1
}

/** The comm before a run that is not where padding would put it. */
function commBefore(
  line: string,
  start: number,
  run: ColumnRun,
  width: number | undefined,
  isPasted: boolean,
): Found | undefined {
  const first = run.pid ?? run.id
  const before = line.slice(start, run.start)
  const comm = trimmed(before)
  if (comm === '') {
    // Only blanks: an empty comm of a call chain, or no comm column.
    if (!isPasted && !isInColumn(run, start)) return undefined
    const isChain =
      !isPasted && first !== undefined && width !== undefined && before.length === 1 + Math.max(width - first.length, 0)
    return { run, comm: isChain ? '' : undefined, shape: isChain ? 'chain' : isPasted ? 'collapsed' : 'bare' }
  }
  if (!isPasted && first !== undefined && !/^[ \t]/.test(before)) {
    const column = Math.max(width ?? 0, first.length)
    const commEnd = run.start + first.length - column - 1 - start
    const exact = width !== undefined && commEnd >= 0 && trimmed(before.slice(commEnd)) === ''
    const name = exact ? before.slice(0, commEnd) : comm
    if (name.length <= COMM_BYTES) return { run, comm: name, shape: 'chain' }
  }
  // Unpasted, the line may have another reading.
  if (comm.length > COMM_BYTES || !isPasted) return undefined
  return { run, comm, shape: 'collapsed' }
}

function columnsOf(
  line: string,
  { run, comm, shape, width }: Found,
  layout: Layout,
  guest: RegExpExecArray | null,
): SampleColumns | ColumnFault {
  const { start, pid, tid, id, cpu, misc, tod, time, period, event, end } = run
  const malformed = (fault: string): ColumnFault => ({ word: 'malformed', fault, at: start })
  const one = number(id)
  const isPid = layout.presence('pid') === 'yes' && layout.presence('tid') === 'no'
  const ids = { pid: number(pid) ?? (isPid ? one : undefined), tid: number(tid) ?? (isPid ? undefined : one) }
  if (!isId(ids.pid) || !isId(ids.tid)) return malformed('a process id that no kernel gives')
  if (number(cpu) !== undefined && Number(cpu) >= MOST_CPUS) return malformed('a number of a CPU that no kernel gives')
  const local = tod?.replace(' ', 'T')
  if (local !== undefined && secondsOfLocal(local) === undefined)
    return malformed('a time of day that is on no calendar')
  const ns = time === undefined ? undefined : secondsToNs(time, 0, time.length)
  if (time !== undefined && ns === undefined) return malformed('a time that is none')
  const periodNumber = period === undefined ? undefined : uint(period, 0, period.length)
  if (period !== undefined && periodNumber === undefined) return malformed('a period beyond 2^53')
  return {
    machinePid: number(guest?.[1]),
    vcpu: number(guest?.[2]),
    comm,
    ...ids,
    cpu: number(cpu),
    misc,
    tod: local,
    ns,
    period: periodNumber,
    event,
    end,
    shape,
    width,
    blanks: comm === undefined ? 0 : blanksBefore(line, start),
    assumesTid: !layout.isGiven && id !== undefined,
  }
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** Blanks before the first column after the comm. */
function blanksBefore(line: string, start: number): number {
  let at = start
  while (line.charCodeAt(at - 1) === BLANK) at--
  return start - at
}
