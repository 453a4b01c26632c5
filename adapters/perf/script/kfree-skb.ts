// skb:kfree_skb, the payload that perf text mostly is (perf.md 3): `skbaddr=… [rx_sk=…] protocol=… location=… [reason: …]`.
import { Mould, type Part } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import type { Kind } from '../../../src/event/words.ts'
import { etherTypeName } from '../../../src/kernel/ethertype.ts'
import { splitPayload } from '../../../src/kernel/payload.ts'
import type { Reasons } from '../../../src/kernel/reasons/reasons.ts'
import { sectionsOf } from '../../../src/kernel/sections.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { pointer, uint } from '../../../src/text/scan.ts'

export const KFREE_SKB = 'skb:kfree_skb'

/** What follows the pointers, and repeats from packet to packet. */
interface Tail {
  readonly kind: Kind
  readonly skb: SkbMoulds
  readonly location: Part | undefined
  readonly drop: Part | undefined
}

interface SkbMoulds {
  readonly alone: Mould<'skb'>
  readonly noSocket: Mould<'skb'>
  readonly socket: Mould<'skb'>
}

/** A reader of the regular payloads of skb:kfree_skb; `forget` when the names of reasons change. */
export interface KfreeSkb {
  /** A record with the sections of the payload `[start, end)`; undefined when it is not regular. */
  read(text: string, start: number, end: number): EventRecord | undefined
  forget(): void
}

export function kfreeSkbReader(reasons: Reasons): KfreeSkb {
  const tails: Memo<Tail | typeof IRREGULAR> = intern((tail) => tailOf(tail, reasons))
  return {
    read(text, start, end) {
      if (!text.startsWith('skbaddr=', start)) return undefined
      const addrStart = start + 8
      const addrEnd = text.indexOf(' ', addrStart)
      if (addrEnd < 0 || addrEnd >= end) return undefined
      const addr = pointer(text, addrStart, addrEnd)
      if (addr === undefined) return undefined
      let tailStart = addrEnd
      let rxSk: string | undefined
      if (text.startsWith(' rx_sk=', addrEnd)) {
        tailStart = text.indexOf(' ', addrEnd + 7)
        if (tailStart < 0 || tailStart >= end) return undefined
        rxSk = pointer(text, addrEnd + 7, tailStart)
        if (rxSk === undefined) return undefined
      }
      const tail = tails.of(text, tailStart, end)
      if (tail === IRREGULAR) return undefined
      const record = new EventRecord(tail.kind)
      const { skb } = tail
      record.skb =
        rxSk === undefined
          ? skb.alone.fill(addr)
          : rxSk === '0x0'
            ? skb.noSocket.fill(addr)
            : skb.socket.fill(addr, rxSk)
      record.location = tail.location
      record.drop = tail.drop
      return record
    },
    forget: () => tails.clear(),
  }
}

const IRREGULAR = 'irregular'
const REGULAR = /^ protocol=(\d{1,5}) location=\S+(?: \[[\w-]+\])?(?: reason:(?: +[A-Z0-9_]+| +0x[0-9a-f]+)?)? *$/

function tailOf(tail: string, reasons: Reasons): Tail | typeof IRREGULAR {
  const [, digits = ''] = REGULAR.exec(tail) ?? []
  const protocol = uint(digits, 0, digits.length)
  if (protocol === undefined || protocol > 0xffff) return IRREGULAR
  const { args } = splitPayload(KFREE_SKB, tail.slice(1))
  const sections = sectionsOf(KFREE_SKB, args, reasons)
  if (sections.args !== undefined) return IRREGULAR
  return { kind: sections.kind, skb: SKBS.get(digits), location: sections.location, drop: sections.drop }
}

/** By protocol, as printed. */
const SKBS = intern((digits): SkbMoulds => {
  const protocol = Number(digits)
  const name = etherTypeName(protocol)
  const known = { addr: '0x1', protocol, ...(name !== undefined && { protocol_name: name }) }
  return {
    alone: new Mould('skb', known, ['addr']),
    noSocket: new Mould('skb', { ...known, rx_sk: '0x0' }, ['addr']),
    socket: new Mould('skb', { ...known, rx_sk: '0x1' }, ['addr', 'rx_sk']),
  }
})
