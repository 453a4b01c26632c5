// An event as we write it: no blanks, members in order, none that the strict schema does not know. Such a line is cut at its members, and
// a member that stood in the line before, or was met of late, is not parsed and judged again: twice as fast as JSON.parse
// and ajv on the whole line. Every other line is any-line.ts's.
import { acceptedText } from '../../../src/event/accepted.ts'
import { requiredMembers } from '../../../src/event/generated/fields.ts'
import type { MemberName } from '../../../src/event/generated/types.ts'
import { memberValidators } from '../../../src/event/generated/validators.ts'
import type { Json, Part } from '../../../src/event/part.ts'
import { EventRecord, MEMBERS } from '../../../src/event/record.ts'
import { KINDS, type Kind } from '../../../src/event/words.ts'
import { flat } from '../../../src/text/flat.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import { flagWords } from './any-line.ts'

const HEAD = '{"v":1,"kind":"'
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const CLOSING_BRACE = 125

/** Reads lines as we write them. Undefined: the line is not like that. */
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

/** What is known of a member: its key as it stands in a line, and where its part goes. */
interface Slot {
  readonly key: string
  readonly isRequired: boolean
  set(record: EventRecord, part: Part): void
  /** The part of a member's text, `,"key":value`; undefined when the schema refuses it. */
  make(text: string, isAscii: boolean): Part | undefined
  /** The part that stood in the line before. */
  latest: Part | undefined
  /** Place of the member that came after this one in the line before. */
  next: number
}

class LinesOfKind {
  private readonly kind: Kind
  private readonly slots: readonly Slot[]
  private readonly required: number
  private first = 0

  constructor(kind: Kind) {
    this.kind = kind
    this.slots = slotsOf(kind)
    this.required = this.slots.filter(({ isRequired }) => isRequired).length
  }

  /** `start`: behind the kind. */
  read(text: string, start: number, end: number, isAscii: boolean): EventRecord | undefined {
    const { slots } = this
    const record = new EventRecord(this.kind)
    let missing = this.required
    let previous = -1
    let at = start
    while (text.charCodeAt(at) !== CLOSING_BRACE || at !== end - 1) {
      let place = this.nextOf(previous)
      let slot = slots[place]
      let part = slot?.latest
      let valueEnd = part === undefined ? -1 : at + part.text.length
      // A slice compared: half the time of startsWith.
      if (part === undefined || text.slice(at, valueEnd) !== part.text || !isBorder(text, valueEnd)) {
        if (slot === undefined || !text.startsWith(slot.key, at)) {
          place = previous + 1
          while (place < slots.length && !text.startsWith(slots[place]?.key ?? '', at)) place++
          this.setNext(previous, place)
          slot = slots[place]
          if (slot === undefined) return undefined
        }
        valueEnd = endOfValue(text, at + slot.key.length, end)
        if (valueEnd < 0 || !isBorder(text, valueEnd)) return undefined
        part = slot.make(text.slice(at, valueEnd), isAscii)
        if (part === undefined) return undefined
        slot.latest = part
      }
      slot?.set(record, part)
      if (slot?.isRequired === true) missing--
      previous = place
      at = valueEnd
    }
    return missing === 0 ? record : undefined
  }

  private nextOf(previous: number): number {
    return previous < 0 ? this.first : (this.slots[previous]?.next ?? 0)
  }

  private setNext(previous: number, place: number): void {
    const slot = this.slots[previous]
    if (slot === undefined) this.first = place
    else slot.next = place
  }
}

function isBorder(text: string, at: number): boolean {
  const c = text.charCodeAt(at)
  return c === COMMA || c === CLOSING_BRACE
}

/** Behind the JSON value at `start`, as far as brackets and quotes tell; -1 when it has no end before `end`. */
function endOfValue(text: string, start: number, end: number): number {
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

/** Members whose texts come again, though not in the next line. */
const INTERNED = ['host', 'labels', 'event_name', 'cpu', 'process', 'location', 'drop', 'device']
const REFUSED = 'refused'

function slotsOf(kind: Kind): readonly Slot[] {
  const memo: Memo<Part | typeof REFUSED> = intern((text) => partOf(kind, flat(text), false) ?? REFUSED)
  return MEMBERS.map((name) => ({
    key: `,"${name}":`,
    isRequired: requiredMembers[kind].includes(name),
    set: SETTERS[name],
    make: INTERNED.includes(name)
      ? (text: string) => {
          const part = memo.get(text)
          return part === REFUSED ? undefined : part
        }
      : (text: string, isAscii: boolean) => partOf(kind, text, isAscii),
    latest: undefined,
    next: 0,
  }))
}

/** `text`: `,"key":value`, latin1. Undefined when it is no JSON, or the strict schema refuses it. */
function partOf(kind: Kind, text: string, isAscii: boolean): Part | undefined {
  const keyEnd = text.indexOf('"', 2)
  const member = memberNamed(kind, text.slice(2, keyEnd))
  if (member === undefined || (!isAscii && replaced(text))) return undefined
  let value: Json
  try {
    const json = text.slice(keyEnd + 2)
    value = JSON.parse(isAscii ? json : utf8(json))
  } catch {
    // Where it breaks any-line.ts tells.
    return undefined
  }
  return memberValidators[member](value) ? acceptedText(text, value) : undefined
}

/** As its validator is called. */
function memberNamed(kind: Kind, key: string): MemberName | undefined {
  if (key === 'drop' && kind !== 'drop') return 'drop_context'
  return MEMBERS.find((name) => name === key)
}

/** A function for each: a store under a name in a variable takes three times as long. */
const SETTERS: Readonly<Record<(typeof MEMBERS)[number], (record: EventRecord, part: Part) => void>> = {
  ts: (record, part) => {
    record.ts = part
  },
  clock: (record, part) => {
    record.clock = part
  },
  host: (record, part) => {
    record.host = part
  },
  labels: (record, part) => {
    record.labels = part
  },
  event_name: (record, part) => {
    record.event_name = part
  },
  cpu: (record, part) => {
    record.cpu = part
  },
  process: (record, part) => {
    record.process = part
  },
  skb: (record, part) => {
    record.skb = part
  },
  location: (record, part) => {
    record.location = part
  },
  drop: (record, part) => {
    record.drop = part
  },
  device: (record, part) => {
    record.device = part
  },
  stack: (record, part) => {
    record.stack = part
  },
  sample: (record, part) => {
    record.sample = part
  },
  metric: (record, part) => {
    record.metric = part
  },
  loss: (record, part) => {
    record.loss = part
  },
  message: (record, part) => {
    record.message = part
  },
  level: (record, part) => {
    record.level = part
  },
  stream: (record, part) => {
    record.stream = part
  },
  args: (record, part) => {
    record.args = part
  },
  payload: (record, part) => {
    record.payload = part
  },
  flags: (record, part) => {
    record.flags = flagWords(part.value())
  },
  capture: (record, part) => {
    record.capture = part
  },
  id: (record, part) => {
    record.id = part
  },
}
