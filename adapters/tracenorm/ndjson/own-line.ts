// An event as we write it: no blanks, members in order, only members of the strict schema. Such a line is split at
// its members. A member that was in the line before, or in a recent one, is not parsed and validated again: this is
// twice as fast as JSON.parse and ajv on the whole line. any-line.ts reads every other line.

import { requiredMembers } from '../../../src/event/generated/fields.ts'
import { members } from '../../../src/event/generated/members.ts'
import type { MemberName } from '../../../src/event/generated/types.ts'
import { memberValidators } from '../../../src/event/generated/validators.ts'
import { type Json, type Part, tsPart } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { SETTERS } from '../../../src/event/setters.ts'
import { trustedText } from '../../../src/event/trusted-part.ts'
import { KINDS, type Kind } from '../../../src/event/words.ts'
import { detached } from '../../../src/text/detached.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import { DEEPEST, isDeeperThan } from './depth.ts'
import { Templates } from './template.ts'

const HEAD = '{"v":1,"kind":"'
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const CLOSING_BRACE = 125

/** A reader of lines as we write them. It returns undefined for any other line. */
export function ownLineReader(): (
  text: string,
  start: number,
  end: number,
  isAscii: boolean,
) => EventRecord | undefined {
  const heads = KINDS.map((kind) => `${HEAD}${kind}"`)
  const lines = KINDS.map((kind) => new LinesOfKind(kind))
  let latest = 0
  return (text, start, end, isAscii) => {
    if (!text.startsWith(heads[latest] ?? '', start)) latest = heads.findIndex((head) => text.startsWith(head, start))
    const head = heads[latest]
    if (head === undefined) {
      latest = 0
      return undefined
    }
    return lines[latest]?.read(text, start + head.length, end, isAscii)
  }
}

class LinesOfKind {
  private readonly kind: Kind
  private readonly slots: readonly Slot[]
  private readonly required: number
  /** Place of the first member of the line before. */
  private first = 0
  /** Members that were parsed since the count began, and the lines that had them. */
  private parses = 0
  private lines = 0
  /** Lines that are left to any-line.ts. */
  private rest = 0

  constructor(kind: Kind) {
    this.kind = kind
    const parse = (text: string, isAscii: boolean): Part | undefined => {
      this.parses++
      return parsed(kind, text, isAscii)
    }
    const memo: Memo<Part | typeof REFUSED> = intern((text) => parse(detached(text), false) ?? REFUSED)
    this.slots = members.map((name, place) => new Slot(name, kind, place, parse, memo))
    this.required = this.slots.filter(({ isRequired }) => isRequired).length
  }

  /** `start` is after the kind. */
  read(text: string, start: number, end: number, isAscii: boolean): EventRecord | undefined {
    if (this.isTooDear()) return undefined
    const { slots } = this
    const record = new EventRecord(this.kind)
    let missing = this.required
    let before: Slot | undefined
    let at = start
    while (text.charCodeAt(at) !== CLOSING_BRACE || at !== end - 1) {
      let slot = slots[before === undefined ? this.first : before.next]
      let next = slot === undefined ? -1 : slot.readAgain(text, at)
      if (slot === undefined || next < 0) {
        slot = this.slotAt(text, at, before)
        if (slot === undefined) return undefined
        if (before === undefined) this.first = slot.place
        else before.next = slot.place
        next = slot.readNew(text, at, end, isAscii)
        if (next < 0) return undefined
      }
      if (slot.part !== undefined) slot.set(record, slot.part)
      if (slot.isRequired) missing--
      before = slot
      at = next
    }
    return missing === 0 ? record : undefined
  }

  /** Where members hardly ever repeat, it is faster to parse a line as a whole. */
  private isTooDear(): boolean {
    if (this.rest > 0) {
      this.rest--
      return true
    }
    if (++this.lines < TRIAL_LINES) return false
    if (this.parses > TRIAL_LINES * MOST_PARSES) this.rest = 16 * TRIAL_LINES
    this.lines = 0
    this.parses = 0
    return false
  }

  /** The member at `at`, if it may come after `before`. */
  private slotAt(text: string, at: number, before: Slot | undefined): Slot | undefined {
    const { slots } = this
    for (let place = before === undefined ? 0 : before.place + 1; place < slots.length; place++) {
      const slot = slots[place]
      if (slot !== undefined && text.startsWith(slot.key, at)) return slot
    }
    return undefined
  }
}

/** To parse and validate more members of a line than this one by one takes longer than to do it with the whole line. */
const MOST_PARSES = 5
const TRIAL_LINES = 64

type LineMember = (typeof members)[number]
type Parse = (text: string, isAscii: boolean) => Part | undefined

/** A member of the lines of a kind, and its last part. */
class Slot {
  readonly place: number
  /** `,"skb":`. */
  readonly key: string
  readonly isRequired: boolean
  readonly set: (record: EventRecord, part: Part) => void
  part: Part | undefined = undefined
  /** Place of the member that came after it in the line before. */
  next: number
  private readonly parse: Parse
  private readonly memo: Memo<Part | typeof REFUSED> | undefined
  private readonly templates: Templates | undefined

  constructor(name: LineMember, kind: Kind, place: number, parse: Parse, memo: Memo<Part | typeof REFUSED>) {
    this.place = place
    this.next = place + 1
    this.key = `,"${name}":`
    this.isRequired = requiredMembers[kind].includes(name)
    this.set = SETTERS[name]
    this.parse = parse
    this.memo = INTERNED.includes(name) ? memo : undefined
    this.templates = name === 'clock' || name === 'skb' || name === 'capture' ? new Templates(name) : undefined
  }

  /** Reads the member as in the line before, perhaps with another leaf. Returns the offset after it, or -1. */
  readAgain(text: string, at: number): number {
    const { part, templates } = this
    if (templates !== undefined) {
      const other = templates.read(text, at)
      if (other === undefined || !isBorder(text, templates.end)) return -1
      this.part = other
      return templates.end
    }
    if (part === undefined) return -1
    // To compare a slice takes half the time of startsWith.
    const end = at + part.text.length
    return text.slice(at, end) === part.text && isBorder(text, end) ? end : -1
  }

  /** Reads the member at `at`. Returns the offset after it, or -1 if it is not as we write it. */
  readNew(text: string, at: number, lineEnd: number, isAscii: boolean): number {
    const end = endOfValue(text, at + this.key.length, lineEnd)
    if (end < 0 || !isBorder(text, end)) return -1
    const member = text.slice(at, end)
    const part = this.memo === undefined ? this.parse(member, isAscii) : this.memo.get(member)
    if (part === undefined || part === REFUSED) return -1
    this.templates?.learn(member, part.value())
    this.part = part
    return end
  }
}

function isBorder(text: string, at: number): boolean {
  const c = text.charCodeAt(at)
  return c === COMMA || c === CLOSING_BRACE
}

/** Offset after the JSON value at `start`, by its brackets and quotes. -1: it does not end before `end`. */
export function endOfValue(text: string, start: number, end: number): number {
  const c = text.charCodeAt(start)
  if (c === QUOTE) return endOfString(text, start, end)
  let at = start
  let depth = 0
  while (at < end) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at, end)
        if (at < 0) return -1
        continue
      case 91:
      case 123:
        depth++
        break
      case 93:
      case CLOSING_BRACE:
        if (depth === 0) return at
        depth--
        if (depth === 0) return at + 1
        break
      case COMMA:
        if (depth === 0) return at
    }
    at++
  }
  return -1
}

function endOfString(text: string, start: number, end: number): number {
  let at = text.indexOf('"', start + 1)
  while (at >= 0 && at < end) {
    let backslashes = 0
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return at + 1
    at = text.indexOf('"', at + 1)
  }
  return -1
}

/** Members whose texts repeat, though not in the next line. */
const INTERNED: readonly LineMember[] = ['host', 'labels', 'event_name', 'cpu', 'process', 'location', 'drop', 'device']
const REFUSED = 'refused'

/** The part of `,"key":value` (latin1). Undefined: it is not JSON, or the strict schema refuses it. */
function parsed(kind: Kind, text: string, isAscii: boolean): Part | undefined {
  const keyEnd = text.indexOf('"', 2)
  const key = text.slice(2, keyEnd)
  const member = memberNamed(kind, key)
  if (member === undefined || (!isAscii && replaced(text))) return undefined
  let value: Json
  try {
    const json = text.slice(keyEnd + 2)
    value = JSON.parse(isAscii ? json : utf8(json))
  } catch {
    // any-line.ts reports where it breaks.
    return undefined
  }
  // Each level has two brackets: a shorter text cannot be too deep.
  if (text.length > 2 * DEEPEST && isDeeperThan(DEEPEST - 1, value)) return undefined
  if (!memberValidators[member](value)) return undefined
  return key === 'ts' && typeof value === 'string' && text.length === TS_BYTES
    ? tsPart(value)
    : trustedText(key, value, text)
}

/** Of `,"ts":"2023-02-23T18:03:36.370138884Z"`, without escapes. */
const TS_BYTES = 38

/** The name of the member's validator. */
function memberNamed(kind: Kind, key: string): MemberName | undefined {
  if (key === 'drop' && kind !== 'drop') return 'drop_context'
  return members.find((name) => name === key)
}
