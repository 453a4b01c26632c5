import type { Level, Stream } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import type { Loss } from '../tool/talk.ts'

/** The record of events that the tool lost, or of updates that failed because the map was full. */
export function lossRecord({ count, mode }: Loss): EventRecord {
  const record = new EventRecord('loss')
  record.loss =
    count === undefined
      ? seal('loss', { unit: 'map_updates', cause: 'map_full', mode })
      : seal('loss', { count, unit: 'records', cause: 'ring_full', mode })
  return record
}

/** A message within the lines of a run: the ledger counts its bytes with the run. `text` is latin1. */
export function messageRecord(text: string, level: Level, stream: Stream): EventRecord {
  const record = new EventRecord('message')
  record.message = replaced(text) ? seal('message', utf8(text), 'text_replaced') : seal('message', utf8(text))
  record.level = seal('level', level)
  record.stream = seal('stream', stream)
  return record
}
