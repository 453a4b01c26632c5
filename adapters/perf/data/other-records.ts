// What records that are no samples become: losses, and with --perf-records traces.
import { type Part, seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { type KernelRecord, MISC_FILTERED, RECORD } from './kernel-records.ts'
import type { SampleLayout } from './layout.ts'
import { recordName, recordText } from './record-text.ts'
import { miscLetters } from './sample-records.ts'
import type { Tasks } from './tasks.ts'
import type { RecordClock } from './time.ts'

const MOST_CPU = 0xffff
const MISC_EXEC = 1 << 13

/** What such records are made with. */
export interface TrailerKnowledge {
  readonly time: RecordClock
  readonly tasks: Tasks
  /** The `event_name` of an event. */
  nameOf(layout: SampleLayout): Part | undefined
}

/**
 * LOST: so many records of one ring buffer since the last LOST. LOST_SAMPLES: so many samples of one event in all, by
 * another counter of the kernel (read_format LOST, Linux 6.0). So the two are never added up. Samples that a BPF filter
 * left out are not lost.
 */
export function lossRecord(
  type: typeof RECORD.lost | typeof RECORD.lostSamples,
  record: KernelRecord,
  layout: SampleLayout | undefined,
  known: TrailerKnowledge,
): EventRecord {
  const { view, at, isLittle, misc } = record
  const lost = view.getBigUint64(at + (type === RECORD.lost ? 16 : 8), isLittle)
  const count = lost <= BigInt(Number.MAX_SAFE_INTEGER) ? { count: Number(lost) } : {}
  if (type === RECORD.lostSamples && (misc & MISC_FILTERED) !== 0) {
    const message = new EventRecord('message')
    message.message = seal('message', `${lost} samples did not pass the BPF filter of perf record`)
    message.level = seal('level', 'info')
    message.stream = seal('stream', 'stderr')
    return message
  }
  const loss = new EventRecord('loss')
  loss.loss =
    type === RECORD.lost
      ? seal('loss', { ...count, unit: 'records', cause: 'ring_full', mode: 'delta' })
      : seal('loss', { ...count, unit: 'samples', cause: 'ring_full', mode: 'total' })
  if (layout === undefined) return loss
  if (type === RECORD.lostSamples && idOf(record, layout) !== 0n) loss.event_name = known.nameOf(layout)
  fillTrailer(loss, record, layout, known)
  return loss
}

/** Of any other record. */
export function traceRecord(
  type: number,
  record: KernelRecord,
  layout: SampleLayout | undefined,
  known: TrailerKnowledge,
): EventRecord {
  const trace = new EventRecord('trace')
  trace.event_name = seal('event_name', recordName(type))
  const text = recordText(type, record)
  if (text !== '') trace.payload = payloadPart(text)
  const letters = `${miscLetters(record.misc & 7)}${type === RECORD.comm && (record.misc & MISC_EXEC) !== 0 ? 'E' : ''}`
  if (letters !== '') trace.sample = seal('sample', { misc: letters })
  if (layout !== undefined) fillTrailer(trace, record, layout, known)
  return trace
}

function idOf({ view, end, isLittle }: KernelRecord, { trailerId }: SampleLayout): bigint {
  return trailerId === 0 ? 0n : view.getBigUint64(end - trailerId, isLittle)
}

/** Time, task and CPU, which the trailer says; of a record that perf made itself it says nothing. */
function fillTrailer(to: EventRecord, record: KernelRecord, layout: SampleLayout, known: TrailerKnowledge): void {
  const { view, at, end, isLittle } = record
  const { trailerTime, trailerTid, trailerCpu, attribute } = layout
  if (trailerTime === 0 || end - trailerTime < at + 8) return
  if (known.time.keyAt(view, end - trailerTime) === undefined) return
  to.clockId = attribute.clock
  to.ns = known.time.textAt(view, end - trailerTime)
  if (trailerTid !== 0 && end - trailerTid >= at + 8) {
    const place = end - trailerTid
    to.process = known.tasks.processOf(view.getInt32(place, isLittle), view.getInt32(place + 4, isLittle))
  }
  const cpu = trailerCpu === 0 ? MOST_CPU + 1 : view.getUint32(end - trailerCpu, isLittle)
  if (cpu <= MOST_CPU) to.cpu = cpuPart(cpu)
}
