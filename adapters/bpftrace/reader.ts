import type { Context, Out, Reader, Regular, Window } from '../../src/contract.ts'
import type { Outline } from '../../src/shapes/outline.ts'
import { contentOf, Lines, lineAt, type Next, type TextLine } from '../../src/text/lines.ts'
import { isOwnLine } from '../../src/text/own-line.ts'
import { JsonLines, outlineOfPlain } from './json/lines.ts'
import { FRAME } from './json/records.ts'
import { StreamState } from './runs/stream-state.ts'
import { TextLines } from './text/lines.ts'
import { outlineOfPrinted } from './text/program-lines.ts'
import { QuotedLines, QuotedOut } from './text/quoted.ts'

const CR = 13
const BRACE = 123

/** What decides how a line is read. */
type ReadingState = Pick<StreamState, 'session' | 'mode' | 'quote'>

/** Reads what bpftrace 0.9 to 0.27 print, text and JSON. The lines show which of them it is. */
export class BpftraceReader implements Reader, Regular {
  readonly regular: Regular = this
  private readonly stream: StreamState
  private known: ReadingState = { session: undefined, mode: 'unknown', quote: '' }
  private changes = 0
  private readonly text: TextLines
  private readonly json: JsonLines

  /** Throws UsageError when flags contradict each other, or when nothing in the program can be decoded. */
  constructor(context: Context) {
    this.stream = new StreamState(context)
    this.text = new TextLines(this.stream)
    this.json = new JsonLines(this.stream)
  }

  read(window: Window, out: Out): void {
    this.readUnits(window, 0, out)
    // Not before: this may be the last window.
    for (const hint of this.stream.takeHints()) out.hint(hint)
  }

  /** True for a line that the program prints. */
  reads(line: string): boolean {
    return this.text.reads(line)
  }

  /** Of a line that a clause of the program prints, alone. */
  outline(unit: string): Outline | undefined {
    const { session, mode, quote } = this.stream
    const line = lineAt(unit, 0, false)
    if (session === undefined || quote !== '' || line === undefined || line === 'pause') return undefined
    if (line.next !== unit.length || line.isCut) return undefined
    return mode === 'json' ? outlineOfPlain(line, session.regular.json) : outlineOfPrinted(line, session)
  }

  get epoch(): number {
    const { session, mode, quote } = this.stream
    const { known } = this
    if (session !== known.session || mode !== known.mode || quote !== known.quote) {
      this.known = { session, mode, quote }
      this.changes++
    }
    return this.changes
  }

  /** Returns the offset up to which it has read. */
  private readUnits({ text, last }: Pick<Window, 'text' | 'last'>, start: number, out: Out, isQuoted = false): number {
    const line = new Lines(text, last)
    let at = start
    while (at < text.length) {
      if (!isQuoted && this.stream.quote !== '') {
        const next = this.readQuoted(text, at, last, out)
        if (next === 'pause') return at
        if (next > at) {
          at = next
          continue
        }
      }
      const hasEnd = line.moveTo(at)
      if (!hasEnd && this.stream.session?.text.hasOpenEnds !== true) return at
      const next = this.unit(hasEnd ? line : openLine(text, at), out)
      if (next === 'pause') return at
      at = next
    }
    return at
  }

  /** Reads quoted lines up to the last of them. */
  private readQuoted(text: string, at: number, last: boolean, out: Out): Next {
    const lines = new QuotedLines(text, at, this.stream.quote)
    const end = this.readUnits({ text: lines.text, last: last || lines.isEnded }, 0, new QuotedOut(out, lines), true)
    if (end < lines.text.length || !(lines.isEnded || last)) return 'pause'
    // A line that is not indented ends an indented session. Between quoted lines there may be an answer.
    if (lines.isEnded && this.stream.quote.trim() === '') this.stream.quote = ''
    // The last line may consist of the quote alone.
    if (lines.end > (lines.text === '' ? at : lines.inWindow(end))) out.claim('blank', lines.end)
    return lines.end
  }

  /** Takes the unit that begins at a line, and returns where reading goes on. */
  private unit(line: TextLine, out: Out): Next {
    const { session, mode } = this.stream
    const { text, start, next } = line
    const first = text.charCodeAt(start)
    const isOpen = line.isCut && !line.last
    // A CR that may be half of a line end.
    if (isOpen && first === CR && start + 1 === text.length) return 'pause'
    if (line.contentEnd === start && session?.text.beginsBlank !== true) {
      out.claim('blank', next)
      return next
    }
    if (first === BRACE && !isOpen && isOwnLine(text, start)) {
      return out.message(contentOf(line), next, 'info', 'foreign') ? next : 'pause'
    }
    if (mode === 'json' || (first === BRACE && text.startsWith(FRAME, start))) {
      const end = isOpen ? 'pause' : this.json.unit(line, out)
      if (end !== undefined) return end
    }
    return this.text.unit(line, out)
  }
}

/** A line without an end, in a window that is not the last. It may be a text of the program that has no line end. */
function openLine(text: string, start: number): TextLine {
  return { text, start, contentEnd: text.length, next: text.length, isCut: true, last: false }
}
