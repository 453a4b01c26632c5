import type { Level, Reject, Stream } from '../contract.ts'
import { seal } from '../event/part.ts'
import { EventRecord } from '../event/record.ts'
import { dropNamed } from '../kernel/drop-line.ts'
import { replaced, utf8 } from '../text/utf8.ts'

/** The record of a message; `text` is latin1. */
export function messageRecordOf(text: string, level: Level, stream: Stream): EventRecord {
  const record = new EventRecord('message')
  record.message = replaced(text) ? seal('message', utf8(text), 'text_replaced') : seal('message', utf8(text))
  record.level = LEVELS[level]
  record.stream = STREAMS[stream]
  return record
}

/**
 * Damage must not turn a drop into foreign text, or into a command: it would be left out silently. What a command
 * quotes is its own. `at` is a place in `text`.
 */
export function lostDrop(text: string, stream: Stream): { readonly why: Reject; readonly at: number } | undefined {
  const isBare = stream === 'foreign' || (stream === 'prompt' && dropNamed(text.replaceAll(QUOTED, '')) !== undefined)
  const found = isBare ? dropNamed(text) : undefined
  if (found === undefined) return undefined
  const why = `it tells of ${found.name}, and no reader understands it: a drop may be lost here`
  return { why: { word: 'malformed', text: why }, at: found.at }
}

const QUOTED = /'[^']*'|"[^"]*"/g

const LEVELS = { info: seal('level', 'info'), warning: seal('level', 'warning'), error: seal('level', 'error') }
const STREAMS = {
  stdout: seal('stream', 'stdout'),
  stderr: seal('stream', 'stderr'),
  prompt: seal('stream', 'prompt'),
  output: seal('stream', 'output'),
  foreign: seal('stream', 'foreign'),
}
