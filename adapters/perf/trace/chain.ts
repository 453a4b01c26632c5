// The frames after an entry: 39 blanks, the symbol, the dso, innermost first; no empty line ends them
// (trace__fprintf_callchain in tools/perf/builtin-trace.c, perf 4.9 to 7.2).
import { seal } from '../../../src/event/part.ts'
import { addFlag, type EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { type StackFrame, stackPart } from '../../../src/kernel/stack-part.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { intern } from '../../../src/text/intern.ts'
import { contentOf, lineAt, type Next, type TextLine } from '../../../src/text/lines.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import { replaced } from '../../../src/text/utf8.ts'
import { readNamedFrame } from '../script/frame.ts'
import { readEntry } from './entry.ts'

interface NamedFrame extends StackFrame {
  /** Text that no member holds. */
  readonly left: string
}

/** Reads the frames in the lines from `from` on into the record. Returns the offset of the line after them. */
export function readFrames(line: TextLine, from: number, record: EventRecord): Next {
  const frames: NamedFrame[] = []
  let end = from
  for (;;) {
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined || !isFrame(contentOf(next))) break
    const frame = next.isCut ? undefined : frameOf(contentOf(next))
    if (frame === undefined) {
      addFlag(record, 'incomplete')
      break
    }
    frames.push(frame)
    end = next.next
  }
  record.stack = stackPart(frames)
  const left = frames.map((frame) => frame.left).filter((text) => text !== '')
  if (left.length > 0 && record.payload === undefined) record.payload = payloadPart(left.join('\n'))
  return end
}

/** True for a line (latin1) that is indented as a frame is, or that is one without its indentation. */
export function isFrame(line: string): boolean {
  const text = line.slice(quoteEnd(line, 0))
  if (!/^[\t ]*[^\t ]/.test(text) || readEntry(text) !== undefined) return false
  return /^(?:\t| {8})/.test(text) ? frameOf(line) !== undefined : BARE.test(text) && frameOf(line) !== undefined
}

/** The dso shows that it is a frame. */
const BARE = /^[^\t ]{1,500} \((?:\[[a-z][\w.]{1,64}\]|\/[^()]{1,500}|inlined)\)$/

function frameOf(line: string): NamedFrame | undefined {
  return memo.get(trimmed(line.slice(quoteEnd(line, 0))))
}

const memo = intern((text): NamedFrame | undefined => {
  const reading = readNamedFrame(text)
  if (reading === undefined) return undefined
  const { frame, isIncomplete, rest } = reading
  const flags = [...(isIncomplete ? INCOMPLETE : []), ...(replaced(text) ? TEXT_REPLACED : [])]
  return { stack: seal('stack', [frame], ...flags), left: rest }
})

const INCOMPLETE = ['incomplete'] as const
const TEXT_REPLACED = ['text_replaced'] as const
