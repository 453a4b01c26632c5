// The fields of an entry as perf trace prints them: `fd: 3</tmp/x>, name: "lo", pid: 18 (migration/0)`. Nothing is
// escaped (trace__fprintf_tp_fields, syscall__scnprintf_args in tools/perf/builtin-trace.c, perf 5.0 to 7.2).
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { Argument } from '../../../src/kernel/payload.ts'
import { fieldOf } from '../../../src/kernel/sections.ts'
import { isElided } from '../../../src/text/pasted.ts'

/** The fields of an entry's text. */
export interface Fields {
  readonly args: readonly Argument[]
  /** The arguments hold all of the text. */
  readonly isWhole: boolean
  /** The last value is one that does not end in this text: its quote or bracket is missing. It is left out. */
  readonly isOpen: boolean
  /** A person shortened a value. */
  readonly isReformatted: boolean
}

const KEY = /([A-Za-z_][\w.]{0,127}): ?/y

/**
 * The fields of a text (latin1). `isCut`: the input ends with it. Undefined: it does not begin with the name of a
 * field.
 */
export function readFields(event: string, text: string, isCut = false): Fields | undefined {
  if (text === '') return { args: [], isWhole: true, isOpen: false, isReformatted: false }
  const args: Argument[] = []
  let isWhole = true
  let isReformatted = false
  for (let at = 0; at < text.length; ) {
    const key = keyAt(text, at)
    if (key === undefined) {
      if (at === 0) return undefined
      isWhole = false
      break
    }
    const isRaw = RAW_TEXT.includes(key.name) && !text.startsWith('0x', key.end)
    const end = isRaw ? rawEnd(text, key.end, isCut) : valueEnd(text, key.end)
    if (end === undefined) return { args, isWhole: false, isOpen: true, isReformatted }
    const value = text.slice(key.end, end)
    if (isElided(value) && !value.startsWith('"')) {
      isWhole = false
      isReformatted = true
    } else addField(args, event, key.name, value)
    at = end + SEPARATOR.length
  }
  return { args, isWhole, isOpen: false, isReformatted }
}

/** The text ends within a value, whose quote or bracket is missing. perf cuts long texts, and then closes them. */
export function endsWithin(event: string, text: string): boolean {
  return readFields(event, text)?.isOpen === true && text.length < LONGEST_FIELDS
}

/** perf trace prints at most 2,047 bytes, of a call with its name. */
const LONGEST_FIELDS = 2047 - 64

const SEPARATOR = ', '

/** The name of a field at `at`, and where its value begins. */
function keyAt(text: string, at: number): { readonly name: string; readonly end: number } | undefined {
  KEY.lastIndex = at
  const name = KEY.exec(text)?.[1]
  return name === undefined ? undefined : { name, end: KEY.lastIndex }
}

/** The end, or a separator with another field after it. */
function endsField(text: string, at: number): boolean {
  return at === text.length || (text.startsWith(SEPARATOR, at) && keyAt(text, at + SEPARATOR.length) !== undefined)
}

/** Offset after the value at `start`. Undefined: it does not end in this text. */
function valueEnd(text: string, start: number): number | undefined {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return closeAfter(text, start + 1, '"')
  if (first === BRACE || first === BRACKET) return balancedEnd(text, start)
  NUMBER_AND_OPENING.lastIndex = start
  const [opening] = NUMBER_AND_OPENING.exec(text) ?? []
  if (opening !== undefined) return closeAfter(text, start + opening.length, opening.endsWith('<') ? '>' : ')')
  let end = text.indexOf(SEPARATOR, start)
  while (end >= 0 && !endsField(text, end)) end = text.indexOf(SEPARATOR, end + 1)
  return end < 0 ? text.length : end
}

const QUOTE = 34
const BRACE = 123
const BRACKET = 91
/** `3</tmp/x>`, a file descriptor with its path; `18 (migration/0)`, a pid with its thread's name. */
const NUMBER_AND_OPENING = /-?\d{1,10}(?:<| \()/y
/** Fields with the bytes of a buffer, without quotes; their length follows (perf 6.12 to 7.2). */
const RAW_TEXT = ['buf', 'buff']
const LENGTHS = [', count: ', ', len: ', ', vlen: ', ', size: ']

/** Offset after the bytes of a buffer, which may look like fields: the last length ends them. */
function rawEnd(text: string, start: number, isCut: boolean): number | undefined {
  const end = Math.max(...LENGTHS.map((key) => text.lastIndexOf(key)))
  return isCut ? undefined : end >= start ? end : text.length
}

/** Offset after the first closing character that ends a field. */
function closeAfter(text: string, start: number, close: string): number | undefined {
  for (let at = text.indexOf(close, start); at >= 0; at = text.indexOf(close, at + 1))
    if (endsField(text, at + 1)) return at + 1
  return undefined
}

/** Offset after the bracket that closes the one at `start`: `{ .family: INET, port: 443, addr: 127.0.0.1 }`. */
function balancedEnd(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === BRACE || c === BRACKET) depth++
    else if ((c === BRACE + 2 || c === BRACKET + 2) && --depth === 0)
      return endsField(text, at + 1) ? at + 1 : undefined
  }
  return undefined
}

const PID_AND_COMM = /^(-?\d{1,10}) \((.*)\)$/s
/** Of values of `enum skb_drop_reason`, which tracepoints print without it. */
const REASON_PREFIX = /^SKB_(?:DROP_REASON_)?(?=[A-Z])/

/** Adds the argument, or the two, that the printed value is. */
function addField(args: Argument[], event: string, name: string, printed: string): void {
  const [, pid, comm] = PID_AND_COMM.exec(printed) ?? []
  if (pid !== undefined && comm !== undefined) {
    args.push({ key: name, value: pid }, { key: `${name}_comm`, value: comm })
    return
  }
  const isText = printed.length > 1 && printed.startsWith('"')
  // The field is called `name`, and the tracepoint prints it as `dev`. perf 7.2 prints a number, which is no name.
  const key = isText && name === 'name' && event.startsWith('net:') ? 'dev' : name
  const value = isText ? printed.slice(1, -1) : printed
  if (value !== '') args.push({ key, value: isText ? value : bareValue(event, key, value) })
}

/** A value as the sections know it: NULL pointers are printed with `trace.show_zeros`. */
function bareValue(event: string, key: string, value: string): string {
  if (value === 'NULL' && fieldOf(event, key) !== undefined) return '(nil)'
  return event === KFREE_SKB ? value.replace(REASON_PREFIX, '') : value
}
