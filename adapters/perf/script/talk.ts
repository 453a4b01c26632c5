// Lines that are not samples: what perf says on stderr, often merged into the text, and what no grammar knows. See
// docs/formats/perf.md, "Talk".
import { contentOf, type TextLine } from '../../../src/text/lines.ts'
import { talkLevel } from '../talk-level.ts'
import { brokenSample, CUT_HEAD, LOST_SOURCE } from './broken.ts'
import type { ScriptState } from './state.ts'
import { isCutTaskName, lossOfTalk, taskRecord } from './task-record.ts'
import { foreign, rejected, type ScriptUnit } from './unit.ts'

/** What a line is that is neither a sample nor a PERF_RECORD with a head. */
export function readTalk(line: TextLine, state: ScriptState): ScriptUnit {
  const { start, next: end } = line
  const text = contentOf(line)
  if (text.trim() === '') return { is: 'blank', end }
  const isTask = text.startsWith('PERF_RECORD_')
  if (isTask && line.isCut && isCutTaskName(text)) return rejected(CUT_HEAD, end, line.contentEnd)
  const task = isTask ? taskRecord(text, line.isCut) : undefined
  if (task !== undefined && line.isCut) task.flags = ['incomplete']
  const record = task ?? lossOfTalk(text)
  if (record !== undefined) return { is: 'record', record, assumesTid: false, end }
  const broken = brokenSample(text, line.isCut, state)
  if (broken === LOST_SOURCE) state.hasSourceLines = true
  if (broken !== undefined) return rejected(broken, end, start)
  const level = talkLevel(text)
  return level === undefined ? foreign(text, end) : { is: 'message', text, level, stream: 'stderr', end }
}
