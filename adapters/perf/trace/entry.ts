// One entry of perf trace: its columns, and what it says.
import { type EntryBody, readBody } from './body.ts'
import { endsWithin, readFields } from './fields.ts'
import { type PrintedColumns, readHead } from './head.ts'

export interface TraceEntry {
  readonly head: PrintedColumns
  readonly body: EntryBody
}

/** The entry that a text (latin1, without line end) is. Undefined: perf trace does not print such a line. */
export function readEntry(text: string): TraceEntry | undefined {
  const head = readHead(text)
  const body = head === undefined ? undefined : readBody(text, head.end)
  if (head === undefined || body === undefined || !isPlausible(head, body)) return undefined
  return { head, body }
}

/**
 * strace prints `0.012 openat(AT_FDCWD, "x") = 3` with --relative-timestamps=ms. perf trace prints the names of the
 * arguments, or other columns.
 */
function isPlausible({ time, hasDuration, tid }: PrintedColumns, body: EntryBody): boolean {
  if (hasDuration) return true
  if (body.is === 'event') return true
  if (time === undefined) return false
  return tid !== undefined || (body.is === 'call' && readFields(body.name, body.inner) !== undefined)
}

/** The input, or the line, ends before the entry does. */
export function isOpen({ body }: TraceEntry): boolean {
  return body.isOpen || (body.is === 'event' && endsWithin(body.name, body.inner))
}
