import type { Out, Reject } from '../../../src/contract.ts'
import { contentOf, lineAt, type Next, type TextLine } from '../../../src/text/lines.ts'
import { DAMAGED } from '../decode/damage.ts'
import { BAD_RECORD, isLikeRecord } from '../json/records.ts'
import type { Session } from '../runs/session.ts'
import { NO_PROGRAM, type StreamState } from '../runs/stream-state.ts'
import { readRow } from './histogram.ts'
import { restOf } from './line-rest.ts'
import { PastedLines } from './pasted-lines.ts'
import { find, ProgramLines } from './program-lines.ts'
import { quoteBefore } from './quoted.ts'
import { ToolLines } from './tool-lines.ts'

const ESC = 27

const LONE_ROW: Reject = { word: 'malformed', text: 'a row of a histogram without the line that names its map' }

/**
 * Reads lines of text. A line is tried in this order: what the program's clauses print, the tool's own messages,
 * entries of maps, a command of a shell, patterns that fit any line, lines that a paste changed, the last line cut.
 * Any other line is the output of an unknown program, or foreign.
 */
export class TextLines {
  private readonly stream: StreamState
  private readonly tool: ToolLines
  private readonly program: ProgramLines
  private readonly pasted: PastedLines

  constructor(stream: StreamState) {
    this.stream = stream
    this.tool = new ToolLines(stream)
    this.program = new ProgramLines(stream, this.tool)
    this.pasted = new PastedLines(stream, this.program, this.tool)
  }

  /** Takes the unit that begins at a line, and returns where reading goes on. */
  unit(line: TextLine, out: Out): Next {
    const { session, mode } = this.stream
    const isOpen = line.isCut && !line.last
    if (session !== undefined && mode !== 'json') {
      const finding = find(session.text, line)
      if (finding !== 'none' && (finding === 'run' || !isOpen)) {
        const next = this.program.take(finding, session.text, line, out)
        if (next !== undefined) return next
      }
    }
    // A line without an end so far may become anything.
    return isOpen ? 'pause' : this.other(line, out)
  }

  /** True for a line that the program prints. A line that only fits a value of any text is not. */
  reads(text: string): boolean {
    const { session, mode } = this.stream
    const line = lineAt(text, 0, true)
    if (session === undefined || mode === 'json' || line === undefined || line === 'pause') return false
    return find(session.text, line) === 'run' || this.tool.reads(line)
  }

  /** Takes what no clause of the program printed. */
  private other(first: TextLine, out: Out): Next {
    const { stream, program, tool } = this
    // A terminal may have written control sequences before the line.
    const controls = first.text.charCodeAt(first.start) === ESC ? controlsLength(contentOf(first)) : 0
    const line = controls === 0 ? first : restOf(first, first.start + controls)
    const content = contentOf(line)
    if (content === '') {
      out.claim('blank', line.next)
      return line.next
    }
    if (controls > 0 && stream.session !== undefined && stream.mode !== 'json') {
      const finding = find(stream.session.text, line)
      if (finding === 'pause') return 'pause'
      if (finding === 'run') return program.emit(stream.session.text, line.text, line.start, out)
    }
    const quote = stream.quote === '' ? quoteBefore(content) : ''
    if (quote !== '') {
      // This line is read again without the quote, and so are those that follow.
      stream.quote = quote
      return first.start
    }
    return (
      interruption(line, content, out) ??
      tool.talk(line, out) ??
      tool.entry(line, out) ??
      tool.command(line, out) ??
      program.bare(line, out) ??
      this.pasted.unit(line, out) ??
      program.cut(line, out) ??
      this.unknown(content, line.next, out)
    )
  }

  private unknown(content: string, next: number, out: Out): Next {
    const { session, mode, described } = this.stream
    const damage = mode === 'json' ? undefined : session?.damage.find(content)
    if (damage === 'sure') return out.reject(DAMAGED, next, next) ? next : 'pause'
    if (damage === 'doubtful') return out.message(content, next, 'info', 'output', 'ambiguous') ? next : 'pause'
    if (mode !== 'text' && session !== undefined && isLikeRecord(content))
      return out.reject(BAD_RECORD, next, next) ? next : 'pause'
    if (readRow(content) !== undefined && mayDraw(session)) return out.reject(LONE_ROW, next, next) ? next : 'pause'
    if (session !== undefined && !session.decoder.isPartial)
      return out.message(content, next, 'info', 'foreign') ? next : 'pause'
    const description = session === undefined ? described.read(content) : undefined
    if (description !== undefined) {
      out.claim(description.kind === 'header' ? 'structure' : 'data', next)
      if (description.kind === 'record') out.record(description.record, 'text')
      return next
    }
    if (session === undefined) out.hint(NO_PROGRAM)
    return out.message(content, next, 'info', 'output', 'undecoded') ? next : 'pause'
  }
}

/** What a terminal shows for Ctrl-C: alone, or before a line that was written at that time. */
function interruption({ start, next }: TextLine, content: string, out: Out): Next | undefined {
  if (!content.startsWith('^C')) return undefined
  const end = content === '^C' ? next : start + 2
  return out.message('^C', end, 'info', 'foreign') ? end : 'pause'
}

/** True where a row of a histogram may belong to the program. */
function mayDraw(session: Session | undefined): boolean {
  if (session === undefined) return true
  return [...session.decoder.maps.values()].some(({ type }) => type === 'hist' || type === 'lhist')
}

function controlsLength(line: string): number {
  return /^(?:\x1b\[[0-9;?]*[A-Za-z]|\r)*/.exec(line)?.[0].length ?? 0
}
