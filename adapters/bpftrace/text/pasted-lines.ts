import type { Out } from '../../../src/contract.ts'
import { contentOf, type Next, type TextLine } from '../../../src/text/lines.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import type { StreamState } from '../runs/stream-state.ts'
import { restOf } from './line-rest.ts'
import { keepNote, splitNote } from './note.ts'
import { find, type ProgramLines } from './program-lines.ts'
import type { ToolLines } from './tool-lines.ts'

const REFORMATTED = ['reformatted'] as const

/** Reads lines as a paste leaves them: quoted, indented, with blanks squeezed or cut, with a note of a person. */
export class PastedLines {
  private readonly stream: StreamState
  private readonly program: ProgramLines
  private readonly tool: ToolLines

  constructor(stream: StreamState, program: ProgramLines, tool: ToolLines) {
    this.stream = stream
    this.program = program
    this.tool = tool
  }

  /** Takes a line of the program or of the tool that a paste changed. */
  unit(line: TextLine, out: Out): Next | undefined {
    if (this.stream.mode === 'json' || line.isCut) return undefined
    const content = contentOf(line)
    const quoted = quoteEnd(content, 0)
    const indented = quoted + (/^[ \t]*/.exec(content.slice(quoted))?.[0].length ?? 0)
    for (const skipped of new Set([0, quoted, indented])) {
      const rest = skipped === 0 ? line : restOf(line, line.start + skipped)
      const next = this.relaxed(rest, skipped > 0, out)
      if (next !== undefined) return next
      if (skipped === 0) continue
      const taken = this.tool.talk(rest, out) ?? this.tool.entry(rest, out, true)
      if (taken !== undefined) return taken
    }
    return this.noted(content, line.next, out)
  }

  /** Takes a run whose lines are damaged. `isIndented`: its first line did not begin at the margin before. */
  private relaxed(line: TextLine, isIndented: boolean, out: Out): Next | undefined {
    const { session } = this.stream
    if (session === undefined) return undefined
    // What begins at the margin was tried without relaxing already.
    for (const runs of isIndented ? [session.text, ...session.pasted] : session.pasted) {
      const finding = find(runs, line)
      if (finding === 'pause') return 'pause'
      if (finding === 'run' && this.program.endsWell(line.text, runs.end))
        return this.program.emit(runs, line.text, line.start, out, true)
    }
    return undefined
  }

  /** Takes a record of one line with a note of a person after it. In records of several lines the note is text. */
  private noted(content: string, next: number, out: Out): Next | undefined {
    const noted = splitNote(content)
    const { session } = this.stream
    if (session === undefined || noted === undefined) return undefined
    const bare = `${noted.line.slice(quoteEnd(noted.line, 0))}\n`
    for (const runs of [session.text, ...session.pasted]) {
      if (runs.at(bare, 0, bare.length - 1, true) !== 'run' || runs.end < bare.length) continue
      if (!runs.isComplete || runs.record === undefined) continue
      const { record } = runs
      keepNote(record, noted.note)
      record.flags = REFORMATTED
      out.claim('data', next)
      out.record(record, 'text')
      return next
    }
    return undefined
  }
}
