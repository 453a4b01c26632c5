// Lines that begin like a sample and are not one.
import type { Reject } from '../../../src/contract.ts'
import { dropNamed, hasPieceOf, nearDrop } from '../../../src/kernel/drop-line.ts'
import { dropOrigin } from '../../../src/kernel/sections.ts'
import { ENCODED_TEXT } from '../../../src/text/pasted.ts'
import { isTracepoint } from './column-evidence.ts'
import { isFrameLine } from './frame.ts'
import { COMM_COLUMN, readPaddedHead, type SampleHead } from './head.ts'
import type { ScriptState } from './state.ts'

export const NO_EVENT: Reject = { word: 'malformed', text: 'a head of perf script without an event name after it' }
const NOT_THESE: Reject = {
  word: 'malformed',
  text: 'a sample of perf script, but not with the columns of --perf-fields',
}
const NO_FIELDS: Reject = {
  word: 'ambiguous',
  text: 'columns of perf script without an event name, of more than one layout: give --perf-fields',
}
const NO_HEAD: Reject = {
  word: 'ambiguous',
  text: 'a frame of a call chain without the head of its sample; if the text has no heads (-F ip,sym), give --perf-fields',
}
export const PADDED_HEAD: Reject = {
  word: 'ambiguous',
  text: 'a frame of a call chain after a sample whose name is padded, as perf prints it without a chain: the frame is not in its stack',
}
export const ENCODED: Reject = { word: 'malformed', text: ENCODED_TEXT }
export const CUT_HEAD: Reject = { word: 'truncated', text: 'the input ends within the head of a sample' }
export const CUT_LINE: Reject = { word: 'truncated', text: 'a sample was cut off, and another begins in its line' }
export const LOST_SOURCE: Reject = {
  word: 'ambiguous',
  text: 'a source line of the sample before it, or other text: give --perf-fields with srcline',
}

/**
 * The drop in a sample's text whose event is another one: the columns or the name before the payload are damaged.
 * `printed` is the event's name with modifiers.
 */
export function damagedDrop(printed: string, event: string, rest: string): string | undefined {
  if (dropOrigin(event) !== undefined) return undefined
  const near = nearDrop(printed)
  if (near !== undefined) return hasPieceOf(near, rest) ? near : undefined
  return isTracepoint(event) ? undefined : dropNamed(rest)?.name
}

export function damagedName(event: string): Reject {
  return { word: 'malformed', text: `a ${event} whose columns before the payload are damaged` }
}

/** Columns that begin a sample and cannot be in a comm. */
const ANCHOR =
  /(?:^| )(-?\d{1,20})(?:\/-?\d{1,20})? +\[\d{3,}\] (?:[KUHGgMESp ]{6})?(?:\d{4}-\d\d-\d\d [\d:.]+ )? *\d+\.(?:\d{9}|\d{6}):(?: |$)/

/** True for a head of all columns, whatever follows it. */
export function hasAnchor(text: string): boolean {
  const at = ANCHOR.exec(text.slice(0, 16 * COMM_COLUMN))
  return at !== null && at.index <= 2 * COMM_COLUMN
}

/** Columns without the name of an event: comm, TID and time; [cpu] and time; only a time. */
const UNNAMED =
  /^(?:(?: .{15} ) *-?\d{1,10}(?:\/-?\d{1,10})? +(?:\[\d{3,}\] +)?\d+\.(?:\d{9}|\d{6}): |(?:\[\d{3,}\] +| *)\d+\.(?:\d{9}|\d{6}): *$)/
const FRAME = /^[\t ][ 0-9a-f]{15}[0-9a-f] [A-Za-z_[]/

/** Why a line that begins like a sample is not one. Undefined: it does not begin like one. */
export function brokenSample(text: string, isCut: boolean, state: ScriptState): Reject | undefined {
  const { isGiven, clock, tidColumn } = state
  if (hasAnchor(text)) return isCut ? CUT_HEAD : isGiven ? NOT_THESE : NO_EVENT
  if (!isGiven && (FRAME.test(text) || (text.endsWith(')') && isFrameLine(text)))) {
    return clock.hasSample && !state.isUnpadded ? PADDED_HEAD : NO_HEAD
  }
  if (!isGiven && UNNAMED.test(text)) return isCut ? CUT_HEAD : NO_FIELDS
  if (!clock.hasSample) return undefined
  if (isCut && tidColumn.width !== undefined && text.startsWith(' ') && text.length < 64) return CUT_HEAD
  return /^ {2}\S.*\[[0-9a-f]{8,16}\]$/.test(text) ? LOST_SOURCE : undefined
}

/** Offset of a padded head in `[from, end)` that follows something else. It is read into `head`. */
export function paddedHeadStart(text: string, from: number, end: number, head: SampleHead): number | undefined {
  const piece = text.slice(from, Math.min(end, from + 4096))
  const match = ANCHOR.exec(piece)
  const [whole, digits = ''] = match ?? []
  if (match === null || whole === undefined) return undefined
  const pidEnd = from + match.index + whole.indexOf(digits) + digits.length
  for (const width of [7, 5]) {
    const start = pidEnd - Math.max(width, digits.length) - 1 - COMM_COLUMN
    if (start > from && readPaddedHead(text, start, end, head) && head.end > pidEnd) return start
  }
  return undefined
}
