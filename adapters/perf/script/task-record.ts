// `PERF_RECORD_…` lines: what --show-task-events and the like print after a head without event name (perf 5.10 to
// 7.2). See docs/formats/perf.md, "Records".
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { uint } from '../../../src/text/scan.ts'

const NAME_STARTS = ['PERF_RECORD_', 'DEFERRED CALLCHAIN']
const NAME = /^(?:PERF_RECORD_[A-Z0-9_]+|DEFERRED CALLCHAIN)/

/**
 * The record of such a text (latin1), with the lines that belong to it. Undefined: the text is not one. LOST counts
 * the records that the ring buffer lost since the last LOST. LOST_SAMPLES comes once for each event at the end, and
 * counts all that it lost (read_format LOST, Linux 6.0). `isCut`: the input ends within the text, so that what follows
 * the name may go on.
 */
export function taskRecord(text: string, isCut: boolean): EventRecord | undefined {
  const [name] = NAME.exec(text) ?? []
  if (name === undefined) return undefined
  const rest = text.slice(name.length)
  const [, lost = ''] = isCut ? [] : (/^ lost (\d+)$/.exec(rest) ?? [])
  const count = uint(lost, 0, lost.length)
  if (name === 'PERF_RECORD_LOST' && (count !== undefined || isCut))
    return lossRecord({ ...(count !== undefined && { count }), unit: 'records', cause: 'ring_full', mode: 'delta' })
  if (name === 'PERF_RECORD_LOST_SAMPLES')
    return lossRecord({ ...(count !== undefined && { count }), unit: 'samples', cause: 'unknown', mode: 'total' })
  const record = new EventRecord('trace')
  record.event_name = seal('event_name', name)
  const payload = rest.replace(/^:? /, '')
  if (!isCut && payload.trim() !== '') record.payload = payloadPart(payload)
  return record
}

/** True where the text ends within the name of such a record, or just after it. */
export function isCutTaskName(text: string): boolean {
  return text !== '' && (NAME.exec(text)?.[0] === text || NAME_STARTS.some((start) => start.startsWith(text)))
}

/** True for a line without a head that belongs to the record with this first line. */
export function isContinued(first: string, line: string): boolean {
  switch (NAME.exec(first)?.[0]) {
    case 'PERF_RECORD_NAMESPACES':
      return /^\t\t[ []|^ {8,}[ [ ]?\d+\/\w+: /.test(line)
    case 'PERF_RECORD_TEXT_POKE':
      return /^ +(?:Old|New) bytes: |^ {8,}[0-9a-f]{2} /.test(line)
    case 'PERF_RECORD_BPF_METADATA':
      return /^ {2}entry \d+: /.test(line)
    default:
      return false
  }
}

/** True where lines may follow such a record. */
export function hasContinuation(first: string): boolean {
  return /^PERF_RECORD_(?:NAMESPACES|TEXT_POKE|BPF_METADATA)/.test(first)
}

/**
 * What perf says on stderr about loss where nobody asked for LOST records. Chunks are not events, and a percentage
 * is not a count.
 */
export function lossOfTalk(line: string): EventRecord | undefined {
  const [, chunks] = /^Processed \d+ events and lost (\d+) chunks!$/.exec(line) ?? []
  const count = chunks === undefined ? undefined : uint(chunks, 0, chunks.length)
  if (count !== undefined) return lossRecord({ count, unit: 'chunks', cause: 'ring_full', mode: 'total' })
  if (!/^Processed \d+ samples and lost [\d.]+%!$/.test(line)) return undefined
  const record = lossRecord({ unit: 'samples', cause: 'ring_full', mode: 'total' })
  record.payload = payloadPart(line)
  return record
}

function lossRecord(loss: Parameters<typeof seal<'loss'>>[1]): EventRecord {
  const record = new EventRecord('loss')
  record.loss = seal('loss', loss)
  return record
}
