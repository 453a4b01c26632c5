// `PERF_RECORD_…` lines: what --show-task-events and its kin print behind a head without event name (perf.md 1.7, perf 6.1 to 7.2).
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { uint } from '../../../src/text/scan.ts'
import { payloadPart } from './event.ts'

const NAME = /^PERF_RECORD_[A-Z0-9_]+/

/** The record of such a text (latin1); undefined when it is none. LOST counts records that the ring buffer lost since the last LOST. */
export function taskRecord(text: string): EventRecord | undefined {
  const [name] = NAME.exec(text) ?? []
  if (name === undefined) return undefined
  const rest = text.slice(name.length)
  const [, lost = ''] = /^ lost (\d+)$/.exec(rest) ?? []
  const count = uint(lost, 0, lost.length)
  if (count !== undefined && name === 'PERF_RECORD_LOST') {
    const record = new EventRecord('loss')
    record.loss = seal('loss', { count, unit: 'records', cause: 'ring_full', mode: 'delta' })
    return record
  }
  const record = new EventRecord('trace')
  record.event_name = seal('event_name', name)
  const payload = rest.replace(/^:? /, '')
  if (payload.trim() !== '') record.payload = payloadPart(payload)
  return record
}
