// Drops that differ from an earlier one in their time, their addresses and their place alone: nearly all drops of a
// recording. They are written without a record.
import type { ClaimName, Out } from '../../../src/contract.ts'
import type { Part } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { RecordLeaves, RepeatedRecord } from '../../../src/event/repeated.ts'
import type { DropOffsets } from './formats.ts'
import type { ParsedSample } from './parsed-sample.ts'

/** How many drops are remembered. A power of 2. */
const SLOTS = 1024
const SECOND = 1_000_000_000
const TWO_32 = 0x100000000
/** From here on a number of nanoseconds is not exact: 104 days. */
const EXACT_HIGH = 1 << 21

/** What drops have in common that are written alike. */
interface DropKey {
  readonly offsets: DropOffsets
  readonly process: Part
  readonly sample: Part | undefined
  readonly cpu: number
  readonly locationHigh: number
  readonly locationLow: number
  readonly protocol: number
  readonly reason: number
  readonly hasSocket: boolean
  readonly length: number
  /** Of the places of kernel addresses. */
  readonly epoch: number
}

interface DropSlot extends DropKey {
  /** Undefined: it came once, or its record cannot be repeated. */
  repeated: RepeatedRecord | undefined
}

type DropLeaves = { -readonly [K in keyof RecordLeaves]: RecordLeaves[K] }

export class RepeatedDrops {
  private readonly slots = new Array<DropSlot | undefined>(SLOTS).fill(undefined)
  private readonly leaves: DropLeaves = {
    seconds: 0,
    nanoseconds: 0,
    addrHigh: 0,
    addrLow: 0,
    socketHigh: 0,
    socketLow: 0,
    offset: 0,
  }
  private slot: DropSlot | undefined

  /** Writes the drop if one like it was given. False: its record is to be given by `give`. */
  write(
    sample: ParsedSample,
    offsets: DropOffsets,
    process: Part,
    section: Part | undefined,
    epoch: number,
    of: ClaimName | undefined,
    offset: number,
  ): boolean {
    this.slot = undefined
    const { raw, rawEnd, at, end } = sample
    if (sample.chainLength > 0 || sample.hasUserStack || raw + offsets.end > rawEnd) return false
    const slot = this.slotOf(sample, offsets, process, section, epoch, of?.length ?? end - at)
    this.slot = slot
    if (slot?.repeated === undefined) return false
    return this.readLeaves(sample, offsets, of?.offset ?? offset) && slot.repeated.write(this.leaves)
  }

  /** That of a drop with these members. Undefined: it has none, and is remembered now. */
  private slotOf(
    { view, isLittle, raw, cpu, tid }: ParsedSample,
    offsets: DropOffsets,
    process: Part,
    sample: Part | undefined,
    epoch: number,
    length: number,
  ): DropSlot | undefined {
    const low = isLittle ? 0 : 4
    const location = raw + offsets.location
    const locationLow = view.getUint32(location + low, isLittle)
    const locationHigh = view.getUint32(location + 4 - low, isLittle)
    const protocol = view.getUint16(raw + offsets.protocol, isLittle)
    const reason = offsets.reason < 0 ? -1 : view.getUint32(raw + offsets.reason, isLittle)
    const socket = raw + offsets.rxSk
    const hasSocket =
      offsets.rxSk >= 0 && (view.getUint32(socket, isLittle) !== 0 || view.getUint32(socket + 4, isLittle) !== 0)
    const place = (locationLow ^ (tid * 31) ^ (cpu * 7) ^ (reason * 131) ^ protocol) & (SLOTS - 1)
    const slot = this.slots[place]
    const isSame =
      slot !== undefined &&
      slot.locationLow === locationLow &&
      slot.locationHigh === locationHigh &&
      slot.process === process &&
      slot.cpu === cpu &&
      slot.reason === reason &&
      slot.protocol === protocol &&
      slot.hasSocket === hasSocket &&
      slot.sample === sample &&
      slot.length === length &&
      slot.epoch === epoch &&
      slot.offsets === offsets
    if (isSame) return slot
    const key = { offsets, process, sample, cpu, locationHigh, locationLow, protocol, reason, hasSocket, length, epoch }
    this.slots[place] = { ...key, repeated: undefined }
    return undefined
  }

  /** False: the time is not exact as a number. */
  private readLeaves({ view, isLittle, raw, time }: ParsedSample, offsets: DropOffsets, offset: number): boolean {
    const { leaves } = this
    const low = isLittle ? 0 : 4
    const high = 4 - low
    const timeHigh = view.getUint32(time + high, isLittle)
    const ns = timeHigh * TWO_32 + view.getUint32(time + low, isLittle)
    leaves.seconds = Math.floor(ns / SECOND)
    leaves.nanoseconds = ns - leaves.seconds * SECOND
    leaves.addrHigh = view.getUint32(raw + offsets.skbaddr + high, isLittle)
    leaves.addrLow = view.getUint32(raw + offsets.skbaddr + low, isLittle)
    if (offsets.rxSk >= 0) {
      leaves.socketHigh = view.getUint32(raw + offsets.rxSk + high, isLittle)
      leaves.socketLow = view.getUint32(raw + offsets.rxSk + low, isLittle)
    }
    leaves.offset = offset
    return timeHigh < EXACT_HIGH
  }

  /** Gives the record of the drop that was not written. */
  give(record: EventRecord, of: ClaimName, out: Out): void {
    const { slot } = this
    this.slot = undefined
    if (slot === undefined) out.record(record, undefined, of)
    else slot.repeated = out.repeatable(record, of)
  }
}
