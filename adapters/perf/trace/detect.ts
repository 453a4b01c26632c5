import type { Verdict } from '../../../src/contract.ts'
import { contentOf, Lines } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { isOpen, readEntry } from './entry.ts'
import { gluedAt } from './lines.ts'
import { isSummary, lossOf } from './talk.ts'

const SURE = 95
const LIKELY = 70

/** Finds entries of perf trace, lines of its summary, and its losses. */
export function detectTrace(lines: string): Verdict | undefined {
  if (!PROMISING.test(lines)) return undefined
  let best: Verdict | undefined
  const line = new Lines(lines, true)
  while (line.moveTo(line.next)) {
    const verdict = PROMISING.test(contentOf(line)) ? detectLine(contentOf(line)) : undefined
    if (verdict?.score === SURE) return verdict
    best ??= verdict
  }
  return best
}

/** Every line that we know has one of these. */
const PROMISING = /\d\.\d{3} |\? +\(|\): |events|\/\d+ [A-Za-z_][\w.-]*:/

function detectLine(line: string): Verdict | undefined {
  const text = plainText(line)
  if (isSummary(text)) return SUMMARY
  if (lossOf(unquoted(text)) !== undefined) return LOSS
  const entry = readEntry(text) ?? readEntry(unquoted(text))
  if (entry === undefined) return gluedAt(line) === undefined ? undefined : ENTRY
  const { head, body } = entry
  if (isOpen(entry)) return head.hasDuration || body.is === 'event' ? OPEN_ENTRY : undefined
  return ENTRY
}

const ENTRY: Verdict = { format: 'trace', score: SURE, why: 'an entry of perf trace: milliseconds, comm/tid, name(…)' }
const OPEN_ENTRY: Verdict = { format: 'trace', score: LIKELY, why: 'the beginning of an entry of perf trace' }
const SUMMARY: Verdict = { format: 'trace', score: LIKELY, why: 'a line of a summary of perf trace' }
const LOSS: Verdict = { format: 'trace', score: LIKELY, why: 'a loss as perf trace prints it' }
