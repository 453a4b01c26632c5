import type { Out, Reader, Side, Window } from '../../src/contract.ts'
import { JsonLines } from './json/lines.ts'
import { FRAME } from './json/records.ts'
import { STOP, Stream } from './stream.ts'
import { TextLines } from './text/lines.ts'

const LF = 10
const CR = 13
const BRACE = 123

/** Reads what bpftrace 0.9 to 0.27 prints, text and JSON: which of them it is, the lines say. */
export class BpftraceReader implements Reader {
  private readonly stream: Stream
  private readonly text: TextLines
  private readonly json: JsonLines

  /** Throws UsageError when the flags contradict one another, or the program is none. */
  constructor(side: Side) {
    this.stream = new Stream(side)
    this.text = new TextLines(this.stream)
    this.json = new JsonLines(this.stream)
  }

  read(window: Window, out: Out): void {
    this.readUnits(window, out)
    // After, not before: there may be no next window.
    for (const hint of this.stream.takeHints()) out.hint(hint)
  }

  private readUnits({ text, last }: Window, out: Out): void {
    let at = 0
    while (at < text.length) {
      const lf = text.indexOf('\n', at)
      if (lf < 0 && !last && this.stream.session?.text.hasOpenEnds !== true) return
      const next = this.unit(text, at, lf, last, out)
      if (next === STOP) return
      at = next
    }
  }

  /** Takes one unit, that begins at `at` and whose line ends at `lf` (-1: not there); gives its end. */
  private unit(text: string, at: number, lf: number, last: boolean, out: Out): number {
    const { session, mode } = this.stream
    const first = text.charCodeAt(at)
    if ((first === LF || (first === CR && lf === at + 1)) && session?.text.beginsBlank !== true) {
      out.claim('blank', lf + 1)
      return lf + 1
    }
    if (mode === 'json' || (first === BRACE && text.startsWith(FRAME, at))) {
      const next = lf < 0 && !last ? STOP : this.json.unit(text, at, lf, last, out)
      if (next !== undefined) return next
    }
    return this.text.unit(text, at, lf, last, out)
  }
}
