// PERF_RECORD lines with the lines that belong to them.
import { seal } from '../../../src/event/part.ts'
import { addFlag } from '../../../src/event/record.ts'
import { stackPart } from '../../../src/kernel/stack-part.ts'
import type { Joined } from '../../../src/kernel/wrapped-payload.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { CUT_HEAD, NO_EVENT } from './broken.ts'
import { noChain } from './chain.ts'
import type { RenderedLine } from './rendered-line.ts'
import { fillColumns } from './sample.ts'
import { chainAfter } from './sample-unit.ts'
import type { ScriptState } from './state.ts'
import { hasContinuation, isContinued, isCutTaskName, taskRecord } from './task-record.ts'
import { rejected, type ScriptUnit } from './unit.ts'

/** The record in `line`, which has these columns. Undefined: no record follows the columns. */
export function readTask(line: TextLine, head: RenderedLine, state: ScriptState): ScriptUnit | 'pause' | undefined {
  const { columns, rest } = head
  if (columns.event !== undefined) return undefined
  if (line.isCut && isCutTaskName(rest)) return rejected(CUT_HEAD, line.next, line.contentEnd)
  if (taskRecord(rest, line.isCut) === undefined) return undefined
  const whole = withContinuation(line, rest)
  if (whole === 'pause') return whole
  const isDeferred = rest.startsWith('DEFERRED')
  const chain = isDeferred ? chainAfter(line, whole.end, head, false, state) : noChain(whole.end)
  if (chain === 'pause') return chain
  const record = taskRecord(whole.text, line.isCut)
  if (record === undefined) return rejected(NO_EVENT, whole.end, line.start)
  record.stack = stackPart(chain.frames)
  fillColumns(record, columns)
  record.clockId = state.clock.of(columns)
  if (columns.misc !== undefined) record.sample = seal('sample', { misc: columns.misc })
  if (whole.isCut) addFlag(record, 'incomplete')
  if (head.isPasted || columns.shape === 'collapsed') addFlag(record, 'reformatted')
  return { is: 'record', record, assumesTid: false, end: chain.end }
}

function withContinuation(line: TextLine, first: string): Joined | 'pause' {
  let text = first
  let end = line.next
  while (hasContinuation(first)) {
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined || !isContinued(first, contentOf(next))) break
    end = next.next
    // A line that the input ends within is left out.
    if (next.isCut) return { text, end, isCut: true }
    text += `\n${contentOf(next)}`
  }
  return { text, end, isCut: line.isCut }
}
