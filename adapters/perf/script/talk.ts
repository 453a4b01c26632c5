// Lines that are not samples: what perf says on stderr, often merged into the text, and what no grammar knows. See
// docs/formats/perf.md, "Talk".
import type { Level } from '../../../src/contract.ts'
import { contentOf, type TextLine } from '../../../src/text/lines.ts'
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

/** How serious a line of perf's own talk is. Undefined: the line is not one. */
function talkLevel(line: string): Level | undefined {
  if (/^\[ perf \w+: .* \]$/.test(line)) return 'info'
  if (WARNINGS.some((warning) => warning.test(line))) return 'warning'
  return ERRORS.some((error) => error.test(line)) ? 'error' : undefined
}

const WARNINGS: readonly RegExp[] = [
  /^Warning:$/,
  /^WARNING: /,
  /^Processed \d+ (?:events|samples) and lost /,
  /^Check IO\/CPU overload!$/,
  /^Was the 'perf record' command properly terminated\?$/,
  /^Found \d+ unknown events!$/,
  /^Found invalid callchains!$/,
  /^\d+ samples with id not present in the header$/,
  /^\d+ out of order events recorded\.$/,
  /^AUX data lost \d+ times out of \d+!$/,
  /^'bpf-output' not valid for hardware events\. Ignoring\.$/,
]

const ERRORS: readonly RegExp[] = [
  /^incompatible file format \(rerun with -v to learn more\)$/,
  /^zero-sized data \(.*\), nothing to do!$/,
  /^failed to open .*: /,
  /^Samples for '[^']*' event do not have \w+ attribute set\. Cannot print '[^']*' field\.$/,
  /^Can't provide '\w+' time, missing clock data\. /,
]
