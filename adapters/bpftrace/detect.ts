import type { Verdict } from '../../src/contract.ts'
import { contentOf, Lines } from '../../src/text/lines.ts'
import { plainText } from '../../src/text/terminal.ts'
import { isFrame } from './match/stack.ts'
import { commandLineOf } from './program/command-line.ts'
import { quoteBefore } from './text/quoted.ts'
import { BANNER } from './tool/banner.ts'

/** The frame of a record, which only bpftrace writes: `type` comes first, with a blank after each `:` and `,`. */
const RECORD =
  /^\{"type": "(?:attached_probes", (?:"count": \d+, )?"data": \{"probes": |(?:printf|value|time|cat|join|syscall|map|hist|stats|tseries)", "data": |lost_events", |(?:helper_error|runtime_error|errorf|warnf)", )/
const TOTAL = /^WARNING: Total lost event count: \d+$/
const LIKELY = /^(?:Lost \d+ events|@\w*(?:\[[^\n]*\])?:(?: (?:-?\d+|count \d+, average .*|\{ \.count = .*)?)?)$/

/** The key of a map, up to a stack in it: `@[`, or `@[3, `. */
const STACK_KEY = /^@\w*\[(?:[^\]\n]*, )?$/

/** So much of a line is looked at. */
const LONGEST = 64 * 1024

/**
 * Only bpftrace writes its banner, its records of JSON, and a command that runs it. Entries of maps are
 * likely its own.
 */
export function detectBpftrace(lines: string): Verdict | undefined {
  let likely = 0
  const line = new Lines(lines, true)
  while (line.moveTo(line.next)) {
    const raw = contentOf(line).slice(0, LONGEST)
    const verdict = sureOf(raw)
    if (verdict !== undefined) return verdict
    if (LIKELY.test(raw) || (STACK_KEY.test(raw) && isFrame(contentAt(lines, line.next), 0))) likely++
  }
  return likely === 0 ? undefined : { format: 'text', score: 70, why: 'entries of maps as bpftrace prints them' }
}

function contentAt(lines: string, start: number): string {
  const line = new Lines(lines, true)
  return line.moveTo(start) ? contentOf(line).trimEnd() : ''
}

function sureOf(line: string): Verdict | undefined {
  const raw = line.slice(quoteBefore(line).length)
  // A quick test first: lines of other tools have none of these words.
  if (raw.startsWith('{"type": "') && RECORD.test(raw))
    return { format: 'json', score: 95, why: 'a record of bpftrace -f json' }
  if (!raw.includes('ttach') && !raw.includes('bpftrace') && !raw.startsWith('WARNING: T')) return undefined
  const plain = plainText(raw)
  if (BANNER.test(plain)) return { format: 'text', score: 95, why: 'the banner of bpftrace' }
  if (TOTAL.test(plain)) return { format: 'text', score: 95, why: 'the count of lost events of bpftrace' }
  const command = commandLineOf(raw)
  if (command === undefined) return undefined
  const format = typeof command !== 'string' && command.isJson ? 'json' : 'text'
  return { format, score: 95, why: 'a command line that runs bpftrace' }
}
