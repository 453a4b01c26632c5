// What is known of a recording, and what its records do in the order of time, whichever form it has.
import type { Context, Out, Reject, SeekableInput } from '../../../src/contract.ts'
import type { Part } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { eventNamePart } from '../../../src/kernel/event-record.ts'
import { type EventAttribute, TRACEPOINT } from './attribute.ts'
import { Attributes } from './attributes.ts'
import { type EventFormats, openFormats } from './formats.ts'
import {
  isLongEnough,
  type KernelRecord,
  RECORD,
  readCgroup,
  readComm,
  readKernelSymbol,
  readMapping,
  readTaskChange,
} from './kernel-records.ts'
import type { SampleLayout } from './layout.ts'
import { type InTurn, TimeOrder } from './order.ts'
import { lossRecord, traceRecord } from './other-records.ts'
import type { RecordBytes } from './run.ts'
import { SampleRecords } from './sample-records.ts'
import { openSymbols, type Symbols } from './symbols.ts'
import { Tasks } from './tasks.ts'
import { RecordClock } from './time.ts'

const NO_ATTRIBUTE: Reject = { word: 'malformed', text: 'an id that no event of the recording has' }
const BROKEN_SAMPLE: Reject = { word: 'malformed', text: 'a sample whose members pass its end' }
const TOO_SHORT: Reject = { word: 'malformed', text: 'a record that is too short for its type' }
const MOST_CGROUPS = 1 << 16

export class Recording implements InTurn {
  readonly isLittle: boolean
  readonly attributes: Attributes
  readonly order: TimeOrder
  readonly symbols: Symbols
  readonly tasks = new Tasks()
  readonly time: RecordClock
  readonly cgroups = new Map<bigint, string>()
  formats: EventFormats
  /** Records within compressed ones that cannot be read. */
  broken = 0
  /** `perf record --threads`: the records are in further files of a folder. */
  isOfFolder = false
  /** The most bytes that one compressed record grows to, where the recording says it. */
  mostUnpacked: number | undefined
  private readonly unknown = new Map<number, number>()
  private readonly labels = new Map<number, string>()
  private readonly samples: SampleRecords
  private readonly context: Context
  private readonly writesRecords: boolean
  private out: Out | undefined

  constructor(isLittle: boolean, context: Context, input: SeekableInput | undefined) {
    this.isLittle = isLittle
    this.context = context
    this.attributes = new Attributes(isLittle)
    this.time = new RecordClock(isLittle)
    this.order = new TimeOrder({ input, isLittle }, this)
    this.symbols = openSymbols(context)
    this.formats = openFormats(undefined, context, this.symbols).formats
    this.samples = new SampleRecords(this)
    this.writesRecords = context.flags.perfRecords === true
  }

  /** Records and facts go there from now on. */
  giveTo(out: Out): void {
    this.out = out
  }

  addAttribute(attribute: EventAttribute, ids: Uint8Array): void {
    if (this.attributes.add(attribute)) this.attributes.addIds(attribute.index, ids)
  }

  /** The tracing data, from which the formats come. */
  addTracing(tracing: Uint8Array): void {
    const { formats, fault } = openFormats(tracing, this.context, this.symbols)
    this.formats = formats
    if (fault !== undefined) this.out?.hint(fault)
  }

  /** What the user called an event, or what perf calls it (latin1). */
  label(attribute: number, name: string): void {
    this.labels.set(attribute, name)
  }

  labelOf(attribute: number): string | undefined {
    return this.labels.get(attribute)
  }

  nameOf({ attribute: { type, config, index } }: SampleLayout): Part | undefined {
    const decoder = type === TRACEPOINT ? this.formats.decoderOf(Number(config)) : undefined
    const name = decoder?.name ?? this.labels.get(index)
    return name === undefined || name === '' ? undefined : eventNamePart(name)
  }

  /** What a whole record up to type 63 is, before it is claimed. */
  judge(type: number, { bytes, view }: RecordBytes, at: number, end: number): 'data' | 'structure' | Reject {
    if (type === RECORD.sample) {
      const layout = this.attributes.of(type, view, at, end)
      if (layout === undefined) return NO_ATTRIBUTE
      return layout.parse(bytes, view, at, end) === undefined ? BROKEN_SAMPLE : 'data'
    }
    if (!isLongEnough(type, end - at)) return TOO_SHORT
    if (type > RECORD.callchainDeferred) this.countUnknown(type)
    return this.writesRecords || type === RECORD.lost || type === RECORD.lostSamples ? 'data' : 'structure'
  }

  /** Takes a record that was claimed: at once where it has no time, else in its turn. */
  enter(bytes: RecordBytes, at: number, end: number): void {
    const key = this.keyOf(bytes.view, at, end)
    if (key !== undefined) this.order.add(key, bytes, at, end)
    else {
      this.order.pass(bytes, at, end)
      this.take(bytes, at, end)
    }
  }

  keyOf(view: DataView, at: number, end: number): number | undefined {
    const type = view.getUint32(at, this.isLittle)
    if (type >= FIRST_OF_PERF) return undefined
    const layout = this.attributes.of(type, view, at, end)
    if (layout === undefined) return undefined
    if (type === RECORD.sample)
      return layout.timeAt === 0 || at + layout.timeAt + 8 > end ? undefined : this.time.keyAt(view, at + layout.timeAt)
    const { trailerTime } = layout
    return trailerTime === 0 || end - trailerTime < at + 8 ? undefined : this.time.keyAt(view, end - trailerTime)
  }

  take({ bytes, view, offset, of }: RecordBytes, at: number, end: number): void {
    const { isLittle, out } = this
    if (out === undefined) return
    const type = view.getUint32(at, isLittle)
    const layout = this.attributes.of(type, view, at, end)
    if (type === RECORD.sample) {
      const sample = layout?.parse(bytes, view, at, end)
      if (layout !== undefined && sample !== undefined) this.samples.give(sample, layout, of, offset + at, out)
      return
    }
    if (!isLongEnough(type, end - at)) return
    const misc = view.getUint16(at + 4, isLittle)
    const record = this.takeOther(type, { view, bytes, isLittle, at, end, misc }, layout)
    if (record !== undefined) out.record(record, undefined, of ?? out.place(offset + at, bytes, at, end))
  }

  countUnknown(type: number): void {
    this.unknown.set(type, (this.unknown.get(type) ?? 0) + 1)
  }

  /** All records have come. */
  end(): void {
    const { order, samples, unknown, broken, out } = this
    order.finish()
    while (order.give());
    const hint = (count: number, text: string): void => {
      if (count > 0) out?.hint(`${count} ${text}`)
    }
    hint(
      order.late,
      'records came after later ones: they are so in the recording, or its rounds are larger than what is kept of a pipe',
    )
    hint(order.gone, 'pieces of the recording are missing: it became shorter while it was read')
    hint(
      samples.unformatted,
      'samples have no format, which a recording that was killed or cut does not have: give --formats',
    )
    hint(broken, 'records within compressed ones cannot be read')
    if (this.symbols.hint !== undefined) out?.hint(this.symbols.hint)
    for (const [type, count] of unknown)
      out?.assume(`${count} records of type ${type}, which is not known, were passed over`)
  }

  private takeOther(type: number, record: KernelRecord, layout: SampleLayout | undefined): EventRecord | undefined {
    if (type === RECORD.lost || type === RECORD.lostSamples) return lossRecord(type, record, layout, this)
    this.learnFrom(type, record)
    return this.writesRecords ? traceRecord(type, record, layout, this) : undefined
  }

  private learnFrom(type: number, record: KernelRecord): void {
    const { tasks, symbols, cgroups } = this
    switch (type) {
      case RECORD.comm: {
        const { pid, tid, comm, isExec } = readComm(record)
        tasks.named(tid, comm)
        if (isExec) symbols.executed(pid)
        return
      }
      case RECORD.fork: {
        const { pid, parentPid, tid, parentTid } = readTaskChange(record)
        tasks.forked(tid, parentTid)
        if (pid !== parentPid) symbols.forked(pid, parentPid)
        return
      }
      case RECORD.exit:
        tasks.exited(readTaskChange(record).tid)
        return
      case RECORD.mmap:
      case RECORD.mmap2:
        symbols.mapped(readMapping(type, record))
        return
      case RECORD.ksymbol:
        symbols.kernelSymbol(readKernelSymbol(record))
        return
      case RECORD.cgroup: {
        const { id, path } = readCgroup(record)
        if (cgroups.size < MOST_CGROUPS) cgroups.set(id, path)
        return
      }
    }
  }
}

/** Records from this type on are of perf itself: they have no trailer. */
export const FIRST_OF_PERF = 64
