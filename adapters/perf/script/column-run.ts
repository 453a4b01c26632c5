// The columns between a thread's name and a payload, one after the other. Each is found by its first bytes, and no
// byte is looked at twice: the time is proportional to the length of the line. See docs/formats/perf.md, "Columns".
import { beginsPayload } from '../../../src/kernel/kfree-skb.ts'
import { blanksEnd, digitsEnd } from '../../../src/text/scan.ts'
import type { Layout, PerfField } from './fields.ts'

/** The columns that were found, as text. */
export interface ColumnRun {
  /** Offset of the first column. */
  readonly start: number
  /** PID and TID are printed together, `26480/26481`. */
  readonly pid: string | undefined
  readonly tid: string | undefined
  /** Only one of them is printed. */
  readonly id: string | undefined
  readonly cpu: string | undefined
  readonly misc: string | undefined
  readonly tod: string | undefined
  readonly time: string | undefined
  readonly period: string | undefined
  readonly event: string | undefined
  /** The event has no name here: its payload says which event it is, or `PERF_RECORD_` follows. */
  readonly isUnnamed: boolean
  /** Offset after the columns. */
  readonly end: number
}

const BLANK = 32
const SLASH = 47
const COLON = 58
const EQUALS = 61
const LONGEST_NUMBER = 20
/** Names of the kernel are shorter. Names of PMU events hold their terms. */
const LONGEST_NAME = 256

const CPU = /\[\d{3,9}\](?= |$)/y
const MISC = /[KUHGgMES][KUHGgMESp]{0,5}(?= |$)/y
const TOD = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}(?:\d{3})?(?= |$)/y
const TIME = /\d{1,10}\.\d{6}(?:\d{3})?:(?= |$)/y
const PERIOD = /\d{1,20}(?= )/y
const RECORD = /PERF_RECORD_|DEFERRED /y

/** The columns of a layout, from `from` on. Undefined: a column is missing that the layout must have. */
export function readRun(text: string, from: number, layout: Layout): ColumnRun | undefined {
  const start = blanksEnd(text, from)
  const ids = readIds(text, from, start, layout)
  if (ids === undefined) return undefined
  const walk = new Walk(text, ids.end, layout)
  const cpu = walk.take('cpu', CPU)?.slice(1, -1)
  // A letter at the beginning of a line is a word.
  const misc = walk.at === from ? undefined : walk.take('misc', MISC)
  const tod = walk.take('tod', TOD)
  const time = walk.take('time', TIME)?.slice(0, -1)
  const period = walk.take('period', PERIOD)
  if (walk.isMissing) return undefined
  const event = layout.presence('event') === 'no' ? NO_EVENT : readEvent(walk, period !== undefined, layout.isGiven)
  if (event === undefined) return undefined
  const { name, isUnnamed, end } = event
  return { start, ...ids, cpu, misc, tod, time, period, event: name, isUnnamed, end: end ?? walk.at }
}

/** Goes from column to column. */
class Walk {
  /** A column was missing that the layout must have. */
  isMissing = false
  readonly text: string
  at: number
  private readonly layout: Layout

  constructor(text: string, at: number, layout: Layout) {
    this.text = text
    this.at = at
    this.layout = layout
  }

  take(field: PerfField, expression: RegExp): string | undefined {
    const presence = this.layout.presence(field)
    if (presence === 'no') return undefined
    const start = blanksEnd(this.text, this.at)
    expression.lastIndex = start
    if (!expression.test(this.text)) {
      // This column may be empty.
      this.isMissing ||= presence === 'yes' && field !== 'misc'
      return undefined
    }
    this.at = behind(this.text, expression.lastIndex)
    return this.text.slice(start, expression.lastIndex)
  }
}

/** One blank belongs to the column before it. More blanks are padding of the next column. */
function behind(text: string, at: number): number {
  return text.charCodeAt(at) === BLANK ? at + 1 : at
}

interface Ids {
  readonly pid: string | undefined
  readonly tid: string | undefined
  readonly id: string | undefined
  readonly end: number
}

function readIds(text: string, from: number, start: number, layout: Layout): Ids | undefined {
  const none = { pid: undefined, tid: undefined, id: undefined, end: from }
  const wanted = Number(layout.presence('pid') !== 'no') + Number(layout.presence('tid') !== 'no')
  if (wanted === 0) return none
  const missing = layout.isGiven ? undefined : none
  const firstEnd = numberEnd(text, start)
  if (firstEnd === undefined) return missing
  const isBoth = text.charCodeAt(firstEnd) === SLASH
  const end = isBoth ? numberEnd(text, firstEnd + 1) : firstEnd
  if (end === undefined || (end < text.length && text.charCodeAt(end) !== BLANK)) return missing
  if (layout.isGiven && isBoth !== (wanted === 2)) return undefined
  const first = text.slice(start, firstEnd)
  return isBoth
    ? { pid: first, tid: text.slice(firstEnd + 1, end), id: undefined, end: behind(text, end) }
    : { ...none, id: first, end: behind(text, end) }
}

function numberEnd(text: string, at: number): number | undefined {
  const start = text.charCodeAt(at) === 45 ? at + 1 : at
  const end = digitsEnd(text, start)
  return end > start && end - start <= LONGEST_NUMBER ? end : undefined
}

interface EventColumn {
  readonly name: string | undefined
  readonly isUnnamed: boolean
  readonly end: number | undefined
}

const NO_EVENT: EventColumn = { name: undefined, isUnnamed: false, end: undefined }

function readEvent({ text, at: from }: Walk, hasPeriod: boolean, isGiven: boolean): EventColumn | undefined {
  const at = blanksEnd(text, from)
  RECORD.lastIndex = at
  if (RECORD.test(text) || (!isGiven && beginsPayload(text, at))) return { name: undefined, isUnnamed: true, end: at }
  const colon = nameEnd(text, at, hasPeriod)
  if (colon === undefined) return undefined
  return { name: text.slice(at, colon), isUnnamed: false, end: behind(text, colon + 1) }
}

/**
 * Offset of the colon after an event's name. It is the first colon before a blank or the end, or before `name=`
 * where blanks were lost. A name has no blank, unless the user gave it; then only a number column before it shows
 * where it begins. A name has `=` only in the terms of a PMU, `cpu/event=0x3c/`.
 */
export function nameEnd(text: string, start: number, hasPeriod: boolean): number | undefined {
  if (!beginsName(text.charCodeAt(start))) return undefined
  const end = Math.min(text.length, start + LONGEST_NAME)
  let isInTerms = false
  for (let at = start; at < end; at++) {
    switch (text.charCodeAt(at)) {
      case COLON: {
        if (isInTerms) break
        const next = text.charCodeAt(at + 1)
        if (Number.isNaN(next) || next === BLANK) return isMember(text, start, at) ? undefined : at
        if (text.startsWith('skbaddr=', at + 1) || text.startsWith('dev=', at + 1)) return at
        break
      }
      case SLASH:
        isInTerms = !isInTerms
        break
      case EQUALS:
        if (!isInTerms) return undefined
        break
      case BLANK:
        if (!hasPeriod && !isInTerms) return undefined
        break
      case 10:
        return undefined
    }
  }
  return undefined
}

/**
 * A payload begins like `fd: 0x00000005, buff: …`, and no column after a name does. `sys_exit_read: 0x0` is an event
 * of perf 3.x with the value that it returned.
 */
function isMember(text: string, start: number, colon: number): boolean {
  if (text.indexOf(':', start) !== colon || text.startsWith('sys_', start)) return false
  NUMBER.lastIndex = colon + 1
  return NUMBER.test(text)
}

const NUMBER = / 0x[0-9a-f]{1,16}(?:,|$)/y

function beginsName(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 123
}
