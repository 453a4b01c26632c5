// What an entry of perf trace says after its columns: a system call, its return, a tracepoint, a page fault
// (trace__sys_exit, trace__event_handler, trace__pgfault in tools/perf/builtin-trace.c, perf 4.9 to 7.2).
import { trimmed, trimmedEnd } from '../../../src/text/blank.ts'
import { endsWithin } from './fields.ts'

/** `isOpen`: the text ends before the entry does. */
export type EntryBody =
  | {
      readonly is: 'event'
      /** `skb:kfree_skb`. */
      readonly name: string
      /** The text in its parentheses, latin1. */
      readonly inner: string
      readonly isOpen: boolean
    }
  | {
      readonly is: 'call'
      /** `connect`. */
      readonly name: string
      readonly inner: string
      readonly result: CallResult
      readonly isOpen: boolean
    }
  /** The rest of a call whose entry was printed before: other entries came between. */
  | { readonly is: 'return'; readonly name: string; readonly result: CallResult; readonly isOpen: boolean }
  | {
      readonly is: 'fault'
      readonly name: 'major-faults' | 'minor-faults'
      readonly text: string
      readonly isOpen: boolean
    }

/** What follows a call's parenthesis. `open`: it goes on in another line (`...`), or does not return (`= ?`). */
export type CallResult = 'open' | CallReturn

/** Latin1, as printed. */
export interface CallReturn {
  /** `3`, `-1`, `0x7f69af9a0000`, `RDWR|LARGEFILE`. */
  readonly value: string
  /** `ENOENT`. perf 7.2 prints `(unknown)` for all of them: then it is undefined. */
  readonly errno: string | undefined
  /** Text in parentheses after them: what the errno means, `Timeout`, the name of a child. */
  readonly note: string | undefined
}

const EVENT = /([A-Za-z_][\w.-]{0,127}:[^\s(:]{1,255})[(:]/y
const CALL = /([a-z_][a-z0-9_]{1,63})\(/y
const RETURN = / ?\.\.\. \[continued\]: ([a-z_][a-z0-9_]{1,63})\(\)/y
const FAULT = /(maj|min)fault (?=\[)/y

/** True where one of these begins at `at` (latin1). */
export function beginsBody(text: string, at: number): boolean {
  return [EVENT, CALL, RETURN, FAULT].some((expression) => {
    expression.lastIndex = at
    return expression.test(text)
  })
}

/** What the text (latin1, without line end) says from `at` on. Undefined: nothing that perf trace prints. */
export function readBody(text: string, at: number): EntryBody | undefined {
  EVENT.lastIndex = at
  const [event, eventName] = EVENT.exec(text) ?? []
  if (event !== undefined && eventName !== undefined) return eventBody(eventName, text.slice(at + event.length))
  CALL.lastIndex = at
  const [call, callName] = CALL.exec(text) ?? []
  if (call !== undefined && callName !== undefined) return callBody(callName, text.slice(at + call.length))
  RETURN.lastIndex = at
  const [returned, returnedName] = RETURN.exec(text) ?? []
  if (returned !== undefined && returnedName !== undefined)
    return returnBody(returnedName, text.slice(at + returned.length))
  FAULT.lastIndex = at
  const [fault, word] = FAULT.exec(text) ?? []
  if (fault === undefined) return undefined
  const place = trimmedEnd(text.slice(at + fault.length))
  const isWhole = /^\[[^\]]{1,1024}\] => .{1,4096} \([dx?].\)$/.test(place)
  return { is: 'fault', name: word === 'maj' ? 'major-faults' : 'minor-faults', text: place, isOpen: !isWhole }
}

function eventBody(name: string, rest: string): EntryBody {
  const text = trimmedEnd(rest)
  const isOpen = !text.endsWith(')')
  return { is: 'event', name, inner: trimmed(isOpen ? text : text.slice(0, -1)), isOpen }
}

/** `fd: 3, addrlen: 16)      = -1 EINPROGRESS (Operation now in progress)`, `fd: 3)   ...`, `) = ?`. */
function callBody(name: string, rest: string): EntryBody {
  const text = trimmedEnd(rest)
  const interrupted = text.endsWith(' ...') ? closeBefore(text, text.length - 3) : undefined
  if (interrupted !== undefined) {
    const inner = trimmed(text.slice(0, interrupted))
    if (!endsWithin(name, inner)) return { is: 'call', name, inner, result: 'open', isOpen: false }
  }
  let tried = 0
  for (let sign = text.indexOf('= '); sign > 0 && tried < MOST_SIGNS; sign = text.indexOf('= ', sign + 1)) {
    const close = closeBefore(text, sign)
    if (close === undefined) continue
    tried++
    const result = resultOf(text.slice(sign + 2))
    const inner = trimmed(text.slice(0, close))
    if (result !== undefined && !endsWithin(name, inner)) return { is: 'call', name, inner, result, isOpen: false }
  }
  return { is: 'call', name, inner: text, result: 'open', isOpen: true }
}

/** Texts of a call may hold what looks like its end. */
const MOST_SIGNS = 16

function returnBody(name: string, rest: string): EntryBody {
  const [, printed] = /^\) *= (.{1,512})$/.exec(trimmedEnd(rest)) ?? []
  const result = printed === undefined ? undefined : resultOf(printed)
  return result === undefined
    ? { is: 'return', name, result: 'open', isOpen: true }
    : { is: 'return', name, result, isOpen: false }
}

const RESULT =
  /^(-?\d{1,20}(?:<[^>]{1,4096}>)?|0x[0-9a-f]{1,16}|[A-Z][\w|]{0,255})(?: (E[A-Z0-9]{1,20})| \(unknown\)(?= \())?(?: \((.{0,512})\))?$/s

function resultOf(text: string): CallResult | undefined {
  if (text === '?') return 'open'
  const [, value, errno, note] = RESULT.exec(text) ?? []
  return value === undefined ? undefined : { value, errno, note }
}

/** Offset of the parenthesis before the blanks that end at `end`. Undefined: there are none, or no parenthesis. */
function closeBefore(text: string, end: number): number | undefined {
  let at = end - 1
  if (text.charCodeAt(at) !== BLANK) return undefined
  while (text.charCodeAt(at) === BLANK) at--
  return text.charCodeAt(at) === CLOSE ? at : undefined
}

const BLANK = 32
const CLOSE = 41
