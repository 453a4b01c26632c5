// Samples of skb:kfree_skb, straight from their bytes: they are what most recordings consist of.
import type { Part } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import type { Kind } from '../../../src/event/words.ts'
import { eventNamePart } from '../../../src/kernel/event-record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { Reasons } from '../../../src/kernel/reasons/reasons.ts'
import { sectionsOf } from '../../../src/kernel/sections.ts'
import { skbPartsOf } from '../../../src/kernel/skb-part.ts'
import type { EventFormat, FormatField } from './format-text.ts'
import type { DropOffsets, EventDecoder } from './formats.ts'
import { KernelPlaces } from './kernel-places.ts'
import type { Sample } from './sample.ts'
import type { Symbols } from './symbols.ts'

/** Fields that the kernel gives the event, with their sizes (include/trace/events/skb.h, Linux 2.6.30 to 7.2). */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['skbaddr', 8],
  ['location', 8],
  ['rx_sk', 8],
  ['protocol', 2],
  ['reason', 4],
])

/** Undefined: the kernel is a 32-bit one, or gives the event other fields. */
export function kfreeSkbDecoder(
  format: EventFormat,
  pidOffset: number,
  reasons: Reasons,
  symbols: Symbols,
): EventDecoder | undefined {
  const own = format.fields.filter(({ name }) => !name.startsWith('common_'))
  if (!own.every(({ name, size, form }) => SIZES.get(name) === size && form === 'value')) return undefined
  const offsets = offsetsOf(own)
  return offsets === undefined ? undefined : new KfreeSkbDecoder(offsets, pidOffset, reasons, symbols)
}

function offsetsOf(fields: readonly FormatField[]): DropOffsets | undefined {
  const offsetOf = (name: string): number => fields.find((field) => field.name === name)?.offset ?? -1
  const [skbaddr, location, protocol] = [offsetOf('skbaddr'), offsetOf('location'), offsetOf('protocol')]
  if (skbaddr < 0 || location < 0 || protocol < 0) return undefined
  const end = Math.max(...fields.map(({ offset, size }) => offset + size))
  return { skbaddr, location, protocol, rxSk: offsetOf('rx_sk'), reason: offsetOf('reason'), end }
}

interface DropParts {
  readonly kind: Kind
  readonly drop: Part | undefined
}

/** A kernel has about a hundred reasons. */
const MOST_REASONS = 4096
const NAME = eventNamePart(KFREE_SKB)

class KfreeSkbDecoder implements EventDecoder {
  readonly name = KFREE_SKB
  readonly pidOffset: number
  readonly dropOffsets: DropOffsets
  private readonly reasons: Reasons
  private readonly places: KernelPlaces
  private readonly byReason = new Map<number, DropParts>()
  private readonly noReason: DropParts

  constructor(offsets: DropOffsets, pidOffset: number, reasons: Reasons, symbols: Symbols) {
    this.dropOffsets = offsets
    this.pidOffset = pidOffset
    this.reasons = reasons
    this.places = new KernelPlaces(symbols)
    this.noReason = sectionsOf(KFREE_SKB, [], reasons)
  }

  record(sample: Sample): EventRecord {
    const { view, raw, rawEnd, isLittle } = sample
    const { skbaddr, location, protocol, rxSk, reason, end } = this.dropOffsets
    if (raw + end > rawEnd) return this.cutRecord()
    const { kind, drop } = reason < 0 ? this.noReason : this.reasonOf(view.getUint32(raw + reason, isLittle))
    const record = new EventRecord(kind)
    record.event_name = NAME
    record.skb = skbPartsOf(view.getUint16(raw + protocol, isLittle)).part(
      pointerAt(view, raw + skbaddr, isLittle),
      rxSk < 0 ? undefined : pointerAt(view, raw + rxSk, isLittle),
    )
    const at = raw + location
    record.location = this.places.part(
      view.getUint32(isLittle ? at + 4 : at, isLittle),
      view.getUint32(isLittle ? at : at + 4, isLittle),
    )
    record.drop = drop
    return record
  }

  /** A packet was dropped, whatever else is missing. */
  private cutRecord(): EventRecord {
    const record = new EventRecord(this.noReason.kind)
    record.event_name = NAME
    record.drop = this.noReason.drop
    record.flags = ['incomplete']
    return record
  }

  private reasonOf(code: number): DropParts {
    const known = this.byReason.get(code)
    if (known !== undefined) return known
    const made = sectionsOf(KFREE_SKB, [{ key: 'reason', value: String(code) }], this.reasons)
    // A name that is not the format's may be another one later, or none.
    if (made.drop?.get('decoded_by') === 'format' && this.byReason.size < MOST_REASONS) this.byReason.set(code, made)
    return made
  }
}

const HEX_OF_HALF: string[] = []

/** 16 bits as 4 hexadecimal digits. */
function half(value: number): string {
  HEX_OF_HALF[value] ??= value.toString(16).padStart(4, '0')
  return HEX_OF_HALF[value]
}

/** A u64 as the event has pointers. */
function pointerAt(view: DataView, at: number, isLittle: boolean): string {
  const high = view.getUint32(isLittle ? at + 4 : at, isLittle)
  const low = view.getUint32(isLittle ? at : at + 4, isLittle)
  // The kernel's addresses have a first digit of 8 to f.
  if (high > 0xfffffff) return `0x${half(high >>> 16)}${half(high & 0xffff)}${half(low >>> 16)}${half(low & 0xffff)}`
  return high === 0 ? `0x${low.toString(16)}` : `0x${high.toString(16)}${half(low >>> 16)}${half(low & 0xffff)}`
}
