import type { ClaimName, Level, Out, Reject, Stream } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { Lines } from '../../../src/text/lines.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { commandLineOf } from '../program/command-line.ts'
import { BANNER } from '../tool/banner.ts'

const BANNER_OF_JSON = '{"type": "attached_probes", '

/**
 * What a mail, a ticket or an author wrote before a banner or a command of bpftrace, and so before each line after it:
 * `> `, four blanks. Empty: the line is not a quoted banner or command.
 */
export function quoteBefore(line: string): string {
  const quoted = quoteEnd(line, 0)
  const end = quoted + (/^[ \t]*/.exec(line.slice(quoted))?.[0].length ?? 0)
  if (end === 0 || !/ttach|bpftrace/.test(line)) return ''
  const rest = line.slice(end)
  const begins =
    BANNER.test(plainText(rest)) || rest.startsWith(BANNER_OF_JSON) || (quoted > 0 && commandLineOf(rest) !== undefined)
  return begins ? line.slice(0, end) : ''
}

/** Lines of a window without the quote before each of them. */
export class QuotedLines {
  readonly text: string
  /** The next line is not quoted. */
  readonly isEnded: boolean
  /** The offset in the window after the last of them. */
  readonly end: number
  /** Where the lines begin in this text, and in the window. */
  private readonly starts: readonly (readonly [here: number, there: number])[]

  /** Takes the lines from `start` on. It may be unknown whether a last line without an end is quoted. */
  constructor(window: string, start: number, quote: string) {
    const starts: (readonly [number, number])[] = []
    // A blank line may lack the blanks of the quote.
    const bare = quote.trimEnd()
    let text = ''
    let isEnded = false
    const line = new Lines(window, true)
    this.end = start
    while (line.moveTo(this.end)) {
      const { start: at, next } = line
      const length = window.startsWith(quote, at) ? quote.length : bare.length
      const isQuoted =
        length === quote.length || (window.startsWith(bare, at) && window.slice(at + bare.length, next).trim() === '')
      if (!isQuoted) {
        isEnded = !line.isCut || !quote.startsWith(window.slice(at))
        break
      }
      starts.push([text.length, at + length])
      text += window.slice(at + length, next)
      this.end = next
    }
    this.text = text
    this.isEnded = isEnded
    this.starts = starts
  }

  /** The offset in the window of an offset in this text. */
  inWindow(offset: number): number {
    // The line of the byte before, because a line end belongs to its line.
    const [here, there] = this.starts.findLast(([start]) => start < offset) ?? [0, 0]
    return there + offset - here
  }
}

/** Reports findings in quoted lines, with offsets in the window. */
export class QuotedOut implements Out {
  private readonly out: Out
  private readonly lines: QuotedLines

  constructor(out: Out, lines: QuotedLines) {
    this.out = out
    this.lines = lines
  }

  claim(as: 'data' | 'structure' | 'blank', end: number): void {
    this.out.claim(as, this.lines.inWindow(end))
  }

  keep(): ClaimName {
    return this.out.keep()
  }

  place(offset: number, bytes: Uint8Array, start: number, end: number): ClaimName {
    return this.out.place(offset, bytes, start, end)
  }

  repeatable(record: EventRecord, of: ClaimName): undefined {
    this.record(record, undefined, of)
  }

  record(record: EventRecord, form?: string, of?: ClaimName): void {
    if (record.kind !== 'message' && record.kind !== 'loss') {
      record.flags = [...(record.flags ?? []).filter((flag) => flag !== 'reformatted'), 'reformatted']
    }
    this.out.record(record, form, of)
  }

  message(text: string, end: number, level: Level, stream: Stream, undecoded?: 'undecoded' | 'ambiguous'): boolean {
    return this.out.message(text, this.lines.inWindow(end), level, stream, undecoded)
  }

  yields(isOpen: boolean): boolean {
    return this.out.yields(isOpen)
  }

  reject(why: Reject, end: number, at: number): boolean {
    return this.out.reject(why, this.lines.inWindow(end), this.lines.inWindow(at))
  }

  canSetAside(start: number, end: number): boolean {
    return this.out.canSetAside(this.lines.inWindow(start), this.lines.inWindow(end))
  }

  setAside(end: number): boolean {
    return this.out.setAside(this.lines.inWindow(end))
  }

  learn(): void {}

  hint(text: string): void {
    this.out.hint(text)
  }

  assume(text: string): void {
    this.out.assume(text)
  }
}
