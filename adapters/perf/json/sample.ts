// A sample of any shape: its members in any order, each key as often as it comes.
import type { Context } from '../../../src/contract.ts'
import { type Part, seal } from '../../../src/event/part.ts'
import { addFlag, type EventRecord } from '../../../src/event/record.ts'
import type { ClockId, FlagWord } from '../../../src/event/words.ts'
import { addPayload, argumentsRecord } from '../../../src/kernel/event-record.ts'
import { MOST_CPUS } from '../../../src/kernel/limits.ts'
import type { Argument } from '../../../src/kernel/payload.ts'
import { type StackFrame, stackPart } from '../../../src/kernel/stack-part.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { isNameArgument } from '../../../src/kernel/text-arguments.ts'
import { type JsonValue, jsonText } from '../../../src/text/json-value.ts'
import { processPart } from '../task.ts'
import type { FlatMember } from './flat.ts'
import { frameOf } from './frame.ts'
import { inferredEvent } from './inferred-event.ts'

type SampleMembers = readonly (readonly [key: string, value: JsonValue])[]

/** The record of a sample. Undefined: it has no timestamp, or a value that no sample of perf has. */
export function sampleRecord(members: SampleMembers, clockId: ClockId, context: Context): EventRecord | undefined {
  const own = new OwnMembers(members)
  const { ns, process, cpu } = own
  if (ns === undefined || process === undefined || cpu === undefined) return undefined
  const fields = own.rest.map(([key, value]): Argument => ({ key, value: bytesOf(value) }))
  const record = fieldsRecord(fields, context)
  if (ns !== '') {
    record.ns = ns
    record.clockId = clockId
  }
  record.process = process.part
  record.cpu = cpu.part
  addChain(record, own.chain)
  if (own.isOverwritten) addFlag(record, 'incomplete')
  return record
}

/** A record with the sections of a tracepoint's fields, and its event where the fields name it. */
export function fieldsRecord(printed: readonly Argument[], context: Context): EventRecord {
  const event = inferredEvent(printed.map(({ key }) => key))
  const fields = printed.map(({ key, value }): Argument => ({ key, value: textOf(event ?? '', key, value) }))
  const { record, isWhole } = argumentsRecord(event ?? '', fields, context.reasons)
  if (event !== undefined) {
    record.event_name = seal('event_name', event)
    record.flags = INFERRED
  }
  if (!isWhole) addPayload(record, fields.map(({ key, value }) => `${key}=${value}`).join(' '), ' ')
  return record
}

/** The flags of a record whose event its fields name. */
export const INFERRED: readonly FlagWord[] = ['event_inferred']

const ARRAY = /^ARRAY\[((?:[0-9a-f]{2}(?:, [0-9a-f]{2})*)?)\]$/

/**
 * A field's text. Once a name has had a byte that is not printable, perf prints it as an array of bytes in each later
 * sample, too (tep_print_field of libtraceevent 1.7 to 1.9): `ARRAY[70, 65, 72, 66, 00]`.
 */
function textOf(event: string, key: string, value: string): string {
  if (!value.startsWith('ARRAY[') || !isNameArgument(event, key)) return value
  const [, list] = ARRAY.exec(value) ?? []
  if (list === undefined) return value
  const bytes = list === '' ? [] : list.split(', ').map((byte) => Number.parseInt(byte, 16))
  const end = bytes.indexOf(0)
  return String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end)))
}

function bytesOf(value: JsonValue): string {
  switch (value.kind) {
    case 'string':
      return value.bytes
    case 'bare':
      return value.text
    case 'list':
    case 'object':
      return jsonText(value)
  }
}

/** A member that is read; without a part where the value says that there is none. */
interface OwnMember {
  readonly part: Part | undefined
}

const NONE: OwnMember = { part: undefined }

/**
 * The members that perf writes of every sample: of each key the first. A tracepoint may have fields of the same names
 * after them; perf writes those as texts.
 */
class OwnMembers {
  readonly rest: SampleMembers
  /** A program that rewrote the document kept the field of a name, and not the sample's own member. */
  readonly isOverwritten: boolean
  private readonly own = new Map<string, JsonValue>()

  constructor(members: SampleMembers) {
    const rest = members.filter(([key, value]) => {
      if (this.own.has(key) || !isOwn(key, value)) return true
      this.own.set(key, value)
      return false
    })
    this.isOverwritten = rest.some(([key]) => OWN_NUMBERS.includes(key) && !this.own.has(key))
    const comm = this.own.get('comm')
    // Then the comm is the field's, too.
    const isDoubtful = this.isOverwritten && comm !== undefined && !rest.some(([key]) => key === 'comm')
    if (isDoubtful) this.own.delete('comm')
    this.rest = isDoubtful ? members.filter(([key, value]) => this.own.get(key) !== value) : rest
  }

  /** Decimal digits; empty: perf has no time (-1). Undefined: there is no timestamp. */
  get ns(): string | undefined {
    const text = this.number('timestamp')
    if (text === undefined) return this.isOverwritten ? '' : undefined
    if (text.startsWith('-')) return ''
    return /^\d{1,20}$/.test(text) ? text : undefined
  }

  /** Undefined: no kernel gives such numbers. */
  get process(): OwnMember | undefined {
    const comm = this.own.get('comm')
    const name = comm?.kind === 'string' ? comm.bytes : undefined
    return processOf(name, this.number('pid'), this.number('tid'))
  }

  /** Undefined: no kernel has such a CPU. */
  get cpu(): OwnMember | undefined {
    return cpuOf(this.number('cpu'))
  }

  get chain(): JsonValue | undefined {
    return this.own.get('callchain')
  }

  private number(key: string): string | undefined {
    const value = this.own.get(key)
    return value?.kind === 'bare' ? value.text : undefined
  }
}

const OWN_NUMBERS = ['timestamp', 'pid', 'tid', 'cpu']

function isOwn(key: string, value: JsonValue): boolean {
  if (OWN_NUMBERS.includes(key)) return value.kind === 'bare' && /^-?\d+$/.test(value.text)
  return (key === 'comm' && value.kind === 'string') || (key === 'callchain' && value.kind === 'list')
}

/** The `process` of a sample's numbers as they are written. Undefined: no kernel gives such numbers. */
export function processOf(
  comm: string | undefined,
  pid: string | undefined,
  tid: string | undefined,
): OwnMember | undefined {
  if (comm === undefined && pid === undefined && tid === undefined) return NONE
  const part = processPart(
    comm,
    pid === undefined ? undefined : Number(pid),
    tid === undefined ? undefined : Number(tid),
  )
  return part === undefined ? undefined : { part }
}

/** The `cpu` of a sample as it is written. Undefined: no kernel has such a CPU. */
export function cpuOf(cpu: string | undefined): OwnMember | undefined {
  if (cpu === undefined || cpu === '-1') return NONE
  const number = Number(cpu)
  return number >= 0 && number < MOST_CPUS ? { part: cpuPart(number) } : undefined
}

/** A chain that is not as perf writes it stays as it is, in `payload`. */
function addChain(record: EventRecord, chain: JsonValue | undefined): void {
  if (chain === undefined) return
  const frames = chain.kind === 'list' ? chain.items.map(frameOfValue) : []
  const known = frames.filter((frame) => frame !== undefined)
  record.stack = stackPart(known)
  if (known.length < frames.length) addPayload(record, `callchain=${jsonText(chain)}`, ' ')
}

function frameOfValue(value: JsonValue): StackFrame | undefined {
  if (value.kind !== 'object') return undefined
  const members: FlatMember[] = []
  for (const [key, one] of value.members) {
    if (one.kind !== 'string') return undefined
    members.push({ key, value: one.bytes, isText: true })
  }
  return frameOf(members)
}
