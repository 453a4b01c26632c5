// The record of a sample: what its event's format says, and perf's own columns beside it.
import type { ClaimName, Out } from '../../../src/contract.ts'
import type { Sample as SampleSection } from '../../../src/event/generated/types.ts'
import { type Part, seal } from '../../../src/event/part.ts'
import { addFlag, EventRecord } from '../../../src/event/record.ts'
import { eventNamePart } from '../../../src/kernel/event-record.ts'
import { cpuPart, taskPart } from '../../../src/kernel/task-parts.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { TRACEPOINT } from './attribute.ts'
import type { EventDecoder, EventFormats } from './formats.ts'
import type { SampleLayout } from './layout.ts'
import type { ParsedSample } from './parsed-sample.ts'
import { registersText } from './registers.ts'
import { RepeatedDrops } from './repeated-drops.ts'
import type { Symbols } from './symbols.ts'
import type { Tasks } from './tasks.ts'
import { hexOf } from './text.ts'
import type { RecordClock } from './time.ts'

const MOST_CPU = 0xffff
/** Of raw data that no format describes. */
const LONGEST_RAW = 8 * 1024

/** What all samples of an attribute have in common. */
interface SampledEvent {
  readonly decoder: EventDecoder | undefined
  /** `event_name` where there is no decoder. */
  readonly name: Part | undefined
  /** An alias that the user gave the tracepoint; utf8. */
  readonly alias: string | undefined
  /** A `sample` with the cpu mode alone, by mode. */
  readonly plain: (Part | undefined)[]
}

/** What the records of samples are made with. It is complete before the first sample comes. */
export interface SampleKnowledge {
  readonly time: RecordClock
  readonly tasks: Tasks
  readonly symbols: Symbols
  readonly formats: EventFormats
  /** Paths (latin1) by id. */
  readonly cgroups: ReadonlyMap<bigint, string>
  /** latin1, as the user typed it, or perf made it; undefined: the recording does not say it. */
  labelOf(attribute: number): string | undefined
}

export class SampleRecords {
  /** Samples of a tracepoint whose format is not known. */
  unformatted = 0
  private readonly drops = new RepeatedDrops()
  private readonly events = new Map<SampleLayout, SampledEvent>()
  private readonly known: SampleKnowledge

  constructor(known: SampleKnowledge) {
    this.known = known
  }

  /** Gives the sample to `out`, of its claim `of`, or of its own at this offset of the input. */
  give(sample: ParsedSample, layout: SampleLayout, of: ClaimName | undefined, offset: number, out: Out): void {
    const event = this.eventFor(layout, sample)
    const offsets = event.decoder?.dropOffsets
    const process = offsets === undefined || layout.timeAt === 0 ? undefined : this.processOf(sample, event.decoder)
    const { drops } = this
    const isRepeated =
      offsets !== undefined &&
      process !== undefined &&
      drops.write(sample, offsets, process, this.sampleOf(sample, event), this.known.symbols.kernelEpoch, of, offset)
    if (isRepeated) return
    const claim = of ?? out.place(offset, sample.bytes, sample.at, sample.end)
    const record = this.recordOf(sample, layout, event)
    if (process === undefined) out.record(record, undefined, claim)
    else drops.give(record, claim, out)
  }

  private eventFor(layout: SampleLayout, sample: ParsedSample): SampledEvent {
    let event = this.events.get(layout)
    if (event === undefined) {
      event = this.eventOf(layout, sample.rawEnd - sample.raw)
      this.events.set(layout, event)
    }
    return event
  }

  private recordOf(sample: ParsedSample, layout: SampleLayout, event: SampledEvent): EventRecord {
    const { time, symbols } = this.known
    const { attribute, view, cpu } = sample
    const { decoder } = event
    const record = decoder === undefined ? this.undecoded(sample, event) : decoder.record(sample)
    if (layout.timeAt !== 0) {
      record.clockId = attribute.clock
      record.ns = time.textAt(view, sample.time)
    }
    if (cpu >= 0 && cpu <= MOST_CPU) record.cpu = cpuPart(cpu)
    if (layout.hasTid) record.process = this.processOf(sample, decoder)
    if (sample.chainLength > 0) record.stack = symbols.stackOf(sample)
    if (sample.hasUserStack) addFlag(record, 'incomplete')
    record.sample = this.sampleOf(sample, event)
    return record
  }

  private eventOf({ attribute }: SampleLayout, rawBytes: number): SampledEvent {
    const { known } = this
    const { index, type, config } = attribute
    const given = known.labelOf(index)
    const decoder = type === TRACEPOINT ? known.formats.decoderOf(Number(config), rawBytes) : undefined
    // `skb:kfree_skb:k` is no alias.
    const isAlias = decoder !== undefined && given !== undefined && !given.startsWith(decoder.name)
    return {
      decoder,
      name: given === undefined || given === '' ? undefined : eventNamePart(given),
      alias: isAlias ? utf8(given) : undefined,
      plain: [],
    }
  }

  /** Of an event that has no format: a counter, a clock, or a tracepoint of a recording that was killed. */
  private undecoded(sample: ParsedSample, { name }: SampledEvent): EventRecord {
    const { bytes, raw, rawEnd, attribute } = sample
    const record = new EventRecord('trace')
    record.event_name = name
    if (raw !== 0 && rawEnd > raw)
      record.payload = seal('payload', hexOf(bytes, raw, Math.min(rawEnd, raw + LONGEST_RAW)))
    if (attribute.type === TRACEPOINT) {
      this.unformatted++
      addFlag(record, 'incomplete')
    }
    return record
  }

  private processOf(sample: ParsedSample, decoder: EventDecoder | undefined): Part | undefined {
    const { pid, tid, raw, rawEnd, view, isLittle } = sample
    if (pid === 0 && tid === 0 && decoder !== undefined && raw + decoder.pidOffset + 4 <= rawEnd) {
      // Perf in a container sees 0 for tasks of the host: only the raw data has their tid.
      const hostTid = view.getInt32(raw + decoder.pidOffset, isLittle)
      if (hostTid !== 0) return taskPart(undefined, undefined, hostTid)
    }
    return this.known.tasks.processOf(pid, tid)
  }

  private sampleOf(sample: ParsedSample, event: SampledEvent): Part | undefined {
    const { cpuMode, period } = sample
    const isOne = period === 0 || sample.count(period) === 1
    const isPlain = isOne && event.decoder !== undefined && event.alias === undefined && !sample.hasMore
    if (!isPlain) return this.wholeSample(sample, event)
    event.plain[cpuMode] ??= this.wholeSample(sample, event)
    return event.plain[cpuMode]
  }

  private wholeSample(sample: ParsedSample, { decoder, name, alias }: SampledEvent): Part | undefined {
    const { attribute, view, isLittle, ip } = sample
    const hex = (at: number): string => `0x${view.getBigUint64(at, isLittle).toString(16)}`
    const safe = (at: number): number | undefined => {
      const value = at === 0 ? 0 : sample.count(at)
      return Number.isSafeInteger(value) ? value : undefined
    }
    const misc = miscLetters(sample.cpuMode)
    const period = safe(sample.period)
    const hasIp = decoder === undefined && attribute.type !== TRACEPOINT && ip !== 0 && sample.chainLength === 0
    const section: SampleSection = {
      ...(misc !== '' && { misc }),
      ...(period !== undefined && sample.period !== 0 && period !== 1 && { period }),
      ...(sample.addr !== 0 && sample.count(sample.addr) !== 0 && { addr: hex(sample.addr) }),
      ...(sample.dataSource !== 0 && { data_src: hex(sample.dataSource) }),
      ...weightOf(sample),
      ...(sample.cgroup !== 0 && { cgroup: this.cgroupOf(view.getBigUint64(sample.cgroup, isLittle)) }),
      ...(hasIp && { ip: this.known.symbols.frameOf(sample) }),
      ...registersOf(sample),
      ...(sample.physAddr !== 0 && { phys_addr: hex(sample.physAddr) }),
      ...(alias !== undefined && { event: alias }),
      ...(decoder === undefined &&
        (name === undefined || attribute.type === TRACEPOINT) && {
          config: String(attribute.config),
        }),
    }
    return Object.keys(section).length === 0 ? undefined : seal('sample', section)
  }

  private cgroupOf(id: bigint): string {
    const path = this.known.cgroups.get(id)
    return path === undefined || path === '' ? String(id) : utf8(path)
  }
}

/** As `perf script -F misc` prints the cpu mode: bit by bit. */
export function miscLetters(cpuMode: number): string {
  const has = (bits: number): boolean => (cpuMode & bits) === bits
  return `${has(1) ? 'K' : ''}${has(2) ? 'U' : ''}${has(3) ? 'H' : ''}${has(4) ? 'G' : ''}${has(5) ? 'g' : ''}`
}

function weightOf({ view, isLittle, weight, isWeightStruct }: ParsedSample): {
  readonly weight?: number
  readonly ins_lat?: number
  readonly retire_lat?: number
} {
  if (weight === 0) return {}
  if (!isWeightStruct) {
    const whole = view.getBigUint64(weight, isLittle)
    return whole > 0n && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? { weight: Number(whole) } : {}
  }
  // A union of a u64 with its low half first, whatever the byte order.
  const first = view.getUint32(isLittle ? weight : weight + 4, isLittle)
  const second = view.getUint16(isLittle ? weight + 4 : weight + 2, isLittle)
  const third = view.getUint16(isLittle ? weight + 6 : weight, isLittle)
  return {
    ...(first > 0 && { weight: first }),
    ...(second > 0 && { ins_lat: second }),
    ...(third > 0 && { retire_lat: third }),
  }
}

function registersOf(sample: ParsedSample): { readonly regs?: string } {
  const { kernelRegisters, userRegisters, attribute } = sample
  const kernel = kernelRegisters === 0 ? '' : registersText(sample, kernelRegisters, attribute.kernelRegisters)
  const user = userRegisters === 0 ? '' : registersText(sample, userRegisters, attribute.userRegisters)
  const regs = [kernel, user].filter((text) => text !== '').join(' ')
  return regs === '' ? {} : { regs }
}
