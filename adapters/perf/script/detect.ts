import type { Verdict } from '../../../src/contract.ts'
import { dropNamed } from '../../../src/kernel/drop-line.ts'
import { Lines } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { hasAnchor } from './broken.ts'
import { isLoneHead, isSystem, isTracepoint } from './column-evidence.ts'
import { ColumnReader, type SampleColumns } from './columns.ts'
import { UNKNOWN_LAYOUT } from './fields.ts'
import { isFrameLine } from './frame.ts'
import { payloadAloneAt } from './payload-alone.ts'

const SURE = 95
const LIKELY = 70
/** Longer heads are not looked for. */
const LONGEST_HEAD = 1024

/**
 * Finds heads of perf script in any layout that names its event, in its text or by its payload. Only perf prints a
 * head of comm, TID, [cpu] and seconds before `system:name: `, and only perf's header has these keys.
 */
export function detectScript(lines: string): Verdict | undefined {
  let best: Verdict | undefined
  let head = false
  const walk = new Lines(lines, true)
  while (walk.moveTo(walk.next)) {
    const line = lines.slice(walk.start, Math.min(walk.contentEnd, walk.start + LONGEST_HEAD))
    const verdict = detectLine(line) ?? (head && isFrameLine(line) ? HEAD_AND_FRAME : undefined)
    if (verdict?.score === SURE) return verdict
    if (verdict !== undefined && verdict.score > (best?.score ?? 0)) best = verdict
    // An empty line may be between the two.
    if (line !== '') head = isLoneHead(line)
  }
  return best
}

const HEAD_AND_FRAME: Verdict = { format: 'script', score: LIKELY, why: 'a head of perf script and a frame after it' }
const HEADER_LINE: Verdict = { format: 'script', score: SURE, why: 'a line of the header that perf script prints' }
const HEAD: Verdict = {
  format: 'script',
  score: SURE,
  why: 'a head of perf script: comm, TID, [cpu], seconds, system:name',
}
const SOME_HEAD: Verdict = { format: 'script', score: LIKELY, why: 'heads as perf script prints them' }
const PAYLOAD: Verdict = {
  format: 'script',
  score: LIKELY,
  why: 'the payload of skb:kfree_skb as perf script prints it',
}

const HEADER =
  /^# (?:={8}$|captured on {4}: |header version : \d|hostname : |os release : |perf version : |nrcpus online : \d|clockid: [a-z]|reference time : \d|time of first sample : )/
/** Every head and payload that we read has one of these. */
const PROMISING = /\d\.\d{6}|skbaddr=|[a-z]:[a-z_]/

const COLUMNS = new ColumnReader(UNKNOWN_LAYOUT)

function detectLine(line: string): Verdict | undefined {
  if (line.charCodeAt(0) === 35 && HEADER.test(line)) return HEADER_LINE
  if (!PROMISING.test(line)) return undefined
  // First as it is: a comm may hold what a terminal would take for control.
  const shown = plainText(line)
  const pasted = unquoted(shown)
  const columns =
    COLUMNS.read(line, undefined, false) ??
    (shown === line ? undefined : COLUMNS.read(shown, undefined, false)) ??
    COLUMNS.read(pasted, undefined, true)
  if (columns !== undefined && !('fault' in columns)) return verdictOf(shown, columns)
  if ((payloadAloneAt(shown) ?? payloadAloneAt(pasted)) !== undefined) return PAYLOAD
  return hasAnchor(line) ? SOME_HEAD : undefined
}

function verdictOf(line: string, { pid, tid, cpu, ns, tod, event, shape }: SampleColumns): Verdict | undefined {
  const hasId = pid !== undefined || tid !== undefined
  const hasTime = ns !== undefined || tod !== undefined
  const isOurs = event === undefined || isTracepoint(event)
  if (hasId && hasTime && isOurs && (cpu !== undefined || dropNamed(line) !== undefined)) return HEAD
  // Any text may have a word and a colon. perf prints a column of numbers or a thread's name before them.
  if (hasId && hasTime) return shape === 'collapsed' && cpu === undefined && !isOurs ? undefined : SOME_HEAD
  return event === undefined || isSystem(event) || event === 'kfree_skb' ? SOME_HEAD : undefined
}
