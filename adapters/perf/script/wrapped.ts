// Lines that belong to the sample before them, though they do not say so: the rest of a head that a mailer wrapped, a
// dump of bpf-output.
import type { Joined } from '../../../src/kernel/wrapped-payload.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'

/** A head that was broken before its event's name, joined with the next line. */
export interface JoinedHead {
  readonly text: string
  /** From the first line's start to the second line's end. */
  readonly line: TextLine
}

/** Joins a line with the next one where it ends before the next column of a head. Undefined: it does not. */
export function joinHead(line: TextLine): JoinedHead | 'pause' | undefined {
  if (line.isCut) return undefined
  const first = contentOf(line).trimEnd()
  if (!HEAD_END.test(first.slice(-96))) return undefined
  const second = lineAt(line.text, line.next, line.last)
  if (second === undefined || second === 'pause') return second
  return { text: `${first} ${unquoted(plainText(contentOf(second)))}`, line: { ...second, start: line.start } }
}

const HEAD_END = /(?:^| )-?\d{1,20}(?:\/-?\d{1,20})? +(?:\[\d{3,9}\]|(?:\[\d{3,9}\] +)?\d{1,10}\.\d{6}(?:\d{3})?:)$/

/** The dump of what a BPF program passed to perf. */
export function readDump(line: TextLine, from: number): Joined | 'pause' {
  let text = ''
  for (let end = from; ; ) {
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined) return { text, end, isCut: false }
    const content = contentOf(next)
    if (!/^ +BPF (?:output|string): |^ {10,}[0-9a-f]{4}: /.test(content)) return { text, end, isCut: false }
    // A line that the input ends within is left out.
    if (next.isCut) return { text, end: next.next, isCut: true }
    text += `${text === '' ? '' : '\n'}${content}`
    end = next.next
  }
}
