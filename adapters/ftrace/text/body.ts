// What follows the columns of an entry: a name and its text, a function, a syscall. See docs/formats/ftrace.md,
// "Text of an entry".
import type { Context, Reject } from '../../../src/contract.ts'
import { type Part, seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { dropNamed, hasPieceOf, nearDrop } from '../../../src/kernel/drop-line.ts'
import { eventNamePart, eventRecord, payloadPart } from '../../../src/kernel/event-record.ts'
import { fullEventName } from '../../../src/kernel/event-systems.ts'
import { KFREE_SKB, readMembers } from '../../../src/kernel/kfree-skb.ts'
import { locationPart } from '../../../src/kernel/location-part.ts'
import { kernelPointer } from '../../../src/kernel/pointer.ts'
import { readPlace } from '../../../src/kernel/symbol.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { ENCODED_TEXT, isEncoded } from '../../../src/text/pasted.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'

/** What an entry's text says. */
export interface EntryText {
  readonly record: EventRecord
  /** Its text is free: lines may follow that belong to it and do not say so. */
  readonly isOpen: boolean
}

const ENCODED: Reject = { word: 'malformed', text: ENCODED_TEXT }
const CUT_NAME: Reject = { word: 'truncated', text: 'the input ends within the name of an event' }
const DAMAGED: Reject = { word: 'malformed', text: 'an entry that reports a drop, whose text is damaged' }

/** A name, perhaps a symbol with its offset, module and address, and its text. */
const NAMED = /^([^\s:(]{0,256}(?: \[[\w-]{1,64}\])?)(?: <([0-9a-f]{8,16})>)?:(?: (.*))?$/s
const FUNCTION =
  /^([^\s(]{1,256}(?: \[[\w-]{1,64}\])?)(?: <([0-9a-f]{8,16})>)?(\(.*\))? <-{1,2} ?(\S{1,256}(?: \[[\w-]{1,64}\])?(?: <[0-9a-f]{8,16}>)?)$/
const SYSCALL = /^sys_(\w{1,64})\((.*)\)$/
const SYSCALL_END = /^sys_(\w{1,64}) -> (-?\w{1,20})$/
const RAW_MARKER = /^# [0-9a-f]{1,8} buf:(?: [0-9a-f]{2})*$/

/**
 * Reads the text (latin1) after the columns. `isTraceCmd`: there each name is an event's; in the kernel's text it may
 * be that of a function which calls trace_printk, with any text after it.
 */
export function readBody(body: string, isCut: boolean, isTraceCmd: boolean, context: Context): EntryText | Reject {
  const [, name, address, rest = ''] = NAMED.exec(body) ?? []
  if (name !== undefined) {
    // An empty text has a blank before it, too.
    if (isCut && rest === '' && body.endsWith(':')) return CUT_NAME
    const text = isTraceCmd || isCut ? rest.slice(blanksEnd(rest, 0)) : rest
    const read = readNamed(name, text, isCut, isTraceCmd, context)
    if ('record' in read && address !== undefined) read.record.location = placeWith(name, address)
    return read
  }
  if (isCut) return CUT_NAME
  const record = functionRecord(body) ?? syscallRecord(body, context)
  if (record !== undefined) return { record, isOpen: false }
  if (RAW_MARKER.test(body)) return { record: freeRecord('ftrace:raw_data', body), isOpen: false }
  return dropNamed(body) === undefined ? { record: freeRecord(undefined, body), isOpen: true } : DAMAGED
}

function readNamed(
  name: string,
  text: string,
  isCut: boolean,
  isTraceCmd: boolean,
  context: Context,
): EntryText | Reject {
  const printed = printedRecord(name, text, isCut, isTraceCmd)
  if (printed !== undefined) return { record: printed, isOpen: true }
  const event = fullEventName(name)
  if (event !== undefined && isEncoded(text)) return ENCODED
  if (event !== undefined && (event !== KFREE_SKB || isPayload(text, isCut)))
    return { record: payloadRecord(event, text, isCut, context), isOpen: false }
  const near = event ?? nearDrop(`skb:${name}`)
  if (near !== undefined && hasPieceOf(near, text)) return DAMAGED
  if (isTraceCmd && event === undefined && name !== '')
    return { record: payloadRecord(name, text, isCut, context), isOpen: true }
  return { record: freeRecord(name === '' ? undefined : name, isCut ? '' : text, isCut), isOpen: true }
}

/** Does this begin as a payload of skb:kfree_skb, or may it, where the input ends within it? */
function isPayload(text: string, isCut: boolean): boolean {
  return readMembers(text) !== undefined || (isCut && 'skbaddr='.startsWith(text))
}

/** The record of a known event. */
function payloadRecord(event: string, text: string, isCut: boolean, context: Context): EventRecord {
  const isOfFields = isRaw(text)
  const record = eventRecord(event, isOfFields ? withoutDoubles(text) : text, isCut ? 'cut' : 'whole', context)
  if (isOfFields && !isCut) record.payload = payloadPart(text)
  record.event_name = eventNamePart(event)
  return record
}

/** True for fields as they are in the buffer: of the option `fields`, and of `trace-cmd report -R`. */
export function isRaw(payload: string): boolean {
  return payload.includes(' (') && RAW_FIELD.test(payload)
}

/** `len=0x42 (66)`, `location=f+0x1/0x2 (-2113638580)`, `location=f+0x1 (0xffffffff8211a65f)` */
const RAW_FIELD = /=0x[0-9a-f]{1,16} \(-?\d{1,20}\)(?: |$)|\+0x[0-9a-f]+ \(0x[0-9a-f]{8,16}\)/

/** The text with one number a field: the decimal one where it can be no address. */
function withoutDoubles(text: string): string {
  return text
    .replace(/=0x([0-9a-f]{1,16}) \((\d{1,20})\)/g, (_, hex: string, decimal: string) =>
      hex.length <= 8 ? `=${decimal}` : `=0x${hex}`,
    )
    .replace(/ \((?:0x[0-9a-f]{1,16}|-?\d{1,20})\)/g, '')
}

/** What was written to trace_marker, or printed by a BPF program or the kernel: no payload, whatever it holds. */
function printedRecord(name: string, text: string, isCut: boolean, isTraceCmd: boolean): EventRecord | undefined {
  if (MARKER.test(name)) return markRecord('ftrace:print', name, text, isCut)
  if (name === 'bpf_trace_printk') return freeRecord('bpf_trace:bpf_trace_printk', isCut ? '' : text, isCut)
  if (!isTraceCmd || !PRINTS.has(name)) return name === 'function' ? functionRecord(text) : undefined
  const at = text.indexOf(': ')
  return at < 0
    ? freeRecord(`ftrace:${name}`, isCut ? '' : text, isCut)
    : markRecord(`ftrace:${name}`, text.slice(0, at), text.slice(at + 2), isCut)
}

/** With the option `sym-offset` a symbol has its offset. */
const MARKER = /^tracing_mark_write(?:\+0x|$)/
const PRINTS: ReadonlySet<string> = new Set(['print', 'bprint', 'bputs'])

function markRecord(event: string, symbol: string, text: string, isCut: boolean): EventRecord {
  const place = readPlace(symbol)
  const record = freeRecord(event, isCut ? '' : place === undefined ? `${symbol}: ${text}` : text, isCut)
  if (place !== undefined) record.location = locationPart(place.place)
  return record
}

/** A record of text that nobody can take apart. */
function freeRecord(event: string | undefined, text: string, isCut = false): EventRecord {
  const record = new EventRecord('trace')
  if (event !== undefined) record.event_name = eventNamePart(event)
  if (trimmed(text) !== '') record.payload = payloadPart(text)
  if (isCut) record.flags = ['incomplete']
  return record
}

/** `sys_close <-system_call_fastpath`, and since Linux 6.15 with arguments. */
function functionRecord(body: string): EventRecord | undefined {
  const [, symbol = '', address, parameters, parent = ''] = FUNCTION.exec(trimmed(body)) ?? []
  const location = symbol === '' ? undefined : placeWith(symbol, address)
  if (location === undefined) return undefined
  const record = freeRecord('ftrace:function', parameters ?? '')
  record.location = location
  record.args = replaced(parent)
    ? seal('args', { parent: utf8(parent) }, 'text_replaced')
    : seal('args', { parent: utf8(parent) })
  return record
}

/** A symbol with the address that the option `sym-addr` prints after it. */
function placeWith(symbol: string, digits: string | undefined): Part | undefined {
  const place = readPlace(symbol)?.place
  const address = digits === undefined ? undefined : kernelPointer(digits, 0, digits.length)
  if (place === undefined) return undefined
  return locationPart(address === undefined ? place : { ...place, address })
}

/** `sys_write(fd: 0x1, …)` and `sys_write -> 0x2`: the kernel prints syscalls without the names of their events. */
function syscallRecord(body: string, context: Context): EventRecord | undefined {
  const [, entered, parameters = ''] = SYSCALL.exec(body) ?? []
  if (entered !== undefined) return payloadRecord(`syscalls:sys_enter_${entered}`, parameters, false, context)
  const [, left, result = ''] = SYSCALL_END.exec(body) ?? []
  return left === undefined ? undefined : payloadRecord(`syscalls:sys_exit_${left}`, result, false, context)
}
