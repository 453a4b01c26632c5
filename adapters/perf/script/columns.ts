// The columns before a payload, of any rendering (perf.md 1.3, 1.4). Cold for the default rendering, which head.ts reads.
import { secondsToNs, uint } from '../../../src/text/scan.ts'
import type { Field, Layout } from './fields.ts'
import { COMM_BYTES, COMM_COLUMN, MOST_CPUS } from './head.ts'

/** What stands before a sample's payload. Texts are latin1. */
export interface Columns {
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
  /** Undefined: there is none; with `PERF_RECORD_` behind the columns, too. */
  readonly event: string | undefined
  /** Offset behind the columns. */
  readonly end: number
  /**
   * `padded`: the comm column has its 16 bytes. `chain`: comm unpadded, as perf prints before call chains. `bare`: no comm column. `collapsed`: blanks
   * were squeezed, or the line was indented.
   */
  readonly shape: 'padded' | 'chain' | 'bare' | 'collapsed'
  /** Width of the TID column, where padding shows it. */
  readonly width: number | undefined
  /** Blanks between the comm and the first number. */
  readonly blanks: number
  /** The one number was taken for the TID, and could be the PID. */
  readonly assumesTid: boolean
}

/** None at all. */
export const NO_COLUMNS: Columns = {
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

/** A line that begins like a sample and holds a value that no perf prints, or fits two readings. */
export interface Fault {
  readonly word: 'malformed' | 'ambiguous'
  readonly fault: string
  readonly at: number
}

const ID = String.raw`-?\d{1,20}`
const CPU = String.raw`\[(?<cpu>\d{3,9})\] `
const MISC = String.raw`(?:(?<misc>[KUHGgMES][KUHGgMESp]{0,5}) +|(?<!\S) {5,6}(?=\S| ))`
const TOD = String.raw` *(?<tod>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}(?:\d{3})?) `
const TIME = String.raw` *(?<time>\d{1,10}\.\d{6}(?:\d{3})?): `
const PERIOD = String.raw` *(?<period>\d{1,20}) +`
const PIECES: readonly (readonly [Field, string])[] = [
  ['cpu', CPU],
  ['misc', MISC],
  ['tod', TOD],
  ['time', TIME],
  ['period', PERIOD],
]
/** A name ends at the first colon that a blank or the end follows, or, where blanks were lost, that `name=` follows. */
const EVENT = String.raw` *(?<event>[A-Za-z_{](?:[^:\n]|:(?! |$|skbaddr=|dev=))*?):(?: |$|(?=skbaddr=|dev=))`
/** The same, of tracepoints only: `skb:kfree_skb`. */
const TRACEPOINT = String.raw` *(?<event>[A-Za-z_][\w-]*:[\w.-]+(?::[ukhpPGHSDIeW]+)?):(?: |$|(?=skbaddr=|dev=))`

interface Pattern {
  readonly expression: RegExp
  readonly hasComm: boolean
  /** PID or TID, [cpu], time: longer than any comm, so that the leftmost match is the right one. */
  readonly isFull: boolean
  /** Anybody's text looks like it, unless the comm stands in its column. */
  readonly isWeak?: boolean
}

/** Reads heads of one layout. */
export class ColumnReader {
  private readonly patterns: readonly Pattern[]
  private readonly layout: Layout

  constructor(layout: Layout) {
    this.layout = layout
    this.patterns = layout.isGiven ? [givenPattern(layout)] : INFERRED
  }

  /**
   * The columns of a line (latin1). `width`: that of the TID column, where the lines so far tell. `isPasted`: blanks and indentation say nothing.
   * Undefined: this is no sample.
   */
  read(line: string, width: number | undefined, isPasted: boolean): Columns | Fault | undefined {
    const guest = GUEST.exec(line)
    const start = guest === null ? 0 : guest[0].length
    for (const pattern of this.patterns) {
      const found = this.find(line, start, pattern, width, isPasted)
      if (found === undefined) continue
      if ('fault' in found) return found
      const columns = columnsOf(found.match, found, this.layout, guest)
      if (columns !== undefined) return columns
    }
    return undefined
  }

  private find(
    line: string,
    start: number,
    pattern: Pattern,
    width: number | undefined,
    isPasted: boolean,
  ): Found | Fault | undefined {
    const { expression, hasComm, isFull } = pattern
    if (!hasComm) {
      const match = matchAt(expression, line, start)
      return match === undefined ? undefined : { match, comm: undefined, shape: isPasted ? 'collapsed' : 'bare' }
    }
    if (!isPasted) {
      const padded = paddedAt(expression, line, start)
      if (padded !== undefined) return padded
    }
    if (pattern.isWeak === true) return undefined
    const ends = isFull ? leftmost(expression, line, start) : allWithin(expression, line, start)
    const [first] = ends
    if (first === undefined) return undefined
    const match = isFull ? first : (ends.at(-1) ?? first)
    return commBefore(line, start, match, width, isPasted)
  }
}

interface Found {
  readonly match: RegExpExecArray
  readonly width?: number
  readonly comm: string | undefined
  readonly shape: Columns['shape']
}

const GUEST = /^VM: *(\d{1,10}) (?:VCPU:(\d{3,5}) )?/

function givenPattern(layout: Layout): Pattern {
  const has = (field: Field): boolean => layout.presence(field) !== 'no'
  const ids = has('pid') && has('tid') ? BOTH : has('pid') || has('tid') ? ONE : ''
  const rest = PIECES.map(([field, piece]) => {
    const presence = layout.presence(field)
    return presence === 'no' ? '' : presence === 'yes' ? `(?:${piece})` : `(?:${piece})?`
  }).join('')
  const event = has('event') ? `(?:(?=PERF_RECORD_|DEFERRED )|${EVENT})` : ''
  return {
    expression: new RegExp(ids + rest + event, 'y'),
    hasComm: has('comm'),
    isFull: ids !== '' && layout.presence('cpu') === 'yes' && layout.presence('time') === 'yes',
  }
}

const BOTH = ` *(?<pid>${ID})/(?<tid>${ID}) +?`
const ONE = ` *(?<id>${ID}) +?`
const ANY_ID = ` *(?:(?<pid>${ID})/(?<tid>${ID}) *|(?<id>${ID})) +?`
const TIMES = `(?:${MISC})?(?:(?=(?:${bare(TOD)}|${bare(TIME)}))(?:${TOD})?(?:${TIME})?)`
const NAMED = `(?:(?=PERF_RECORD_|DEFERRED )|(?:${PERIOD})?${EVENT})`

/** Systems of tracepoints that a line may begin with without any other column. */
const SYSTEMS =
  'skb|net|tcp|udp|sock|napi|qdisc|icmp|fib|fib6|neigh|bridge|xdp|devlink|sched|irq|printk|syscalls|raw_syscalls|probe'
const KNOWN = ` *(?<event>(?:${SYSTEMS}):[\\w.-]+(?::[ukhpPGHSDIeW]+)?|kfree_skb(?=: ?skbaddr=)):(?: |$|(?=skbaddr=))`

/** Of what nobody named, in the order in which they are tried: those that say more go first. */
const INFERRED: readonly Pattern[] = [
  { expression: new RegExp(`${ANY_ID} *${CPU} *${TIMES}${NAMED}`, 'y'), hasComm: true, isFull: true },
  { expression: new RegExp(`${ANY_ID} *${TIMES}${NAMED}`, 'y'), hasComm: true, isFull: false },
  { expression: new RegExp(`${ANY_ID}(?:${CPU})?(?:${PERIOD})?${TRACEPOINT}`, 'y'), hasComm: true, isFull: false },
  {
    expression: new RegExp(`${ANY_ID}(?:${CPU})?(?:${PERIOD})?${EVENT}`, 'y'),
    hasComm: true,
    isFull: false,
    isWeak: true,
  },
  { expression: new RegExp(`(?:${CPU})?${TIMES}${NAMED}`, 'y'), hasComm: true, isFull: false, isWeak: true },
  { expression: new RegExp(`(?:${CPU})?${TIMES}${NAMED}`, 'y'), hasComm: false, isFull: false },
  { expression: new RegExp(`(?:${PERIOD})?${KNOWN}`, 'y'), hasComm: false, isFull: false },
]

/** A piece without the name of its group, for looking ahead. */
function bare(piece: string): string {
  return piece.replace(/\?<\w+>/, '?:')
}

function matchAt(expression: RegExp, line: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at
  return expression.exec(line) ?? undefined
}

/** Comm in its 16 bytes, right-aligned; TID right-aligned in 5 or 7. */
function paddedAt(expression: RegExp, line: string, start: number): Found | undefined {
  const from = start + COMM_COLUMN + 1
  if (line.charCodeAt(start) !== 32 || line.charCodeAt(from - 1) !== 32) return undefined
  const match = matchAt(expression, line, from)
  if (match === undefined) return undefined
  const { pid, id } = match.groups ?? {}
  const first = pid ?? id
  const comm = line.slice(start, start + COMM_COLUMN).trimStart()
  if (first === undefined) return { match, comm, shape: 'padded' }
  const column = /^ */.exec(match[0])?.[0].length ?? 0
  const width = column + first.length
  if (width !== 5 && width !== 7 && (column > 0 || first.length < 5)) return undefined
  return { match, comm, shape: 'padded', width }
}

/** The first match, wherever it is. */
function leftmost(expression: RegExp, line: string, start: number): readonly RegExpExecArray[] {
  for (let at = start; at < line.length && at < start + 512; at++) {
    if (at > start && line.charCodeAt(at - 1) !== 32) continue
    // A digit run is tried from its first digit, not from the blanks before it: these may be of the comm.
    if (line.charCodeAt(at) === 32) continue
    const match = matchAt(expression, line, at)
    if (match !== undefined) return [match]
  }
  return []
}

/** All matches that begin where a comm can end. */
function allWithin(expression: RegExp, line: string, start: number): readonly RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  const reach = start + COMM_COLUMN + 1 + leadingBlanks(line, start)
  for (let at = start; at <= reach && at < line.length; at++) {
    if ((at > start && line.charCodeAt(at - 1) !== 32) || line.charCodeAt(at) === 32) continue
    const match = matchAt(expression, line, at)
    if (match !== undefined) found.push(match)
  }
  return found
}

function leadingBlanks(line: string, start: number): number {
  let at = start
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at++
  return at - start
}

/** The comm before a match that is not where padding would put it. */
function commBefore(
  line: string,
  start: number,
  match: RegExpExecArray,
  width: number | undefined,
  isPasted: boolean,
): Found | Fault | undefined {
  const { pid, id } = match.groups ?? {}
  const first = pid ?? id
  const before = line.slice(start, match.index)
  if (before.trim() === '') {
    // Blanks only: an empty comm of a call chain, or no comm column. A number that stands elsewhere than in its column is none.
    const column = first === undefined ? 0 : before.length + first.length
    if (!isPasted && before !== '' && first !== undefined && ![5, 6, 7, 8].includes(column)) return undefined
    const isChain =
      !isPasted && first !== undefined && width !== undefined && before.length === 1 + Math.max(width - first.length, 0)
    return { match, comm: isChain ? '' : undefined, shape: isChain ? 'chain' : isPasted ? 'collapsed' : 'bare' }
  }
  if (!isPasted && first !== undefined && !/^[ \t]/.test(before)) {
    const column = Math.max(width ?? 0, first.length)
    const commEnd = match.index + first.length - column - 1 - start
    const exact = width !== undefined && commEnd >= 0 && before.slice(commEnd).trim() === ''
    const comm = exact ? before.slice(0, commEnd) : before.replace(/ +$/, '')
    if (comm.length <= COMM_BYTES) return { match, comm, shape: 'chain' }
  }
  const comm = before.trim()
  // As it stands, another reading may fit: only pasted text is read so.
  if (comm.length > COMM_BYTES || !isPasted) return undefined
  return { match, comm, shape: 'collapsed' }
}

function columnsOf(
  match: RegExpExecArray,
  { comm, shape, width }: Found,
  layout: Layout,
  guest: RegExpExecArray | null,
): Columns | Fault | undefined {
  const { pid, tid, id, cpu, misc, tod, time, period, event } = match.groups ?? {}
  const at = match.index
  const one = number(id)
  const isPid = layout.presence('pid') === 'yes' && layout.presence('tid') === 'no'
  const ids = { pid: number(pid) ?? (isPid ? one : undefined), tid: number(tid) ?? (isPid ? undefined : one) }
  if (!isId(ids.pid) || !isId(ids.tid)) return { word: 'malformed', fault: 'a process id that no kernel gives', at }
  if (number(cpu) !== undefined && Number(cpu) >= MOST_CPUS)
    return { word: 'malformed', fault: 'a number of a CPU that no kernel gives', at }
  const ns = time === undefined ? undefined : secondsToNs(time, 0, time.length)
  if (time !== undefined && ns === undefined) return { word: 'malformed', fault: 'a time that is none', at }
  const periodNumber = period === undefined ? undefined : uint(period, 0, period.length)
  if (period !== undefined && periodNumber === undefined)
    return { word: 'malformed', fault: 'a period beyond 2^53', at }
  return {
    machinePid: number(guest?.[1]),
    vcpu: number(guest?.[2]),
    comm,
    ...ids,
    cpu: number(cpu),
    misc,
    tod: tod?.replace(' ', 'T'),
    ns,
    period: periodNumber,
    event: event === '' ? undefined : event,
    end: match.index + match[0].length,
    shape,
    width,
    blanks: comm === undefined ? 0 : blanksBefore(match),
    assumesTid: !layout.isGiven && id !== undefined,
  }
}

function isId(id: number | undefined): boolean {
  return id === undefined || (id >= -1 && id <= 2147483647)
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** Blanks before the first number, or whatever the columns behind the comm begin with. */
function blanksBefore(match: RegExpExecArray): number {
  let at = match.index
  while (match.input.charCodeAt(at - 1) === 32) at--
  return match.index - at
}
