// The columns before what an entry of perf trace says: `%10.3f [%03u] (%6.3f ms): comm/tid ` (trace__fprintf_entry_head
// in tools/perf/builtin-trace.c, perf 5.10 to 7.2). Each of them can be switched off.
import { isId } from '../../../src/kernel/task-parts.ts'
import { digitsEnd } from '../../../src/text/scan.ts'
import { beginsBody } from './body.ts'

/** Bytes of a thread's name that perf trace prints: `%.14s`. */
const COMM_BYTES = 14

/** The columns of an entry. */
export interface PrintedColumns {
  /** Milliseconds with three digits, as printed. Undefined: perf printed none, or `?` for an entry it did not see. */
  readonly time: string | undefined
  readonly cpu: number | undefined
  /** The column of the duration is there. */
  readonly hasDuration: boolean
  /** Milliseconds with three digits. Undefined: the call has not returned yet. */
  readonly duration: string | undefined
  /** Latin1; it may be empty. */
  readonly comm: string | undefined
  readonly tid: number | undefined
  /** With more text, the name might end elsewhere. */
  readonly mayGoOn: boolean
  /** Offset of what follows. */
  readonly end: number
}

const COLUMNS =
  /[ \t]*(?:(?:(\d{1,16}\.\d{3})|\?) )?(?:\[(\d{3,4})\] )?(?:(\()(?: *(\d{1,12}\.\d{3}) ms| +| {1,8}\? {1,8})\): )?/y

/** The columns of the entry that begins the text (latin1). Undefined: there are none. */
export function readHead(text: string): PrintedColumns | undefined {
  COLUMNS.lastIndex = 0
  const [whole = '', time, cpu, bracket, duration] = COLUMNS.exec(text) ?? []
  const hasTime = time !== undefined || whole.includes('?')
  const columns = {
    time,
    cpu: cpu === undefined ? undefined : Number(cpu),
    hasDuration: bracket !== undefined,
    duration,
  }
  const process = readProcess(text, whole.length)
  const isEntry = hasTime || columns.hasDuration || process.tid !== undefined
  return isEntry ? { ...columns, ...process } : undefined
}

/** True for text with the columns of an entry, whether or not they and what follows are whole. */
export function beginsEntry(text: string): boolean {
  COLUMNS.lastIndex = 0
  const [whole = '', time, , bracket] = COLUMNS.exec(text) ?? []
  return bracket !== undefined || (time !== undefined && /^.{0,14}\/\d{1,10} /s.test(text.slice(whole.length)))
}

type ProcessColumn = Pick<PrintedColumns, 'comm' | 'tid' | 'mayGoOn' | 'end'>

/**
 * `comm/tid `, or `tid ` with --no-comm, or nothing where perf watches one thread. A name may hold all that follows
 * one: the last place counts at which it can end.
 */
function readProcess(text: string, start: number): ProcessColumn {
  let mayGoOn = text.length <= start + COMM_BYTES
  for (let slash = start + COMM_BYTES; slash >= start; slash--) {
    if (text.charCodeAt(slash) !== SLASH) continue
    const tid = readTid(text, slash + 1)
    if (tid !== undefined) return { ...tid, comm: text.slice(start, slash), mayGoOn }
    mayGoOn ||= mayBeTid(text, slash + 1)
  }
  const alone = readTid(text, start)
  return alone === undefined
    ? { comm: undefined, tid: undefined, mayGoOn, end: start }
    : { ...alone, comm: undefined, mayGoOn }
}

/** True where the text ends within a TID, or within the first word after it. */
function mayBeTid(text: string, start: number): boolean {
  TID_BEGUN.lastIndex = start
  return TID_BEGUN.test(text)
}

const TID_BEGUN = /-?\d{0,10}(?: [ \w.:[\]()-]{0,384})?$/y
const SLASH = 47
const MINUS = 45

/** A number with what an entry says after it. */
function readTid(text: string, start: number): { readonly tid: number; readonly end: number } | undefined {
  const digits = text.charCodeAt(start) === MINUS ? start + 1 : start
  const end = digitsEnd(text, digits)
  if (end === digits || end - digits > 10 || text.charCodeAt(end) !== 32 || !beginsBody(text, end + 1)) return undefined
  const tid = Number(text.slice(start, end))
  return isId(tid) ? { tid, end: end + 1 } : undefined
}
