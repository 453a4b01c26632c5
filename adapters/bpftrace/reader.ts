import type { Out, Reader, Side, Window } from '../../src/contract.ts'
import { UsageError } from '../../src/errors.ts'
import type { EventRecord } from '../../src/event/record.ts'
import { quoteEnd } from '../../src/text/pasted.ts'
import { isPrompt } from '../../src/text/prompt.ts'
import { plainText } from '../../src/text/terminal.ts'
import { compileProgram, type Decoder } from './decode/compile.ts'
import { cutAt } from './decode/cut.ts'
import { Metrics } from './decode/metric.ts'
import { decoderOfFormat } from './decode/one-format.ts'
import type { DecodeSide } from './decode/recipe.ts'
import { withoutCr } from './decode/sections.ts'
import { nsecsClock, type Session, sessionOf } from './decode/session.ts'
import { JsonLines } from './json/lines.ts'
import { FRAME } from './json/records.ts'
import { commandLineOf } from './program/command-line.ts'
import { Described } from './text/described.ts'
import { entryAt } from './text/map-entry.ts'
import type { RunFinding, TextRuns } from './text/runs.ts'
import { lineOf, lossRecord, messageRecord, type Talk, talkAt } from './text/talk.ts'

/** What a stream has turned out to be. */
type Mode = 'unknown' | 'text' | 'json'

/** Gives nothing: more must be seen, or another reader takes over. */
const STOP = -1

const LF = 10
const CR = 13
const AT = 64
const CAPITAL_A = 65
const ESC = 27
const CAPITAL_L = 76
const CAPITAL_P = 80
const BRACE = 123

const MALFORMED = { word: 'malformed', text: 'begins as an entry of a map and ends as none' } as const
const CUT = { word: 'truncated', text: 'the input ends within what the program prints' } as const
const CUT_ENTRY = { word: 'truncated', text: 'the input ends within an entry of a map' } as const
const NO_PROGRAM =
  'bpftrace prints what its program says: with --program FILE.bt or -e PROGRAM its lines become events, without it they are messages'

/** Lines of a shell's command whose quote is open. */
const MOST_COMMAND_LINES = 500

/** Reads what bpftrace 0.9 to 0.27 prints, text and JSON: which of them, the lines say. */
export class BpftraceReader implements Reader {
  private session: Session | undefined
  private mode: Mode = 'unknown'
  /** The banner was that of 0.23 or before. */
  private isOld = false
  private readonly decodeSide: DecodeSide
  private readonly side: Side
  private readonly plainMetrics: Metrics
  private readonly json: JsonLines
  private hints: string[] = []
  private described = new Described()

  constructor(side: Side) {
    this.side = side
    const version = side.flags.bpftraceVersion
    this.decodeSide = { reasons: side.reasons, nsecs: nsecsClock(typeof version === 'string' ? version : undefined) }
    this.plainMetrics = new Metrics(new Map(), this.decodeSide)
    this.json = new JsonLines(this.plainMetrics)
    const { printf, names } = side.flags
    if (typeof printf === 'string' || typeof names === 'string') {
      if (typeof printf !== 'string' || typeof names !== 'string')
        throw new UsageError('--printf and --names go together')
      if (side.program !== undefined) throw new UsageError('--printf and a program are two programs', 'give one')
      this.begin(decoderOfFormat(printf, names), false)
    }
    if (side.program !== undefined) this.start(side.program, [], false)
    const { session } = this
    const problem = session?.decoder.problems[0]
    if (session?.decoder.steps.length === 0 && session.decoder.maps.size === 0 && problem !== undefined) {
      throw new UsageError(`the bpftrace program, line ${problem.line}, column ${problem.column}: ${problem.text}`)
    }
  }

  read(window: Window, out: Out): void {
    this.readUnits(window, out)
    // After, not before: there may be no next window.
    for (const hint of this.hints) out.hint(hint)
    this.hints = []
  }

  private readUnits({ text, last }: Window, out: Out): void {
    let at = 0
    while (at < text.length) {
      const lf = text.indexOf('\n', at)
      if (lf < 0 && !last && this.session?.text.hasOpenEnds !== true) return
      const next = this.unit(text, at, lf, last, out)
      if (next === STOP) return
      at = next
    }
  }

  /** Takes one unit, that begins at `at` and whose line ends at `lf` (-1: not there); gives its end. */
  private unit(text: string, at: number, lf: number, last: boolean, out: Out): number {
    const { session, mode } = this
    const first = text.charCodeAt(at)
    if ((first === LF || (first === CR && lf === at + 1)) && session?.text.beginsBlank !== true) {
      out.claim('blank', lf + 1)
      return lf + 1
    }
    if (mode !== 'text' || first === BRACE) {
      if (mode === 'json' || (first === BRACE && text.startsWith(FRAME, at))) {
        const next = this.jsonUnit(text, at, lf, last, out)
        if (next !== undefined) return next
      }
    }
    if (session !== undefined && mode !== 'json') {
      const finding = session.text.at(text, at, lf, last)
      if (finding !== 'none' && (finding === 'run' || lf >= 0 || last)) {
        const next = this.runUnit(finding, session.text, text, at, lf, last, out)
        if (next !== undefined) return next
      }
    }
    // Half a line may become anything.
    return lf < 0 && !last ? STOP : this.otherUnit(text, at, lf, last, out)
  }

  /** What a clause printed. Undefined: it is the tool's own line after all. */
  private runUnit(
    finding: RunFinding,
    runs: TextRuns,
    text: string,
    at: number,
    lf: number,
    last: boolean,
    out: Out,
  ): number | undefined {
    if (finding === 'more') return STOP
    const c = text.charCodeAt(at)
    if (c === CAPITAL_P && lf >= 0 && talkAt(text, at, lf, last, this.isOld) !== undefined) return undefined
    if ((c === AT || c === CAPITAL_A || c === CAPITAL_L) && lf >= 0 && this.isToolLine(text, at, lf, last)) {
      if (!runs.isHard) return undefined
      return out.message(lineOf(text, at, lf), lf + 1, 'info', 'output', 'ambiguous') ? lf + 1 : STOP
    }
    if (finding === 'ambiguous') {
      const { end } = runs
      const lineEnd = text.charCodeAt(end - 1) === 10 ? end - 1 : end
      return out.message(lineOf(text, at, lineEnd), end, 'info', 'output', 'ambiguous') ? end : STOP
    }
    this.mode = 'text'
    return this.emit(runs, text, at, out)
  }

  private emit(runs: TextRuns, text: string, at: number, out: Out, isReformatted = false): number {
    const { end, record, talk } = runs
    if (record === undefined && talk.length === 0) {
      const lineEnd = text.charCodeAt(end - 1) === 10 ? end - 1 : end
      return out.message(lineOf(text, at, lineEnd), end, 'info', 'output') ? end : STOP
    }
    out.claim('data', end)
    if (record !== undefined) {
      if (isReformatted) record.flags = ['reformatted']
      out.record(record, 'text')
    }
    for (const { start, talk: one } of talk) out.record(spokenRecord(text, start, one), 'text')
    return end
  }

  /** A banner, an entry of the program's maps, or a count of lost events: what a printf may imitate. */
  private isToolLine(text: string, at: number, lf: number, last: boolean): boolean {
    if (text.charCodeAt(at) === AT) {
      const found = entryAt(text, at, lf, last, this.session?.decoder.maps)
      return found !== undefined && found !== 'broken'
    }
    const talk = talkAt(text, at, lf, last, this.isOld)
    return talk !== undefined
  }

  /** All that no printf of the program has printed. */
  private otherUnit(text: string, start: number, lf: number, last: boolean, out: Out): number {
    const end = lf < 0 ? text.length : lf + 1
    const lineEnd = lf < 0 ? text.length : lf
    // Control sequences of a terminal before the line.
    const at = text.charCodeAt(start) === ESC ? start + controlsLength(text.slice(start, lineEnd)) : start
    const line = lineOf(text, at, lineEnd)
    if (line === '') {
      out.claim('blank', end)
      return end
    }
    if (at > start && this.session !== undefined && this.mode !== 'json') {
      const finding = this.session.text.at(text, at, lf, last)
      if (finding === 'more') return STOP
      if (finding === 'run') return this.emit(this.session.text, text, at, out)
    }
    const talk = talkAt(text, at, lineEnd, last, this.isOld)
    if (talk === 'more') return STOP
    if (talk !== undefined) return this.talkUnit(talk, text, at, out)
    if (text.charCodeAt(at) === AT && this.mode !== 'json') {
      const next = this.entryUnit(text, at, lineEnd, last, out)
      if (next !== undefined) return next
    }
    const command = this.commandUnit(text, at, lineEnd, last, out)
    if (command !== undefined) return command
    const pasted = this.pastedUnit(text, at, lf, last, out)
    if (pasted !== undefined) return pasted
    if (lf < 0) {
      const cut = this.cutUnit(text, at, out)
      if (cut !== undefined) return cut
    }
    return this.unknownUnit(line, end, out)
  }

  private talkUnit(talk: Talk, text: string, at: number, out: Out): number {
    if (talk.kind === 'loss') {
      out.claim('data', talk.end)
      out.record(lossRecord(talk.loss), 'text')
      return talk.end
    }
    if (talk.isBanner === true) {
      this.isOld = talk.stream === 'stdout'
      if (this.mode === 'unknown') this.mode = 'text'
    }
    const text_ = spokenText(text, at, talk.end)
    return out.message(text_, talk.end, talk.level, talk.stream) ? talk.end : STOP
  }

  private entryUnit(text: string, at: number, lineEnd: number, last: boolean, out: Out): number | undefined {
    const { session } = this
    const found = entryAt(text, at, lineEnd, last, session?.decoder.maps)
    if (found === undefined) return undefined
    if (found === 'more') return STOP
    const end = Math.min(lineEnd + 1, text.length)
    if (found === 'broken') {
      if (session === undefined) return undefined
      return out.reject(lineEnd >= text.length ? CUT_ENTRY : MALFORMED, end, lineEnd) ? end : STOP
    }
    if (this.mode === 'unknown') this.mode = 'text'
    out.claim('data', found.end)
    const metrics = session?.metrics ?? this.plainMetrics
    for (const entry of found.entries) {
      const record = metrics.record(entry, 'text', false)
      if (entry.value.kind === 'cut') record.flags = ['incomplete']
      out.record(record, 'text')
    }
    return found.end
  }

  /** A shell's prompt; one that runs bpftrace starts a new session. */
  private commandUnit(text: string, at: number, firstLineEnd: number, last: boolean, out: Out): number | undefined {
    let lineEnd = firstLineEnd
    for (let lines = 1; lines <= MOST_COMMAND_LINES; lines++) {
      const command = commandLineOf(text.slice(at, lineEnd).replaceAll(/\r?\n> /g, '\n'))
      if (command === undefined) break
      if (command === 'open') {
        if (lineEnd >= text.length) {
          if (last) break
          return STOP
        }
        const lf = text.indexOf('\n', lineEnd + 1)
        if (lf < 0 && !last) return STOP
        lineEnd = lf < 0 ? text.length : lf
        continue
      }
      const end = Math.min(lineEnd + 1, text.length)
      if (!out.message(plainText(lineOf(text, at, lineEnd)), end, 'info', 'prompt')) return STOP
      this.mode = 'unknown'
      this.isOld = false
      this.described = new Described()
      this.json.reset()
      if (command.program !== undefined) this.start(command.program, command.parameters, command.hasChild)
      else if (this.side.program !== undefined) this.start(this.side.program, command.parameters, command.hasChild)
      else this.session = undefined
      return end
    }
    const line = plainText(lineOf(text, at, firstLineEnd))
    if (!isPrompt(line)) return undefined
    const end = Math.min(firstLineEnd + 1, text.length)
    return out.message(line, end, 'info', 'prompt') ? end : STOP
  }

  /** A line as it stands after a paste: quoted, indented, its blanks squeezed or cut. */
  private pastedUnit(text: string, at: number, lf: number, last: boolean, out: Out): number | undefined {
    const { session } = this
    if (session === undefined || this.mode === 'json' || lf < 0) return undefined
    const bare = session.text.bareAt(text, at, lf, last)
    if (bare === 'more') return STOP
    if (bare === 'run' && !session.hasChild) return this.emit(session.text, text, at, out)
    if (bare !== 'none') return out.message(lineOf(text, at, lf), lf + 1, 'info', 'output', 'ambiguous') ? lf + 1 : STOP
    const relaxed = session.pasted.at(text, at, lf, last)
    if (relaxed === 'more') return STOP
    if (relaxed === 'run') return this.emit(session.pasted, text, at, out, true)
    const line = lineOf(text, at, lf)
    const quoted = quoteEnd(line, 0)
    const indented = quoted + (/^[ \t]*/.exec(line.slice(quoted))?.[0].length ?? 0)
    for (const skipped of new Set([quoted, indented])) {
      if (skipped === 0) continue
      for (const runs of [session.text, session.pasted]) {
        const finding = runs.at(text, at + skipped, lf, last)
        if (finding === 'more') return STOP
        if (finding === 'run') return this.emit(runs, text, at + skipped, out, true)
      }
    }
    return undefined
  }

  /** The last line, which the input ends within. */
  private cutUnit(text: string, at: number, out: Out): number | undefined {
    const { session } = this
    if (session === undefined || this.mode === 'json') return undefined
    const cut = cutAt(session.decoder, text, at, this.decodeSide, this.side)
    if (cut === undefined) return undefined
    if (cut === 'truncated') return out.reject(CUT, text.length, text.length) ? text.length : STOP
    cut.flags = ['incomplete']
    out.claim('data', text.length)
    out.record(cut, 'text')
    return text.length
  }

  private unknownUnit(line: string, end: number, out: Out): number {
    const { session } = this
    if (session !== undefined && !session.decoder.isPartial)
      return out.message(line, end, 'info', 'foreign') ? end : STOP
    if (session === undefined) {
      const described = this.described.read(line)
      if (described?.kind === 'record') {
        out.claim('data', end)
        out.record(described.record, 'text')
        return end
      }
      if (described?.kind === 'header') {
        out.claim('structure', end)
        return end
      }
      out.hint(NO_PROGRAM)
    }
    return out.message(line, end, 'info', 'output', 'undecoded') ? end : STOP
  }

  private jsonUnit(text: string, at: number, lf: number, last: boolean, out: Out): number | undefined {
    const { json, session } = this
    if (lf < 0 && !last) return STOP
    const end = json.unit(text, at, lf, last, this.mode, session, out)
    if (end !== undefined && end >= 0) this.mode = 'json'
    if (end === undefined || !json.wantsProgram) return end
    json.wantsProgram = false
    out.hint(NO_PROGRAM)
    return end
  }

  private start(program: string, parameters: readonly string[], hasChild: boolean): void {
    const decoder = compileProgram(program, parameters)
    for (const { line, column, text } of decoder.problems) {
      this.hints.push(
        `the bpftrace program, line ${line}, column ${column}: ${text}; what it prints there is not decoded`,
      )
    }
    this.begin(decoder, hasChild)
  }

  private begin(decoder: Decoder, hasChild: boolean): void {
    this.session = sessionOf(decoder, hasChild, this.decodeSide, (text, start, lineEnd, last) =>
      talkAt(text, start, lineEnd, last, this.isOld),
    )
  }
}

function controlsLength(line: string): number {
  return /^(?:\x1b\[[0-9;?]*[A-Za-z]|\r)*/.exec(line)?.[0].length ?? 0
}

/** A block of talk without its last line end. */
function spokenText(text: string, start: number, end: number): string {
  return withoutCr(lineOf(text, start, text.charCodeAt(end - 1) === 10 ? end - 1 : end))
}

/** Talk that stands within a run's lines. */
function spokenRecord(text: string, start: number, talk: Talk): EventRecord {
  return talk.kind === 'loss'
    ? lossRecord(talk.loss)
    : messageRecord(spokenText(text, start, talk.end), talk.level, talk.stream)
}
