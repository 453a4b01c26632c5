// The fields of skb:kfree_skb in the order of its format file (Linux 5.10 to 7.2), read by offsets.

import { type Part, seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import type { Kind } from '../../../src/event/words.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import { locationPart } from '../../../src/kernel/location-part.ts'
import type { Reasons } from '../../../src/kernel/reasons/reasons.ts'
import { sectionsOf } from '../../../src/kernel/sections.ts'
import { skbPartsOf } from '../../../src/kernel/skb-part.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { holdsAt, pointer, uint } from '../../../src/text/scan.ts'
import { CLOSE, COMMA, QUOTE } from './characters.ts'
import { INFERRED } from './sample.ts'
import { spaceEnd } from './text-end.ts'

const SKBADDR = '"skbaddr":'
const LOCATION = '"location":'
const RX_SK = '"rx_sk":'
const PROTOCOL = '"protocol":'
const REASON = '"reason":'
const MOST_PROTOCOL = 0xffff

export class PlainDrop {
  /** Offset after the brace that closes the sample that was read last. */
  end = 0
  private readonly name = seal('event_name', KFREE_SKB)
  private readonly reasons: Memo<ReasonField | undefined>
  private readonly unreasoned: ReasonField | undefined
  private at = 0
  private valueStart = 0
  private valueEnd = 0

  constructor(reasons: Reasons) {
    this.reasons = intern((code) => reasonField([{ key: 'reason', value: code }], reasons))
    this.unreasoned = reasonField([], reasons)
  }

  forget(): void {
    this.reasons.clear()
  }

  /** A record with the sections of the fields from `start` to the brace. Undefined: they are not plain. */
  read(text: string, start: number): EventRecord | undefined {
    if (!this.readValue(text, start, SKBADDR)) return undefined
    const addr = this.pointer(text)
    if (addr === undefined || !this.readNext(text, LOCATION)) return undefined
    const location = PLACES.of(text, this.valueStart, this.valueEnd)
    if (location === undefined) return undefined
    let rxSk: string | undefined
    if (this.readNext(text, RX_SK)) {
      rxSk = this.pointer(text)
      if (rxSk === undefined) return undefined
    }
    if (!this.readNext(text, PROTOCOL)) return undefined
    const protocol = uint(text, this.valueStart, this.valueEnd)
    if (protocol === undefined || protocol > MOST_PROTOCOL) return undefined
    const hasReason = this.readNext(text, REASON)
    const reason = hasReason ? this.reasons.of(text, this.valueStart, this.valueEnd) : this.unreasoned
    if (reason === undefined || (rxSk !== undefined && !hasReason)) return undefined
    if (text.charCodeAt(this.at) !== CLOSE) return undefined
    this.end = this.at + 1
    const record = new EventRecord(reason.kind)
    record.event_name = this.name
    record.flags = INFERRED
    record.skb = skbPartsOf(protocol).part(addr, rxSk)
    record.location = location
    record.drop = reason.drop
    return record
  }

  /** The text that was read last as a pointer. */
  private pointer(text: string): string | undefined {
    return pointer(text, this.valueStart, this.valueEnd)
  }

  /** Reads the member of that key after a comma; false: another one follows, and nothing was read. */
  private readNext(text: string, key: string): boolean {
    return text.charCodeAt(this.at) === COMMA && this.readValue(text, spaceEnd(text, this.at + 1), key)
  }

  /** Reads a member whose value is a text. `at` is then the offset of what follows it, after white space. */
  private readValue(text: string, start: number, key: string): boolean {
    if (!holdsAt(text, start, key)) return false
    const quote = spaceEnd(text, start + key.length)
    const end = text.charCodeAt(quote) === QUOTE ? text.indexOf('"', quote + 1) : -1
    if (end < 0) return false
    this.valueStart = quote + 1
    this.valueEnd = end
    this.at = spaceEnd(text, end + 1)
    return true
  }
}

/** What the reason of a sample makes. */
interface ReasonField {
  readonly kind: Kind
  readonly drop: Part | undefined
}

/** Undefined: it is not a number. */
function reasonField(
  fields: readonly { readonly key: string; readonly value: string }[],
  reasons: Reasons,
): ReasonField | undefined {
  if (fields.some(({ value }) => !/^\d{1,10}$/.test(value))) return undefined
  const { kind, drop, args } = sectionsOf(KFREE_SKB, fields, reasons)
  return args === undefined ? { kind, drop } : undefined
}

/** Places by the address that perf writes. Undefined: the text is not an address. */
const PLACES = intern((text): Part | undefined => {
  const address = pointer(text, 0, text.length)
  return address === undefined ? undefined : locationPart({ address })
})
