// PERF_RECORD lines with the lines that belong to them.
import { seal } from '../../../src/event/part.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { NO_EVENT } from './broken.ts'
import { noChain } from './chain.ts'
import type { RenderedLine } from './rendered-line.ts'
import { addFlag, fillColumns } from './sample.ts'
import { chainAfter } from './sample-unit.ts'
import { stackPart } from './stack.ts'
import type { ScriptState } from './state.ts'
import { hasContinuation, isContinued, taskRecord } from './task-record.ts'
import { rejected, type ScriptUnit } from './unit.ts'
import type { Joined } from './wrapped.ts'

/** The record in `line`, which has these columns. Undefined: no record follows the columns. */
export function readTask(line: TextLine, head: RenderedLine, state: ScriptState): ScriptUnit | 'pause' | undefined {
  const { columns, rest } = head
  if (columns.event !== undefined || taskRecord(rest) === undefined) return undefined
  const whole = withContinuation(line, rest)
  if (whole === 'pause') return whole
  const isDeferred = rest.startsWith('DEFERRED')
  const chain = isDeferred ? chainAfter(line, whole.end, head, false, state) : noChain(whole.end)
  if (chain === 'pause') return chain
  const record = taskRecord(whole.text)
  if (record === undefined) return rejected(NO_EVENT, whole.end, line.start)
  record.stack = stackPart(chain.frames)
  fillColumns(record, columns)
  record.clockId = state.clock.of(columns)
  if (columns.misc !== undefined) record.sample = seal('sample', { misc: columns.misc })
  if (line.isCut) addFlag(record, 'incomplete')
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
    text += `\n${contentOf(next)}`
    end = next.next
  }
  return { text, end }
}
