import type { Context, Out, Reader, Window } from '../../src/contract.ts'
import { isOwnLine } from '../../src/text/own-line.ts'
import { JsonLines } from './json/lines.ts'
import { FRAME } from './json/records.ts'
import { STOP, StreamState } from './runs/stream-state.ts'
import { TextLines } from './text/lines.ts'
import { QuotedLines, QuotedOut } from './text/quoted.ts'
import { lineOf } from './tool/talk.ts'

const LF = 10
const CR = 13
const BRACE = 123

/** Reads what bpftrace 0.9 to 0.27 prints, text and JSON: which of them it is, the lines say. */
export class BpftraceReader implements Reader {
  private readonly stream: StreamState
  private readonly text: TextLines
  private readonly json: JsonLines

  /** Throws UsageError when the flags contradict one another, or the program is none. */
  constructor(context: Context) {
    this.stream = new StreamState(context)
    this.text = new TextLines(this.stream)
    this.json = new JsonLines(this.stream)
  }

  read(window: Window, out: Out): void {
    this.readUnits(window, 0, out)
    // After, not before: there may be no next window.
    for (const hint of this.stream.takeHints()) out.hint(hint)
  }

  /** True for a line that the program prints. */
  reads(line: string): boolean {
    return this.text.reads(line)
  }

  /** Gives the offset up to which it has read. */
  private readUnits({ text, last }: Pick<Window, 'text' | 'last'>, start: number, out: Out, isQuoted = false): number {
    let at = start
    while (at < text.length) {
      if (!isQuoted && this.stream.quote !== '') {
        const next = this.readQuoted(text, at, last, out)
        if (next === STOP) return at
        if (next > at) {
          at = next
          continue
        }
      }
      const lf = text.indexOf('\n', at)
      if (lf < 0 && !last && this.stream.session?.text.hasOpenEnds !== true) return at
      const next = this.unit(text, at, lf, last, out)
      if (next === STOP) return at
      at = next
    }
    return at
  }

  /** Reads lines that are quoted, to the last one of them. */
  private readQuoted(text: string, at: number, last: boolean, out: Out): number {
    const lines = new QuotedLines(text, at, this.stream.quote)
    const end = this.readUnits({ text: lines.text, last: last || lines.isEnded }, 0, new QuotedOut(out, lines), true)
    if (end < lines.text.length || !(lines.isEnded || last)) return STOP
    // A line that is not indented ends what was; between quotes somebody may answer.
    if (lines.isEnded && this.stream.quote.trim() === '') this.stream.quote = ''
    // The last line may be all quote.
    if (lines.end > (lines.text === '' ? at : lines.inWindow(end))) out.claim('blank', lines.end)
    return lines.end
  }

  /** Takes one unit, that begins at `at` and whose line ends at `lf` (-1: not there); gives its end. */
  private unit(text: string, at: number, lf: number, last: boolean, out: Out): number {
    const { session, mode } = this.stream
    const first = text.charCodeAt(at)
    // Half a line end.
    if (first === CR && at + 1 === text.length && !last) return STOP
    if ((first === LF || (first === CR && lf === at + 1)) && session?.text.beginsBlank !== true) {
      out.claim('blank', lf + 1)
      return lf + 1
    }
    if (first === BRACE && isOwnLine(text, at) && (lf >= 0 || last)) {
      const end = lf < 0 ? text.length : lf + 1
      return out.message(lineOf(text, at, lf < 0 ? end : lf), end, 'info', 'foreign') ? end : STOP
    }
    if (mode === 'json' || (first === BRACE && text.startsWith(FRAME, at))) {
      const next = lf < 0 && !last ? STOP : this.json.unit(text, at, lf, last, out)
      if (next !== undefined) return next
    }
    return this.text.unit(text, at, lf, last, out)
  }
}
