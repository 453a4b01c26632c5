import type { Out, Reject } from '../../../src/contract.ts'
import type { Outline } from '../../../src/shapes/outline.ts'
import type { Next, TextLine } from '../../../src/text/lines.ts'
import { cutAt } from '../decode/cut.ts'
import type { Session } from '../runs/session.ts'
import type { StreamState } from '../runs/stream-state.ts'
import type { RunFinding, TextRuns } from '../runs/text-runs.ts'
import { mayBecomeTalk } from '../tool/talk.ts'
import { blockText, talkRecord } from './shown-text.ts'
import type { ToolLines } from './tool-lines.ts'

const LF = 10
const AT = 64
const CAPITAL_A = 65
const CAPITAL_L = 76
const CAPITAL_P = 80
const BRACE = 123

const CUT: Reject = { word: 'truncated', text: 'the input ends within what the program prints' }
const INCOMPLETE = ['incomplete'] as const
const REFORMATTED = ['reformatted'] as const

/** Reads the lines that the clauses of the program print. */
export class ProgramLines {
  private readonly stream: StreamState
  private readonly tool: ToolLines

  constructor(stream: StreamState, tool: ToolLines) {
    this.stream = stream
    this.tool = tool
  }

  /** Takes what was found at a line. Undefined: the line is the tool's own after all. */
  take(finding: RunFinding, runs: TextRuns, line: TextLine, out: Out): Next | undefined {
    if (finding === 'pause') return 'pause'
    const { text, start, next, isCut, last } = line
    const c = text.charCodeAt(start)
    // A line without an end so far may become an entry of a map, or a line of the tool.
    if (isCut && !last && (c === AT || mayBecomeTalk(text, start))) return 'pause'
    if (!isCut && mayBeTools(c)) {
      const isTools = this.tool.isToolLine(line)
      // No program imitates a block of lines of the tool.
      if (isTools && (!runs.isHard || c === CAPITAL_P)) return undefined
      if (isTools) return ambiguous(text, start, next, out)
    }
    if (finding === 'ambiguous') return ambiguous(text, start, runs.end, out)
    this.stream.mode = 'text'
    return (runs.isComplete ? undefined : this.damaged(line, out)) ?? this.emit(runs, text, start, out)
  }

  /** Takes a run that is complete only if its later lines are read as a paste leaves them. */
  private damaged(line: TextLine, out: Out): Next | undefined {
    for (const runs of this.stream.session?.pasted ?? []) {
      const finding = find(runs, line)
      if (finding === 'pause') return 'pause'
      if (finding === 'run' && runs.isComplete && this.endsWell(line.text, runs.end))
        return this.emit(runs, line.text, line.start, out, true)
    }
    return undefined
  }

  /** False for a run that ends within a line, if the program prints whole lines. */
  endsWell(text: string, end: number): boolean {
    return this.stream.session?.text.hasOpenEnds === true || end === text.length || text.charCodeAt(end - 1) === LF
  }

  /** Hands on the run that was found at `start`. */
  emit(runs: TextRuns, text: string, start: number, out: Out, isReformatted = false): Next {
    const { end, record, talk } = runs
    const likeness = this.stream.session?.likeness ?? 'never'
    if (likeness !== 'never' && out.yields(likeness === 'free')) return 'pause'
    if (record === undefined && talk.length === 0) {
      return out.message(blockText(text, start, end), end, 'info', 'output') ? end : 'pause'
    }
    out.claim('data', end)
    if (record !== undefined) {
      if (isReformatted) record.flags = REFORMATTED
      out.record(record, 'text')
    }
    for (const one of talk) out.record(talkRecord(text, one), 'text')
    return end
  }

  /**
   * Takes a text that fits any line. It is the program's only if no other reader claims the line, and no child prints.
   */
  bare(line: TextLine, out: Out): Next | undefined {
    const { session, mode } = this.stream
    const { text, start, next, isCut, last } = line
    if (session === undefined || mode === 'json' || isCut) return undefined
    const finding = session.text.bareAt(text, start, next - 1, last)
    if (finding === 'none') return undefined
    if (finding === 'pause') return 'pause'
    return finding === 'run' && !session.hasChild
      ? this.emit(session.text, text, start, out)
      : ambiguous(text, start, next, out)
  }

  /** Takes the last line, if the input ends within it. */
  cut(line: TextLine, out: Out): Next | undefined {
    const { text, start, isCut } = line
    const { session, mode, decodeContext, context } = this.stream
    if (session === undefined || mode === 'json' || !isCut) return undefined
    if (text.slice(start).trim() === '') return undefined
    const record = cutAt(session.decoder, text, start, decodeContext, context)
    if (record === undefined) return undefined
    if (record === 'truncated') return out.reject(CUT, text.length, text.length) ? text.length : 'pause'
    record.flags = INCOMPLETE
    out.claim('data', text.length)
    out.record(record, 'text')
    return text.length
  }
}

/** True for the first byte of an entry of a map, and of the blocks of lines that the tool prints. */
function mayBeTools(c: number): boolean {
  return c === AT || c === CAPITAL_A || c === CAPITAL_L || c === CAPITAL_P
}

/** The outline of a line that the program prints, whatever else it has printed. */
export function outlineOfPrinted({ text, contentEnd }: TextLine, session: Session): Outline | undefined {
  const c = text.charCodeAt(0)
  const outline = mayBeTools(c) || c === BRACE ? undefined : session.regular.text.outline(text, 0, contentEnd)
  if (outline === undefined || session.likeness === 'never') return outline
  return { ...outline, mayBeOf: session.likeness === 'free' ? 'any' : 'heard' }
}

/** What the runs of a program find at a line. */
export function find(runs: TextRuns, { text, start, next, isCut, last }: TextLine): RunFinding {
  return runs.at(text, start, isCut ? -1 : next - 1, last)
}

/** Hands on lines with several readings as a message. */
function ambiguous(text: string, start: number, end: number, out: Out): Next {
  return out.message(blockText(text, start, end), end, 'info', 'output', 'ambiguous') ? end : 'pause'
}
