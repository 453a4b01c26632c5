import type { Out, Reject } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import { plainLines, plainText } from '../../../src/text/terminal.ts'
import { cutAt } from '../decode/cut.ts'
import { DAMAGED } from '../decode/damage.ts'
import { withoutCr } from '../decode/sections.ts'
import { lossRecord, messageRecord } from '../decode/tool-records.ts'
import { BAD_RECORD, isLikeRecord } from '../json/records.ts'
import { commandLineOf } from '../program/command-line.ts'
import type { Session } from '../runs/session.ts'
import { NO_PROGRAM, STOP, type StreamState } from '../runs/stream-state.ts'
import type { RunFinding, TextRuns } from '../runs/text-runs.ts'
import { lineOf, mayBecomeTalk, type ToolTalk, talkAt } from '../tool/talk.ts'
import { readRow } from './histogram.ts'
import { type EntriesFound, type EntryFinding, entryAt } from './map-entry.ts'
import { keepNote, splitNote } from './note.ts'
import { quoteBefore } from './quoted.ts'

const LF = 10
const ESC = 27
const AT = 64
const CAPITAL_A = 65
const CAPITAL_L = 76
const CAPITAL_P = 80

const MALFORMED: Reject = { word: 'malformed', text: 'begins as an entry of a map and ends as none' }
const CUT: Reject = { word: 'truncated', text: 'the input ends within what the program prints' }
const BAD_ROW: Reject = { word: 'malformed', text: 'begins as a row of a map that is drawn and ends as none' }
const LONE_ROW: Reject = { word: 'malformed', text: 'a row of a histogram without the line that names its map' }
const CUT_ENTRY: Reject = { word: 'truncated', text: 'the input ends within an entry of a map' }

/** Lines of a shell's command whose quote is open. */
const MOST_COMMAND_LINES = 500

/** Takes a unit of text that begins at `at`; what it gives is its end, or STOP. Undefined: it is none of this kind. */
type UnitEnd = number | undefined

/**
 * Reads lines of text. The order in which a line is tried: what the program's clauses print, the tool's own talk, entries of maps, a shell's command, texts that any
 * line may be, lines as a paste leaves them, the last line cut off; what is left is output of an unknown program, or somebody else's.
 */
export class TextLines {
  private readonly stream: StreamState

  constructor(stream: StreamState) {
    this.stream = stream
  }

  /** Takes the unit that begins at `at`, whose line ends at `lf` (-1: not there). */
  unit(text: string, at: number, lf: number, last: boolean, out: Out): number {
    const { session, mode } = this.stream
    if (session !== undefined && mode !== 'json') {
      const finding = session.text.at(text, at, lf, last)
      if (finding !== 'none' && (finding === 'run' || lf >= 0 || last)) {
        const next = this.run(finding, session.text, text, at, lf, last, out)
        if (next !== undefined) return next
      }
    }
    // Half a line may become anything.
    return lf < 0 && !last ? STOP : this.other(text, at, lf, last, out)
  }

  /** What a clause printed. Undefined: it is the tool's own line after all. */
  private run(
    finding: RunFinding,
    runs: TextRuns,
    text: string,
    at: number,
    lf: number,
    last: boolean,
    out: Out,
  ): UnitEnd {
    if (finding === 'more') return STOP
    const c = text.charCodeAt(at)
    // Half a line may become an entry of a map, or the tool's own.
    if (lf < 0 && !last && (c === AT || mayBecomeTalk(text, at))) return STOP
    if (lf >= 0 && (c === AT || c === CAPITAL_A || c === CAPITAL_L || c === CAPITAL_P)) {
      const own = this.isToolLine(text, at, lf, last)
      // What the tool says in blocks no program imitates.
      if (own && (!runs.isHard || c === CAPITAL_P)) return undefined
      if (own) return ambiguous(text, at, lf + 1, out)
    }
    if (finding === 'ambiguous') return ambiguous(text, at, runs.end, out)
    this.stream.mode = 'text'
    return (runs.isComplete ? undefined : this.damaged(text, at, lf, last, out)) ?? this.emit(runs, text, at, out)
  }

  /** A run that is whole when its later lines are taken as a paste leaves them. */
  private damaged(text: string, at: number, lf: number, last: boolean, out: Out): UnitEnd {
    for (const runs of this.stream.session?.pasted ?? []) {
      const finding = runs.at(text, at, lf, last)
      if (finding === 'more') return STOP
      if (finding === 'run' && runs.isComplete && this.endsWell(text, runs.end))
        return this.emit(runs, text, at, out, true)
    }
    return undefined
  }

  /** A stack that lost the line end behind it ends a line still, where the program prints whole lines. */
  private endsWell(text: string, end: number): boolean {
    return this.stream.session?.text.hasOpenEnds === true || end === text.length || text.charCodeAt(end - 1) === LF
  }

  private emit(runs: TextRuns, text: string, at: number, out: Out, isReformatted = false): number {
    const { end, record, talk } = runs
    const likeness = this.stream.session?.likeness ?? 'never'
    if (likeness !== 'never' && out.yields(likeness === 'free')) return STOP
    if (record === undefined && talk.length === 0) {
      return out.message(blockText(text, at, end), end, 'info', 'output') ? end : STOP
    }
    out.claim('data', end)
    if (record !== undefined) {
      if (isReformatted) record.flags = REFORMATTED
      out.record(record, 'text')
    }
    for (const { start, talk: one } of talk) out.record(talkRecord(text, start, one), 'text')
    return end
  }

  /** The banner, an entry of the program's maps, a count of lost events: what a printf may imitate. */
  private isToolLine(text: string, at: number, lf: number, last: boolean): boolean {
    if (text.charCodeAt(at) !== AT) return talkAt(text, at, lf, last, this.stream.isOld) !== undefined
    return isEntry(entryAt(text, at, lf, last, this.stream.session?.decoder.maps))
  }

  /** True for a line that the program prints: a value of any text is none. */
  reads(line: string): boolean {
    const { session, mode, isOld } = this.stream
    if (session === undefined || mode === 'json') return false
    const lf = line.endsWith('\n') ? line.length - 1 : -1
    const lineEnd = lf < 0 ? line.length : lf
    if (session.text.at(line, 0, lf, true) === 'run') return true
    if (line.charCodeAt(0) === AT) return isEntry(entryAt(line, 0, lineEnd, true, session.decoder.maps))
    const talk = talkAt(line, 0, lineEnd, true, isOld)
    return talk !== undefined && talk !== 'more' && talk.kind === 'loss'
  }

  /** All that no printf of the program has printed. */
  private other(text: string, start: number, lf: number, last: boolean, out: Out): number {
    const { stream } = this
    const end = lf < 0 ? text.length : lf + 1
    const lineEnd = lf < 0 ? text.length : lf
    // Control sequences of a terminal before the line.
    const at = text.charCodeAt(start) === ESC ? start + controlsLength(text.slice(start, lineEnd)) : start
    const line = lineOf(text, at, lineEnd)
    if (line === '') {
      out.claim('blank', end)
      return end
    }
    if (at > start && stream.session !== undefined && stream.mode !== 'json') {
      const finding = stream.session.text.at(text, at, lf, last)
      if (finding === 'more') return STOP
      if (finding === 'run') return this.emit(stream.session.text, text, at, out)
    }
    const quote = stream.quote === '' ? quoteBefore(line) : ''
    if (quote !== '') {
      // This line is shown again, and those that follow, without it.
      stream.quote = quote
      return start
    }
    return (
      interruption(at, end, line, out) ??
      this.talk(text, at, lineEnd, last, out) ??
      this.entry(text, at, lineEnd, last, out) ??
      this.command(text, at, lineEnd, last, out) ??
      this.bare(text, at, lf, last, out) ??
      this.pasted(text, at, lf, last, out) ??
      this.cut(text, at, lf, out) ??
      this.unknown(line, end, out)
    )
  }

  private talk(text: string, at: number, lineEnd: number, last: boolean, out: Out): UnitEnd {
    const talk = talkAt(text, at, lineEnd, last, this.stream.isOld)
    if (talk === undefined) return undefined
    if (talk === 'more') return STOP
    const { end } = talk
    if (talk.kind === 'loss') {
      out.claim('data', end)
      out.record(lossRecord(talk.loss), 'text')
      return end
    }
    if (talk.isBanner === true) {
      this.stream.isOld = talk.stream === 'stdout'
      if (this.stream.mode === 'unknown') this.stream.mode = 'text'
    }
    return out.message(talkText(text, at, end), end, talk.level, talk.stream) ? end : STOP
  }

  private entry(text: string, at: number, lineEnd: number, last: boolean, out: Out, isReformatted = false): UnitEnd {
    const { stream } = this
    if (text.charCodeAt(at) !== AT || stream.mode === 'json') return undefined
    const found = entryAt(text, at, lineEnd, last, stream.session?.decoder.maps)
    if (found === undefined) return undefined
    if (found === 'more') return STOP
    const end = Math.min(lineEnd + 1, text.length)
    if (found === 'ambiguous') return ambiguous(text, at, end, out)
    if (found === 'broken') {
      if (stream.session === undefined || isReformatted) return undefined
      return out.reject(lineEnd >= text.length ? CUT_ENTRY : MALFORMED, end, lineEnd) ? end : STOP
    }
    if (stream.mode === 'unknown') stream.mode = 'text'
    out.claim('data', found.damages[0]?.start ?? found.end)
    const isPasted = isReformatted || found.note !== undefined
    for (const entry of found.entries) {
      const record = stream.metrics.record(entry, 'text', false)
      if (found.note !== undefined) keepNote(record, found.note)
      record.flags = flagsOf(found.isIncomplete || entry.value.kind === 'cut', isPasted)
      out.record(record, 'text')
    }
    return rejectDamages(found, out) ? found.end : STOP
  }

  /** A shell's prompt; one that runs bpftrace starts a new session. Its command may span lines, within quotes. */
  private command(text: string, at: number, firstLineEnd: number, last: boolean, out: Out): UnitEnd {
    let lineEnd = firstLineEnd
    let command = commandAt(text, at, lineEnd)
    for (let lines = 1; typeof command === 'string' && lines < MOST_COMMAND_LINES; lines++) {
      const lf = lineEnd < text.length ? text.indexOf('\n', lineEnd + 1) : -1
      if (lf < 0 && !last) return STOP
      if (lineEnd >= text.length) break
      const before = lineEnd
      lineEnd = lf < 0 ? text.length : lf
      // Another look is worth it only where the quote may be closed.
      if (text.slice(before, lineEnd).includes(command)) command = commandAt(text, at, lineEnd)
    }
    if (command !== undefined && typeof command !== 'string') {
      const end = Math.min(lineEnd + 1, text.length)
      if (!out.message(shownText(text, at, end), end, 'info', 'prompt')) return STOP
      this.stream.restart(command)
      return end
    }
    const line = plainText(lineOf(text, at, firstLineEnd))
    if (!isPrompt(line)) return undefined
    const end = Math.min(firstLineEnd + 1, text.length)
    return out.message(line, end, 'info', 'foreign') ? end : STOP
  }

  /** Texts that any line may be: the program's only where nothing else has a claim to the line, and no child prints. */
  private bare(text: string, at: number, lf: number, last: boolean, out: Out): UnitEnd {
    const { session, mode } = this.stream
    if (session === undefined || mode === 'json' || lf < 0) return undefined
    const finding = session.text.bareAt(text, at, lf, last)
    if (finding === 'none') return undefined
    if (finding === 'more') return STOP
    return finding === 'run' && !session.hasChild
      ? this.emit(session.text, text, at, out)
      : ambiguous(text, at, lf + 1, out)
  }

  /** A line as it stands after a paste: its blanks squeezed or cut, quoted, indented. */
  private pasted(text: string, at: number, lf: number, last: boolean, out: Out): UnitEnd {
    const { session, mode } = this.stream
    if (mode === 'json' || lf < 0) return undefined
    const line = lineOf(text, at, lf)
    const quoted = quoteEnd(line, 0)
    const indented = quoted + (/^[ \t]*/.exec(line.slice(quoted))?.[0].length ?? 0)
    for (const skipped of new Set([0, quoted, indented])) {
      const begin = at + skipped
      // What stands at the margin was tried as it is.
      const asIs = session === undefined || skipped === 0 ? [] : [session.text]
      for (const runs of [...asIs, ...(session?.pasted ?? [])]) {
        const finding = runs.at(text, begin, lf, last)
        if (finding === 'more') return STOP
        if (finding === 'run' && this.endsWell(text, runs.end)) return this.emit(runs, text, begin, out, true)
      }
      if (skipped === 0) continue
      const taken = this.talk(text, begin, lf, last, out) ?? this.entry(text, begin, lf, last, out, true)
      if (taken !== undefined) return taken
    }
    return this.noted(line, lf + 1, out)
  }

  /** A line with a note of the author's behind it; a record of one line, for of others the note is a part of the text. */
  private noted(line: string, end: number, out: Out): UnitEnd {
    const noted = splitNote(line)
    const { session } = this.stream
    if (session === undefined || noted === undefined) return undefined
    const bare = `${noted.line.slice(quoteEnd(noted.line, 0))}\n`
    for (const runs of [session.text, ...session.pasted]) {
      if (runs.at(bare, 0, bare.length - 1, true) !== 'run' || runs.end < bare.length) continue
      if (!runs.isComplete || runs.record === undefined) continue
      const { record } = runs
      keepNote(record, noted.note)
      record.flags = REFORMATTED
      out.claim('data', end)
      out.record(record, 'text')
      return end
    }
    return undefined
  }

  /** The last line, which the input ends within. */
  private cut(text: string, at: number, lf: number, out: Out): UnitEnd {
    const { session, mode, decodeContext, context } = this.stream
    if (lf >= 0 || session === undefined || mode === 'json') return undefined
    const cut = cutAt(session.decoder, text, at, decodeContext, context)
    if (cut === undefined) return undefined
    if (cut === 'truncated') return out.reject(CUT, text.length, text.length) ? text.length : STOP
    cut.flags = INCOMPLETE
    out.claim('data', text.length)
    out.record(cut, 'text')
    return text.length
  }

  private unknown(line: string, end: number, out: Out): number {
    const { session, mode, described } = this.stream
    const damage = mode === 'json' ? undefined : session?.damage.find(line)
    if (damage === 'sure') return out.reject(DAMAGED, end, end) ? end : STOP
    if (damage === 'doubtful') return out.message(line, end, 'info', 'output', 'ambiguous') ? end : STOP
    if (mode !== 'text' && session !== undefined && isLikeRecord(line))
      return out.reject(BAD_RECORD, end, end) ? end : STOP
    if (readRow(line) !== undefined && mayDraw(session)) return out.reject(LONE_ROW, end, end) ? end : STOP
    if (session !== undefined && !session.decoder.isPartial)
      return out.message(line, end, 'info', 'foreign') ? end : STOP
    const self = session === undefined ? described.read(line) : undefined
    if (self !== undefined) {
      out.claim(self.kind === 'header' ? 'structure' : 'data', end)
      if (self.kind === 'record') out.record(self.record, 'text')
      return end
    }
    if (session === undefined) out.hint(NO_PROGRAM)
    return out.message(line, end, 'info', 'output', 'undecoded') ? end : STOP
  }
}

function isEntry(found: EntryFinding): boolean {
  return found !== undefined && found !== 'broken'
}

/** The command line `[at, lineEnd)`, of one line or more; a shell's `> ` before each further one is not its. */
function commandAt(text: string, at: number, lineEnd: number): ReturnType<typeof commandLineOf> {
  return commandLineOf(text.slice(at, lineEnd).replaceAll(/\r?\n(?:> )?/g, '\n'))
}

/** What a terminal shows of Ctrl-C, alone or before a line that came then. */
function interruption(at: number, lineEnd: number, line: string, out: Out): UnitEnd {
  if (!line.startsWith('^C')) return undefined
  const end = line === '^C' ? lineEnd : at + 2
  return out.message('^C', end, 'info', 'foreign') ? end : STOP
}

/** Rows of a drawing that are none are rejected, and what stands around them is claimed. */
function rejectDamages({ damages, end }: EntriesFound, out: Out): boolean {
  for (const [index, damage] of damages.entries()) {
    if (!out.reject(BAD_ROW, damage.end, damage.end)) return false
    const next = damages[index + 1]?.start ?? end
    if (next > damage.end) out.claim('data', next)
  }
  return true
}

/** True where a row of a histogram may be the program's. */
function mayDraw(session: Session | undefined): boolean {
  if (session === undefined) return true
  return [...session.decoder.maps.values()].some(({ type }) => type === 'hist' || type === 'lhist')
}

const REFORMATTED = ['reformatted'] as const
const INCOMPLETE = ['incomplete'] as const

function flagsOf(isIncomplete: boolean, isReformatted: boolean): readonly FlagWord[] | undefined {
  if (isIncomplete) return isReformatted ? [...INCOMPLETE, ...REFORMATTED] : INCOMPLETE
  return isReformatted ? REFORMATTED : undefined
}

function ambiguous(text: string, at: number, end: number, out: Out): number {
  return out.message(blockText(text, at, end), end, 'info', 'output', 'ambiguous') ? end : STOP
}

function controlsLength(line: string): number {
  return /^(?:\x1b\[[0-9;?]*[A-Za-z]|\r)*/.exec(line)?.[0].length ?? 0
}

/** Lines without the last one's end. */
function blockText(text: string, start: number, end: number): string {
  return withoutCr(lineOf(text, start, text.charCodeAt(end - 1) === LF ? end - 1 : end))
}

/** Lines as a terminal shows them, each for itself. */
function shownText(text: string, start: number, end: number): string {
  return plainLines(blockText(text, start, end))
}

/** Lines of the tool's own, without the colours of a terminal. */
function talkText(text: string, start: number, end: number): string {
  return text.slice(start, end).includes('\x1b') ? shownText(text, start, end) : blockText(text, start, end)
}

/** Talk that stands within a run's lines. */
function talkRecord(text: string, start: number, talk: ToolTalk): EventRecord {
  return talk.kind === 'loss'
    ? lossRecord(talk.loss)
    : messageRecord(talkText(text, start, talk.end), talk.level, talk.stream)
}
