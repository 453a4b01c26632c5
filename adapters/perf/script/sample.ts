// The record of a sample in any rendering: its columns, the payload, and what follows it.
import type { Context } from '../../../src/contract.ts'
import { asObject, type Json, sealJson } from '../../../src/event/part.ts'
import { addFlag, type EventRecord } from '../../../src/event/record.ts'
import {
  addPayload,
  eventNamePart,
  eventRecord,
  type PayloadExtent,
  payloadPart,
} from '../../../src/kernel/event-record.ts'
import { beginsPayload, KFREE_SKB, readMembers } from '../../../src/kernel/kfree-skb.ts'
import { stackPart } from '../../../src/kernel/stack-part.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { knownProcess, processPart } from '../task.ts'
import { type Chain, columnsOf, leftOf } from './chain.ts'
import { isTracepoint } from './column-evidence.ts'
import type { SampleColumns } from './columns.ts'
import { kernelName } from './event-name.ts'
import type { Layout } from './fields.ts'
import type { PrintedFrame } from './frame.ts'
import { readRegisters, registersStart, type TrailingColumns, type TrailingReader } from './trailing.ts'
import { readUnnamed } from './unnamed.ts'

/** How the text of a sample is read. */
export interface SampleGrammar {
  readonly layout: Layout
  readonly trailing: TrailingReader
  readonly context: Context
}

/**
 * The record of a sample. `rest` (latin1) follows its columns. With `hasChain`, frames follow in lines of their own,
 * so `rest` holds no frame. With `isCut`, the input ends within the sample.
 */
export function sampleRecord(
  columns: SampleColumns,
  rest: string,
  hasChain: boolean,
  isCut: boolean,
  { layout, trailing, context }: SampleGrammar,
): EventRecord {
  const { event, isInferred } = eventOf(columns.event, rest)
  const branch = layout.presence('flags') === 'no' ? { flags: undefined, rest } : branchFlags(rest, event, layout)
  const isTrace = event !== undefined ? hasPayload(event, rest) : layout.presence('trace') !== 'no'
  // Of columns the last one may be a piece of a longer one.
  const shown = isCut && !isTrace ? branch.rest.slice(0, branch.rest.lastIndexOf(' ') + 1) : branch.rest
  const tail = tailOf(event, isTrace, shown, hasChain, layout, trailing)
  const record = eventRecord(event ?? '', isTrace ? tail.payload : '', isCut ? 'cut' : tail.extent, context)
  if (event !== undefined) record.event_name = eventNamePart(event)
  if (isInferred) addFlag(record, 'event_inferred')
  if (isCut) addFlag(record, 'incomplete')
  if (tail.payload !== '' && !isTrace && !isCut) record.payload = payloadPart(tail.payload)
  if (tail.left !== undefined) addLeft(record, tail.left)
  const sample = sampleOf(columns, branch.flags, tail.sample)
  if (Object.keys(sample).length > 0) record.sample = sealJson('sample', sample)
  fillColumns(record, columns)
  return record
}

/** True where the address follows the payload in the sample's own line: no call chain follows then. */
export function hasInlineIp(columns: SampleColumns, rest: string, { layout, trailing }: SampleGrammar): boolean {
  const { event } = eventOf(columns.event, rest)
  const isTrace = event === undefined || hasPayload(event, rest)
  const tail = tailOf(event, isTrace, rest, false, layout, trailing)
  return tail.sample?.ip !== undefined
}

/** Sets process, cpu and time of a record. The reader sets `clockId`. */
export function fillColumns(record: EventRecord, columns: SampleColumns): void {
  const { comm, pid, tid, cpu, ns, tod } = columns
  if (comm !== undefined) record.process = knownProcess(comm, pid, tid)
  else if (pid !== undefined || tid !== undefined) record.process = processPart(comm, pid, tid)
  if (cpu !== undefined) record.cpu = cpuPart(cpu)
  record.ns = ns
  record.local = tod
}

/** Adds the frames after a head, and what else their lines say. */
export function addChain(record: EventRecord, chain: Chain): void {
  record.stack = stackPart(chain.frames)
  const columns = columnsOf(chain)
  if (columns !== undefined)
    record.sample = sealJson('sample', { ...asObject(record.sample?.value() ?? {}), ...columns })
  const left = leftOf(chain)
  if (left !== undefined) addPayload(record, left, '\n')
}

/** Adds the text of a frame that the frame does not hold. */
function addLeft(record: EventRecord, { rest, isIncomplete }: PrintedFrame): void {
  addPayload(record, rest, '\n')
  addFlag(record, isIncomplete ? 'incomplete' : 'reformatted')
}

/** True where a payload follows the name: of a tracepoint, or of one that perf 3.x printed without its system. */
function hasPayload(event: string, rest: string): boolean {
  return isTracepoint(event) || /^[A-Za-z_]\w*=/.test(rest)
}

/**
 * The event's name in full: perf 3.x prints events without their system, and a payload alone shows its event by its
 * members.
 */
export function eventOf(
  event: string | undefined,
  rest: string,
): { readonly event: string | undefined; readonly isInferred: boolean } {
  if ((event === 'kfree_skb' || event === 'consume_skb') && rest.startsWith('skbaddr='))
    return { event: `skb:${event}`, isInferred: true }
  if (event === undefined && beginsPayload(rest)) return { event: KFREE_SKB, isInferred: true }
  return { event: event === undefined ? undefined : kernelName(event), isInferred: false }
}

interface SampleTail {
  readonly payload: string
  readonly extent: PayloadExtent
  readonly sample: TrailingColumns | undefined
  readonly left?: PrintedFrame | undefined
}

function tailOf(
  event: string | undefined,
  isTrace: boolean,
  rest: string,
  hasChain: boolean,
  layout: Layout,
  trailing: TrailingReader,
): SampleTail {
  const end = registersStart(rest)
  if (end !== undefined && !hasChain && !layout.isGiven) {
    const registers = readRegisters(rest, end)
    const tail = tailOf(event, isTrace, rest.slice(0, registers.start), hasChain, layout, trailing)
    return { ...tail, sample: { ...tail.sample, ...registers.sample } }
  }
  return isTrace && layout.presence('trace') !== 'no'
    ? traceTail(event, rest, hasChain, layout, trailing)
    : otherTail(rest, hasChain, layout, trailing)
}

function traceTail(
  event: string | undefined,
  rest: string,
  hasChain: boolean,
  layout: Layout,
  trailing: TrailingReader,
): SampleTail {
  const all: SampleTail = { payload: rest, extent: 'whole', sample: undefined }
  if (!trailing.isNeeded || hasChain) return all
  const members = event === KFREE_SKB ? readMembers(rest, true) : undefined
  if (members === undefined) {
    const inline = layout.isGiven ? undefined : trailing.read(rest)
    if (inline?.sample.ip !== undefined) return { payload: '', extent: 'whole', ...inline }
    return layout.isGiven && trimmed(rest) !== '' ? { ...all, extent: 'open' } : all
  }
  const behind = rest.slice(members.end)
  if (trimmed(behind) === '') return all
  const columns = trailing.read(behind)
  if (columns !== undefined) return { payload: rest.slice(0, members.end), extent: 'whole', ...columns }
  return all
}

/** What follows the name of an event without payload: columns. */
function otherTail(rest: string, hasChain: boolean, layout: Layout, trailing: TrailingReader): SampleTail {
  if (trimmed(rest) === '') return { payload: '', extent: 'whole', sample: undefined }
  const columns = layout.isGiven ? (hasChain ? undefined : trailing.read(rest)) : readUnnamed(rest)
  return columns === undefined
    ? { payload: rest, extent: 'open', sample: undefined }
    : { payload: '', extent: 'whole', ...columns }
}

const BRANCH =
  /^ {2}(?:call|return|jcc|jmp|int|iret|syscall|sysret|async|hw int|tx abrt|tr strt|tr end|vmentry|vmexit|raw flags:)/
/** Two blanks, 21 bytes or more, one blank. */
const FLAGS_COLUMN = 24

/** Splits off the flags of a branch, which perf prints between the event and the payload: `  %-21s `. */
function branchFlags(
  rest: string,
  event: string | undefined,
  layout: Layout,
): { readonly flags: string | undefined; readonly rest: string } {
  const isGiven = layout.presence('flags') === 'yes'
  if (BRANCH.test(rest)) {
    const blank = rest.indexOf(' ', FLAGS_COLUMN - 1)
    const end = blank < 0 ? rest.length : blank
    if (isGiven || end === FLAGS_COLUMN - 1) return { flags: rest.slice(2, end).trim(), rest: rest.slice(end + 1) }
  }
  const isBlank = rest.startsWith(' '.repeat(FLAGS_COLUMN))
  const isSure = isGiven || (event !== undefined && isTracepoint(event))
  return { flags: undefined, rest: isBlank && isSure ? rest.slice(FLAGS_COLUMN) : rest }
}

function sampleOf(
  columns: SampleColumns,
  flags: string | undefined,
  trailing: TrailingColumns | undefined,
): TrailingColumns {
  const sample: Record<string, Json> = {}
  if (columns.machinePid !== undefined) sample.machine_pid = columns.machinePid
  if (columns.vcpu !== undefined) sample.vcpu = columns.vcpu
  if (columns.misc !== undefined) sample.misc = columns.misc
  if (columns.period !== undefined) sample.period = columns.period
  if (flags !== undefined) sample.flags = flags
  return { ...sample, ...trailing }
}
