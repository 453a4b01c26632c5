import { hash } from 'node:crypto'
import type { InputPart } from '../contract.ts'
import { asObject, Mould, type Part, seal, sealJson, tsPart } from '../event/part.ts'
import type { EventRecord } from '../event/record.ts'
import type { ClockId } from '../event/words.ts'
import { latin1, replaced, utf8 } from '../text/utf8.ts'
import type { ClockOffset, Timekeeper } from '../time/clock.ts'

/** What the user adds to every record, and how much of its origin a record shows. */
export interface StampOptions {
  readonly host: string | undefined
  /** Of the kernel, where neither a header nor a snapshot says it. */
  readonly release?: string | undefined
  readonly labels: Readonly<Record<string, string>> | undefined
  /** `full`: offset, length and raw bytes in `capture`. */
  readonly provenance: 'line' | 'full'
  /** Undefined: no `id`. Without a salt from the user it is the path. */
  readonly id: { readonly salt: string | undefined } | undefined
}

/** Where a record is from, as the books know it. */
export interface Origin {
  /** Undefined in a binary input. */
  readonly line: number | undefined
  readonly offset: number
  readonly length: number
  /** Of the records of one unit. */
  readonly index: number
  /** The unit's bytes, latin1. */
  bytes(): string
}

/** An input as a whole. */
export interface InputNames {
  readonly path: string
  /** Its bytes up to the first line end, latin1; empty where its units are no lines. */
  firstLine: string
  /** Of an input that is a folder: the files whose bytes follow one another. */
  parts?: readonly InputPart[] | undefined
}

/** What is known of a reader's input beyond its bytes. It changes when a header teaches something. */
export interface Source {
  /** Absent before any tool is known. */
  readonly tool: string | undefined
  readonly format: string | undefined
  host: string | undefined
  kernel: string | undefined
  /** Of a snapshot. What a header says takes precedence. */
  snapshot: HostFacts | undefined
  readonly time: Timekeeper
}

/** The capturing host, as a snapshot of it says. */
export interface HostFacts {
  readonly name: string | undefined
  readonly kernel: string
  /** Undefined where the snapshot does not know it, or where another network namespace may be meant. */
  interfaceName(ifindex: number, netns: number | undefined): string | undefined
}

/** The most bytes of `raw` that a line of output can hold. */
const LONGEST_RAW = 128 * 1024

/**
 * Puts on a record what its reader does not know: `capture`, `host`, `labels`, `clock`, `ts` and `id`. One for each
 * reader of an input.
 */
export class Stamp {
  private readonly source: Source
  private readonly options: StampOptions
  private readonly input: InputNames
  private readonly warn: (conflict: string) => void
  private readonly labels: Part | undefined
  private hostPart: Part | undefined
  private captureForm: string | undefined
  private captureMould: Mould<'capture'> | undefined
  private localMould: Mould<'clock'> | undefined
  private localId: ClockId | undefined
  private localZone: string | undefined
  /** Devices whose name only the snapshot knows. Readers give one part for many records. */
  private named = new WeakMap<Part, Part>()
  /** Interfaces got names by their index alone: nothing named the network namespace. */
  namesByIndex = false
  /** Records without `ts` that would have one if a zone, or a pair of their clock, were given. */
  readonly untimed = { zone: 0, clock: 0 }

  constructor(source: Source, options: StampOptions, input: InputNames, warn: (conflict: string) => void) {
    this.source = source
    this.options = options
    this.input = input
    this.warn = warn
    this.labels = options.labels === undefined ? undefined : seal('labels', options.labels)
    this.learned()
  }

  /** The source's host, kernel or snapshot changed. */
  learned(): void {
    const name = this.hostName
    const kernel = this.source.kernel ?? this.source.snapshot?.kernel ?? this.options.release
    this.named = new WeakMap()
    this.hostPart =
      name === undefined && kernel === undefined
        ? undefined
        : seal('host', { ...(name !== undefined && { name }), ...(kernel !== undefined && { kernel }) })
  }

  stamp(record: EventRecord, origin: Origin, form: string | undefined): void {
    record.host = this.hostPart
    record.labels = this.labels
    if (record.device !== undefined && this.source.snapshot !== undefined)
      record.device = this.deviceOf(record.device, this.source.snapshot)
    if (record.ns !== undefined && record.clockId !== undefined) this.stampClock(record, record.clockId, record.ns)
    else if (record.local !== undefined) this.stampLocal(record, record.local)
    this.countUntimed(record, 1)
    record.capture = this.options.provenance === 'full' ? this.fullCapture(origin, form) : this.capture(origin, form)
    const { id } = this.options
    if (id !== undefined) record.id = seal('id', this.idOf(origin, id.salt ?? this.input.path))
  }

  /** A record like others was written without its stamp: local times after it may depend on its time. */
  pass({ local }: EventRecord): void {
    if (local !== undefined) this.source.time.localTs(local)
  }

  /** From the time of the record's clock to the wall clock; undefined where it gives none. */
  offsetOf({ clockId }: EventRecord): ClockOffset | undefined {
    const { time } = this.source
    return clockId === undefined ? undefined : time.offsetOf(time.idOf(clockId))
  }

  /** False: another record with a local time of the same minute may have another `ts`. */
  isSteady({ local }: EventRecord): boolean {
    return local === undefined || this.source.time.hasSteadyMinute(local)
  }

  /** Counts so many records that are like this one, where they have no `ts`. */
  countUntimed({ ts, local, ns, clockId }: EventRecord, times: number): void {
    if (ts !== undefined) return
    const { time } = this.source
    if (local !== undefined && time.lacks('zone')) this.untimed.zone += times
    else if (local === undefined && ns !== undefined && time.lacks(time.idOf(clockId ?? 'unknown')))
      this.untimed.clock += times
  }

  private get hostName(): string | undefined {
    return this.options.host ?? this.source.host ?? this.source.snapshot?.name
  }

  private deviceOf(device: Part, snapshot: HostFacts): Part {
    let named = this.named.get(device)
    if (named === undefined) {
      named = nameDevice(device, snapshot)
      if (named !== device && device.get('netns') === undefined) this.namesByIndex = true
      this.named.set(device, named)
    }
    return named
  }

  private stampClock(record: EventRecord, given: ClockId, ns: string): void {
    const { time } = this.source
    const id = time.idOf(given)
    const ts = time.tsOf(id, ns)
    if (ts !== undefined) record.ts = tsPart(ts)
    const { local, resolutionNs } = record
    if (local === undefined && resolutionNs === undefined) {
      record.clock = CLOCKS[id].fill(ns)
      return
    }
    // perf prints the time of day beside a time whose clock may not be known here.
    const zone = ts === undefined && local !== undefined ? this.addLocal(record, local) : undefined
    record.clock = seal('clock', {
      id,
      ns,
      ...(local !== undefined && { local }),
      ...(zone !== undefined && { zone }),
      ...(resolutionNs !== undefined && { resolution_ns: resolutionNs }),
    })
  }

  private stampLocal(record: EventRecord, local: string): void {
    const zone = this.addLocal(record, local)
    const id = record.clockId ?? 'unknown'
    const resolution = record.resolutionNs
    if (resolution === undefined) record.clock = this.localClock(id, zone).fill(local)
    else record.clock = seal('clock', { id, local, ...(zone !== undefined && { zone }), resolution_ns: resolution })
  }

  /** Puts on what a local time means; gives the zone that made `ts`. */
  private addLocal(record: EventRecord, local: string): string | undefined {
    const { ts, zone, flag, conflict } = this.source.time.localTs(local)
    if (ts !== undefined) record.ts = tsPart(ts)
    if (flag !== undefined) record.flags = [...(record.flags ?? []), flag]
    if (conflict !== undefined) this.warn(conflict)
    return zone
  }

  private localClock(id: ClockId, zone: string | undefined): Mould<'clock'> {
    if (this.localMould === undefined || id !== this.localId || zone !== this.localZone) {
      this.localMould = new Mould('clock', { id, local: '2023-02-23T18:03:36', ...(zone !== undefined && { zone }) }, [
        'local',
      ])
      this.localId = id
      this.localZone = zone
    }
    return this.localMould
  }

  private capture(origin: Origin, form: string | undefined): Part {
    const { line, offset, length } = origin
    if (this.input.parts !== undefined) return seal('capture', { ...this.place(form, offset), ...this.within(origin) })
    if (this.captureMould === undefined || form !== this.captureForm) {
      const place = this.place(form)
      // A format either has lines or has none: its records need one mould.
      this.captureMould =
        line === undefined
          ? new Mould('capture', { ...place, offset: 0, length: 1 }, ['offset', 'length'])
          : new Mould('capture', { ...place, line: 1 }, ['line'])
      this.captureForm = form
    }
    return line === undefined ? this.captureMould.fill(offset, length) : this.captureMould.fill(line)
  }

  private fullCapture(origin: Origin, form: string | undefined): Part {
    const bytes = origin.bytes()
    const raw =
      bytes.length > LONGEST_RAW
        ? undefined
        : replaced(bytes)
          ? Buffer.from(bytes, 'latin1').toString('base64')
          : utf8(bytes)
    return seal('capture', {
      ...this.place(form, origin.offset),
      ...(origin.line !== undefined && { line: origin.line }),
      ...this.within(origin),
      ...(raw !== undefined && { raw }),
    })
  }

  private place(form: string | undefined, offset = 0): { tool?: string; format?: string; path: string } {
    const { tool, format } = this.source
    const part = this.partAt(offset)
    const path = part === undefined ? this.input.path : `${this.input.path}/${part.name}`
    if (tool === undefined) return { path }
    return { tool, format: form ?? format ?? 'text', path }
  }

  /** Where in its file a unit is. */
  private within({ offset, length }: Origin): { readonly offset: number; readonly length: number } {
    return { offset: offset - (this.partAt(offset)?.start ?? 0), length }
  }

  private partAt(offset: number): InputPart | undefined {
    return this.input.parts?.find(({ start, end }) => offset >= start && offset < end)
  }

  /** Hashed with one call: an object that is fed part by part takes twice the time. */
  private idOf(origin: Origin, salt: string): string {
    const host = latin1(this.hostName ?? '')
    const { offset, index } = origin
    const head = measured(host) + measured(latin1(salt)) + measured(this.input.firstLine)
    const text = head + measured(String(offset)) + measured(origin.bytes()) + measured(String(index))
    return hash('sha256', Buffer.from(text, 'latin1'), 'hex').slice(0, 32)
  }
}

/** A part of an id, in latin1, after its length: so no two lists of parts give the same bytes. */
function measured(part: string): string {
  return `${part.length}:${part}`
}

/** The device with the name of its interface, when it has no name and the snapshot knows it. */
function nameDevice(device: Part, { interfaceName }: HostFacts): Part {
  const [ifindex, netns] = [device.get('ifindex'), device.get('netns')]
  if (typeof ifindex !== 'number' || device.get('name') !== undefined || device.notes?.fault !== undefined)
    return device
  const name = interfaceName(ifindex, typeof netns === 'number' ? netns : undefined)
  if (name === undefined) return device
  const { ifindex: _, ...rest } = asObject(device.value())
  return sealJson('device', { ifindex, name, ...rest }, ...(device.notes?.flags ?? []))
}

const CLOCKS: Readonly<Record<ClockId, Mould<'clock'>>> = {
  realtime: clockMould('realtime'),
  monotonic: clockMould('monotonic'),
  boottime: clockMould('boottime'),
  tai: clockMould('tai'),
  monotonic_raw: clockMould('monotonic_raw'),
  perf: clockMould('perf'),
  unknown: clockMould('unknown'),
  relative: clockMould('relative'),
}

function clockMould(id: ClockId): Mould<'clock'> {
  return new Mould('clock', { id, ns: '0' }, ['ns'])
}
