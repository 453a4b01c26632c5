// Entries in any rendering, with the lines that belong to them.
import type { Context, Reject } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { addFlag, EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { fullEventName } from '../../../src/kernel/event-systems.ts'
import { stackPart } from '../../../src/kernel/stack-part.ts'
import { joinWrapped } from '../../../src/kernel/wrapped-payload.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { readBody } from './body.ts'
import { type FtraceColumns, readAnyColumns, readColumns } from './columns.ts'
import { formBy, rejected, type TraceForm, type TraceUnit } from './form.ts'
import { COMM_COLUMN, fillHead } from './head.ts'
import { isOfTraceCmd } from './names.ts'
import { bareBody } from './no-columns.ts'
import { leftOfStack, readStack, stackEvent } from './stack.ts'

const CUT_HEAD: Reject = { word: 'truncated', text: 'the input ends within the columns of an entry' }
const BROKEN: Reject = {
  word: 'malformed',
  text: 'task and CPU as an entry of ftrace begins, but no time and text after them',
}
const RAW: Reject = {
  word: 'unsupported',
  text: 'an entry of the trace option raw, hex or bin, which prints no payload: trace without that option',
}

/** A unit, and who printed it where it shows that. */
export interface EntryUnit {
  readonly unit: TraceUnit
  readonly form: TraceForm
}

/** The entry that begins with this line. Undefined: there is none. */
export function readEntry(line: TextLine, form: TraceForm, context: Context): EntryUnit | 'pause' | undefined {
  const text = contentOf(line)
  if (isRawEntry(text)) return { unit: rejected(RAW, line.next, line.start), form }
  const columns = readAnyColumns(text)
  if (columns !== undefined && trimmed(columns.body) !== '') return entryOf(line, columns, false, form, context)
  const joined = joinLines(line, text)
  if (joined === 'pause') return joined
  if (joined !== undefined) return entryOf(joined.line, joined.columns, true, form, context)
  const bare = bareBody(text)
  if (bare !== undefined) return entryOf(line, bare, false, form, context)
  const broken = brokenEntry(text, line.isCut)
  return broken === undefined
    ? undefined
    : { unit: rejected(broken, line.next, line.isCut ? line.contentEnd : line.start), form }
}

interface JoinedColumns {
  readonly line: TextLine
  readonly columns: FtraceColumns
}

/** A line together with the next one: a comm with a line end in it, and a head that a mailer broke. */
function joinLines(line: TextLine, text: string): JoinedColumns | 'pause' | undefined {
  const isBrokenComm = text.length < COMM_COLUMN && text.startsWith(' ')
  const isBrokenHead = HEAD_END.test(text.slice(-96))
  if (line.isCut || !(isBrokenComm || isBrokenHead)) return undefined
  const second = lineAt(line.text, line.next, line.last)
  if (second === undefined || second === 'pause') return second
  const whole = { ...second, start: line.start }
  const columns = isBrokenComm
    ? (readColumns(contentOf(whole)) ?? readColumns(contentOf(whole).replace('\r\n', '\n')))
    : readAnyColumns(`${plainText(text).trimEnd()} ${unquoted(plainText(contentOf(second)))}`)
  return columns === undefined ? undefined : { line: whole, columns }
}

const HEAD_END =
  /-\d{1,10} +(?:\([ \d-]{1,10}\) )?\[\d{3,5}\](?: [.#A-Za-z\d]{4,9})?(?: +\d{1,10}\.\d{6}(?:\d{3})?:)? *$/

function entryOf(
  line: TextLine,
  { head, body, isPasted }: FtraceColumns,
  isJoined: boolean,
  form: TraceForm,
  context: Context,
): EntryUnit | 'pause' {
  const stack = stackEvent(body)
  if (stack !== undefined) {
    const unit = stackUnit(line, stack, head, isPasted)
    return unit === 'pause' ? unit : { unit, form: formBy(!body.startsWith('<'), form) }
  }
  const glued = isPasted || isJoined ? undefined : gluedStart(line, body)
  if (glued !== undefined) return gluedEntry(line, { head, body, isPasted }, glued, form, context)
  const colon = body.indexOf(':')
  const isTraceCmd = isOfTraceCmd(body, isPasted) ?? form === 'trace-cmd'
  const known = formBy(isTraceCmd, form)
  const event = fullEventName(body.slice(0, Math.max(colon, 0)))
  const whole = event === undefined || line.isCut ? noWrap(line, body) : wrapped(line, event, body, colon, isPasted)
  if (whole === 'pause') return whole
  const read = readBody(whole.text, line.isCut || whole.isCut, isTraceCmd, context)
  if ('word' in read) return { unit: rejected(read, whole.end, line.isCut ? line.contentEnd : line.start), form: known }
  const { record, isOpen } = read
  fillHead(record, head)
  if (head.process === undefined) addFlag(record, 'incomplete')
  if (isPasted || isJoined || whole.end !== line.next) addFlag(record, 'reformatted')
  return { unit: { is: 'record', record, isOpen, isGlued: false, end: whole.end }, form: known }
}

/** The columns of the next entry, in the text of a marker. A NUL ends such a text without a line end. */
const NEXT_ENTRY =
  / .{15}-\d{1,10} +(?:\([ \d-]{1,10}\) )?\[\d{3,5}\] (?:[.#A-Za-z\d]{4,9} )? *\d{1,10}\.\d{6}: [\w<#]/s

/** Offset of the next entry in the line of a marker. Undefined: there is only the marker. */
function gluedStart({ contentEnd }: TextLine, body: string): number | undefined {
  if (!body.startsWith(MARKER)) return undefined
  const at = NEXT_ENTRY.exec(body.slice(MARKER.length))?.index
  return at === undefined ? undefined : contentEnd - body.length + MARKER.length + at
}

const MARKER = 'tracing_mark_write: '

function gluedEntry(
  line: TextLine,
  { head, body }: FtraceColumns,
  end: number,
  form: TraceForm,
  context: Context,
): EntryUnit | 'pause' {
  const text = body.slice(0, body.length - (line.contentEnd - end))
  const first = { ...line, contentEnd: end, next: end, isCut: false }
  const entry = entryOf(first, { head, body: text, isPasted: false }, false, form, context)
  if (entry === 'pause' || entry.unit.is !== 'record') return entry
  return { ...entry, unit: { ...entry.unit, isOpen: false, isGlued: true } }
}

interface WholeBody {
  readonly text: string
  readonly end: number
  readonly isCut: boolean
}

function noWrap(line: TextLine, text: string): WholeBody {
  return { text, end: line.next, isCut: line.isCut }
}

/** The text of an entry, with the lines over which a mailer wrapped it. */
function wrapped(line: TextLine, event: string, body: string, colon: number, isPasted: boolean): WholeBody | 'pause' {
  const payload = body.slice(colon + 1).replace(/^ +/, '')
  const joined = joinWrapped(line, event, payload, isPasted)
  if (joined === 'pause' || joined.end === line.next) return joined === 'pause' ? joined : noWrap(line, body)
  return { text: `${body.slice(0, colon)}: ${joined.text}`, end: joined.end, isCut: joined.isCut }
}

/** An entry of its own: its frames belong to the entry of the same task and CPU before it. */
function stackUnit(line: TextLine, event: string, head: FtraceColumns['head'], isPasted: boolean): TraceUnit | 'pause' {
  const stack = line.isCut
    ? { frames: [], isCut: true, end: line.next }
    : readStack(line, event === 'ftrace:user_stack', isPasted)
  if (stack === 'pause') return stack
  const record = new EventRecord('trace')
  record.event_name = seal('event_name', event)
  fillHead(record, head)
  record.stack = stackPart(stack.frames)
  const left = leftOfStack(stack.frames)
  if (left !== '') record.payload = payloadPart(left)
  if (stack.isCut || head.process === undefined) addFlag(record, 'incomplete')
  if (isPasted) addFlag(record, 'reformatted')
  return { is: 'record', record, isOpen: false, isGlued: false, end: stack.end }
}

/** `27671 0 5727595074487 type: 2310`, in decimal or hexadecimal. */
export function isRawEntry(text: string): boolean {
  return /^(?:\d{1,10} \d{1,4} \d{1,20}|[0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{16}) type: \d{1,6}$/.test(text)
}

/** Why a line that begins like an entry is not one. Undefined: it does not begin like one. */
function brokenEntry(text: string, isCut: boolean): Reject | undefined {
  if (/^.{16}-\d{1,10} +(?:\([ \d-]{1,10}\) )?\[\d{3,5}\]/s.test(text)) return isCut ? CUT_HEAD : BROKEN
  return isCut && /^.{16}-\d{1,10}(?: |$)/s.test(text) ? CUT_HEAD : undefined
}
