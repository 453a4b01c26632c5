// The payload of skb:kfree_skb as the kernel prints it, read by offsets: `skbaddr=… [rx_sk=…] protocol=… location=…
// [reason: …]` (include/trace/events/skb.h, Linux 2.6.30 to 7.2). Other payloads of the event are read by kfree-skb.ts.
import type { Part } from '../event/part.ts'
import { EventRecord } from '../event/record.ts'
import type { Kind } from '../event/words.ts'
import { intern, type Memo } from '../text/intern.ts'
import { isElided } from '../text/pasted.ts'
import { digitsEnd, holdsAt, uint } from '../text/scan.ts'
import { replaced } from '../text/utf8.ts'
import { KFREE_SKB } from './kfree-skb.ts'
import { locationPart } from './location-part.ts'
import { kernelPointer } from './pointer.ts'
import type { Reasons } from './reasons/reasons.ts'
import { sectionsOf } from './sections.ts'
import { type SkbParts, skbPartsOf } from './skb-part.ts'
import { readPlace } from './symbol.ts'

/** What follows the pointers. It repeats from packet to packet. */
interface PayloadTail {
  readonly kind: Kind
  readonly skb: SkbParts
  readonly location: Part | undefined
  readonly drop: Part | undefined
}

/** Reads regular payloads of skb:kfree_skb. Call `forget` when the names of reasons change. */
export interface KfreeSkbReader {
  /** A record with the sections of the payload `[start, end)`. Undefined: the payload is not regular. */
  read(text: string, start: number, end: number): EventRecord | undefined
  forget(): void
}

export function kfreeSkbReader(reasons: Reasons): KfreeSkbReader {
  const reasonMemo: Memo<ReasonParts> = intern((text) => reasonParts(text, reasons))
  const tails: Memo<PayloadTail | typeof IRREGULAR> = intern((tail) => tailOf(tail, (text) => reasonMemo.get(text)))
  return {
    read(text, start, end) {
      if (!holdsAt(text, start, 'skbaddr=')) return undefined
      const addrStart = start + 8
      const addrEnd = pointerEnd(text, addrStart, end)
      if (addrEnd === undefined) return undefined
      const addr = kernelPointer(text, addrStart, addrEnd)
      if (addr === undefined) return undefined
      let tailStart: number | undefined = addrEnd
      let rxSk: string | undefined
      if (holdsAt(text, addrEnd, ' rx_sk=')) {
        tailStart = pointerEnd(text, addrEnd + 7, end)
        if (tailStart === undefined) return undefined
        rxSk = kernelPointer(text, addrEnd + 7, tailStart)
        if (rxSk === undefined) return undefined
      }
      const tail = tails.of(text, tailStart, end)
      if (tail === IRREGULAR) return undefined
      const record = new EventRecord(tail.kind)
      record.skb = tail.skb.part(addr, rxSk)
      record.location = tail.location
      record.drop = tail.drop
      return record
    },
    forget() {
      tails.clear()
      reasonMemo.clear()
    },
  }
}

/**
 * Offset after a pointer. Most are like `0xffff88811f6a7068` or `(nil)`, in the kernel's own text like
 * `000000006e9d80af`. A look at these places first takes a fifth of the time of `indexOf`.
 */
function pointerEnd(text: string, start: number, end: number): number | undefined {
  if (text.charCodeAt(start + 18) === 32 && text.charCodeAt(start) === 48 && start + 18 < end) return start + 18
  if (text.charCodeAt(start + 5) === 32 && text.charCodeAt(start) === 40 && start + 5 < end) return start + 5
  if (text.charCodeAt(start + 16) === 32 && text.charCodeAt(start + 1) !== 120 && start + 16 < end) return start + 16
  const blank = text.indexOf(' ', start)
  return blank < 0 || blank >= end ? undefined : blank
}

const IRREGULAR = 'irregular'
const TEXT_REPLACED = ['text_replaced'] as const
const PROTOCOL = ' protocol='
const LOCATION = ' location='
const REASON = ' reason:'

/** Reads ` protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET` by offsets: in some captures no line repeats. */
function tailOf(tail: string, reasonOf: (text: string) => ReasonParts): PayloadTail | typeof IRREGULAR {
  if (!tail.startsWith(PROTOCOL)) return IRREGULAR
  const digitsStop = digitsEnd(tail, PROTOCOL.length)
  const protocol = uint(tail, PROTOCOL.length, digitsStop)
  if (protocol === undefined || protocol > 0xffff || !tail.startsWith(LOCATION, digitsStop)) return IRREGULAR
  const placeStart = digitsStop + LOCATION.length
  const reasonAt = tail.indexOf(REASON, placeStart)
  const place = tail.slice(placeStart, reasonAt < 0 ? tail.length : reasonAt).trimEnd()
  const reading = place.startsWith('..') || isElided(place) ? undefined : readPlace(place)
  if (reading?.isWhole !== true) return IRREGULAR
  const reason = reasonOf(reasonAt < 0 ? '' : tail.slice(reasonAt + REASON.length).trim())
  if (reason === IRREGULAR_REASON) return IRREGULAR
  return {
    kind: reason.kind,
    skb: skbPartsOf(protocol),
    location: locationPart(reading.place, ...(replaced(place) ? TEXT_REPLACED : [])),
    drop: reason.drop,
  }
}

interface ReasonParts {
  readonly kind: Kind
  readonly drop: Part | undefined
}

const IRREGULAR_REASON: ReasonParts = { kind: 'drop', drop: undefined }

/** There are about a hundred reasons. Kernels of 6.0-rc print an empty one, which says nothing. */
function reasonParts(text: string, reasons: Reasons): ReasonParts {
  if (!/^(?:[A-Z][A-Z0-9_]*|0x[0-9a-f]{1,8})?$/.test(text)) return IRREGULAR_REASON
  const { kind, drop, args } = sectionsOf(KFREE_SKB, text === '' ? [] : [{ key: 'reason', value: text }], reasons)
  return args === undefined ? { kind, drop } : IRREGULAR_REASON
}
