// Payloads of skb:kfree_skb that are not as the kernel prints them: shortened, with notes after them, with members that
// a patched kernel adds.
import { trimmed } from '../text/blank.ts'
import { isElided } from '../text/pasted.ts'
import type { Argument } from './payload.ts'
import { withoutX } from './pointer.ts'

/** The tracepoint, as perf and tracefs name it. */
export const KFREE_SKB = 'skb:kfree_skb'

/** The beginning of its payload, of any kernel: no other event prints these members in this order. */
const PAYLOAD = /skbaddr=\S+ (?:rx_sk=\S+ )?protocol=\d+ location=\S/y

/** Does the payload of skb:kfree_skb (latin1) begin at `at`? */
export function beginsPayload(text: string, at = 0): boolean {
  PAYLOAD.lastIndex = at
  return PAYLOAD.test(text)
}

/** What was found in such a payload. */
export interface Members {
  readonly args: readonly Argument[]
  /** Text that belongs to no member: an author's notes, `...`. */
  readonly rest: string
  /** Not as any kernel prints it. */
  readonly isReformatted: boolean
  /** Offset after the last member. */
  readonly end: number
}

const KEY = /([A-Za-z_]\w{0,63})(=|:(?= |$|0x| ?[A-Z_]{3}))/y

const POINTER = String.raw`(\(nil\)x?|0x[0-9a-fA-F]{1,16}x?|(?:[0-9a-fA-F]{8}){1,2}x|[0-9a-fA-F]{1,16})(?=[ \t,;)\]<]|$)`
const REASON = '([A-Z][A-Z0-9_]*|0x[0-9a-fA-F]{1,8}|[0-9]{1,10})'
/** Each value by its own grammar: it ends where that ends, whatever follows. A pointer may have the `x` of `%px`. */
const VALUES: ReadonlyMap<string, RegExp> = new Map([
  ['skbaddr', new RegExp(POINTER, 'y')],
  ['rx_sk', new RegExp(POINTER, 'y')],
  ['protocol', /(\d{1,5}|0x[0-9a-fA-F]{1,4})(?=[ \t,;)\]<]|$)/y],
  ['location', /((?!\.\.|\(_*ptrval_*\))[^ \t=,;]+(?: \[[\w-]+\])?)/y],
  ['reason', new RegExp(`${REASON}(?![A-Za-z0-9_(.\xe2])`, 'y')],
])
const OTHER = /([^ \t]*)/y
/** In the place of a hashed pointer, soon after the boot (`lib/vsprintf.c`, Linux 4.15). It is no value. */
const NO_HASH = /\(_*ptrval_*\)/y
/** A column of 16 hexadecimal digits may follow it without a blank. */
const EXACT_REASON = new RegExp(REASON, 'y')

/**
 * The members of the text (latin1), found by their names, each optional. Undefined when there are none. `isExact`: stop
 * at the first text that is no member; for payloads that columns follow.
 */
export function readMembers(text: string, isExact = false): Members | undefined {
  const args: Argument[] = []
  const seen = new Set<string>()
  let rest = ''
  let isReformatted = false
  let end = 0
  for (let at = 0; at < text.length; ) {
    const c = text.charCodeAt(at)
    if (c === 32 || c === 9) {
      at++
      continue
    }
    const [key, valueAt] = keyAt(text, at)
    const value = key === undefined ? undefined : readValue(text, key, valueAt, isExact)
    if (key === undefined || value === undefined) {
      if (isExact && args.length > 0) break
      // A key whose value was left out or is not valid: `location=...`, `reason:` of 6.0-rc.
      NO_HASH.lastIndex = valueAt
      if (key !== undefined && NO_HASH.test(text)) {
        rest += `${text.slice(at, NO_HASH.lastIndex)} `
        at = NO_HASH.lastIndex
        end = at
        continue
      }
      const word = key === undefined ? wordEnd(text, at) : valueAt
      if (key !== 'reason') {
        rest += `${text.slice(at, word)} `
        isReformatted = true
      }
      at = word
      if (key !== undefined) end = word
      continue
    }
    if (seen.has(key) || (isExact && rest !== '')) {
      rest += text.slice(at)
      isReformatted = true
      break
    }
    args.push({ key, value: value.text })
    seen.add(key)
    isReformatted ||= value.isAltered
    at = value.end
    end = at
  }
  const isOurs = args.some(({ key }) => VALUES.has(key))
  return isOurs ? { args, rest: trimmed(rest), isReformatted, end } : undefined
}

/** A member's name at `at`, and where its value starts. */
function keyAt(text: string, at: number): readonly [string | undefined, number] {
  KEY.lastIndex = at
  const key = KEY.exec(text)?.[1]
  let valueAt = KEY.lastIndex
  if (key === undefined) return [undefined, at]
  while (text.charCodeAt(valueAt) === 32) valueAt++
  return [key, valueAt]
}

function readValue(
  text: string,
  key: string,
  at: number,
  isExact: boolean,
): { readonly text: string; readonly end: number; readonly isAltered: boolean } | undefined {
  const known = VALUES.get(key) ?? OTHER
  const grammar = isExact && key === 'reason' ? EXACT_REASON : known
  grammar.lastIndex = at
  const match = grammar.exec(text)
  const value = match?.[1]
  if (match === null || value === undefined || value === '' || isElided(value)) return undefined
  const bare = withoutX(value)
  return { text: bare, end: at + match[0].length, isAltered: bare !== value }
}

function wordEnd(text: string, at: number): number {
  const blank = text.indexOf(' ', at)
  return blank < 0 ? text.length : blank
}

/** True when a member is missing: the record goes on in the next line, where a mailer or a terminal wrapped it. */
export function isUnfinished(payload: string): boolean {
  const text = payload.trimEnd()
  if (text === '') return true
  if (text.includes('...')) return false
  if (!/^skbaddr=/.test(text)) return false
  return !text.includes(' location=') || /(?:=|\blocation|\bprotocol|\breason|\brx_sk|\bskbaddr)$/.test(text)
}

/** True for text that begins like a member: a wrapped record goes on with it. */
export function isContinuation(text: string): boolean {
  return /^(?:skbaddr|rx_sk|protocol|location)=|^reason: *(?:[A-Z][A-Z0-9_]*|0x[0-9a-f]+)$/.test(text)
}
