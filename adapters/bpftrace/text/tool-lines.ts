import type { Out, Reject } from '../../../src/contract.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { contentOf, lineAt, type Next, type TextLine } from '../../../src/text/lines.ts'
import { isPrompt } from '../../../src/text/prompt.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { lossRecord } from '../decode/tool-records.ts'
import { commandLineOf } from '../program/command-line.ts'
import type { StreamState } from '../runs/stream-state.ts'
import { talkAt } from '../tool/talk.ts'
import type { EntryFinding, FoundEntries } from './found-entries.ts'
import { entryAt } from './map-entry.ts'
import { keepNote } from './note.ts'
import { blockText, shownText, talkText } from './shown-text.ts'

const AT = 64

const MALFORMED: Reject = { word: 'malformed', text: 'begins as an entry of a map and ends as none' }
const CUT_ENTRY: Reject = { word: 'truncated', text: 'the input ends within an entry of a map' }
const BAD_ROW: Reject = { word: 'malformed', text: 'begins as a row of a map that is drawn and ends as none' }

/** The lines of a command whose quote is not closed. */
const MOST_COMMAND_LINES = 500

/** Reads what bpftrace itself writes, and the shell that ran it: messages, entries of maps, command lines. */
export class ToolLines {
  private readonly stream: StreamState

  constructor(stream: StreamState) {
    this.stream = stream
  }

  /** True for a banner, an entry of the program's maps, and a count of lost events: a printf may imitate them. */
  isToolLine(line: TextLine): boolean {
    const { session, isOld } = this.stream
    if (line.text.charCodeAt(line.start) !== AT) return talkAt(line, isOld) !== undefined
    return isEntry(entryAt(line, session?.decoder.maps))
  }

  /**
   * True for a line that only a run of the program makes the tool write: an entry of its maps, a count of lost events.
   */
  reads(line: TextLine): boolean {
    const { session, isOld } = this.stream
    if (line.text.charCodeAt(line.start) === AT) return isEntry(entryAt(line, session?.decoder.maps))
    const talk = talkAt(line, isOld)
    return talk !== undefined && talk !== 'pause' && talk.kind === 'loss'
  }

  /** Takes what `talkAt` finds. */
  talk(line: TextLine, out: Out): Next | undefined {
    const { stream } = this
    const talk = talkAt(line, stream.isOld)
    if (talk === undefined || talk === 'pause') return talk
    const { end } = talk
    if (talk.kind === 'loss') {
      out.claim('data', end)
      out.record(lossRecord(talk.loss), 'text')
      return end
    }
    if (talk.isBanner === true) {
      stream.isOld = talk.stream === 'stdout'
      if (stream.mode === 'unknown') stream.mode = 'text'
    }
    return out.message(talkText(line.text, line.start, end), end, talk.level, talk.stream) ? end : 'pause'
  }

  /** Takes the entry of a map. */
  entry(line: TextLine, out: Out, isReformatted = false): Next | undefined {
    const { stream } = this
    const { text, start, next, isCut } = line
    if (text.charCodeAt(start) !== AT || stream.mode === 'json') return undefined
    const found = entryAt(line, stream.session?.decoder.maps)
    if (found === undefined || found === 'pause') return found
    if (found === 'ambiguous') {
      return out.message(blockText(text, start, next), next, 'info', 'output', 'ambiguous') ? next : 'pause'
    }
    if (found === 'broken') {
      if (stream.session === undefined || isReformatted) return undefined
      return out.reject(isCut ? CUT_ENTRY : MALFORMED, next, isCut ? next : next - 1) ? next : 'pause'
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
    return rejectDamages(found, out) ? found.end : 'pause'
  }

  /**
   * Takes the prompt of a shell. One that runs bpftrace starts a new session; quotes may make it span several lines.
   */
  command(first: TextLine, out: Out): Next | undefined {
    const { text, start, last } = first
    let end = first.contentEnd
    let next = first.next
    let command = commandAt(text, start, end)
    for (let lines = 1; typeof command === 'string' && lines < MOST_COMMAND_LINES; lines++) {
      const line = lineAt(text, next, last)
      if (line === 'pause') return 'pause'
      if (line === undefined) break
      end = line.contentEnd
      next = line.next
      // The quote can be closed only in a line that has one.
      if (contentOf(line).includes(command)) command = commandAt(text, start, end)
    }
    if (command !== undefined && typeof command !== 'string') {
      if (!out.message(shownText(text, start, next), next, 'info', 'prompt')) return 'pause'
      this.stream.restart(command)
      return next
    }
    const line = plainText(contentOf(first))
    if (!isPrompt(line)) return undefined
    return out.message(line, first.next, 'info', 'foreign') ? first.next : 'pause'
  }
}

function isEntry(found: EntryFinding): boolean {
  return found !== undefined && found !== 'broken'
}

/** The command line in `[start, end)`. The `> ` that a shell writes before each further line is not part of it. */
function commandAt(text: string, start: number, end: number): ReturnType<typeof commandLineOf> {
  return commandLineOf(text.slice(start, end).replaceAll(/\r?\n(?:> )?/g, '\n'))
}

/** Rejects the damaged rows of a drawing, and claims the lines between them. */
function rejectDamages({ damages, end }: FoundEntries, out: Out): boolean {
  for (const [index, damage] of damages.entries()) {
    if (!out.reject(BAD_ROW, damage.end, damage.end)) return false
    const next = damages[index + 1]?.start ?? end
    if (next > damage.end) out.claim('data', next)
  }
  return true
}

const REFORMATTED = ['reformatted'] as const
const INCOMPLETE = ['incomplete'] as const

function flagsOf(isIncomplete: boolean, isReformatted: boolean): readonly FlagWord[] | undefined {
  if (isIncomplete) return isReformatted ? [...INCOMPLETE, ...REFORMATTED] : INCOMPLETE
  return isReformatted ? REFORMATTED : undefined
}
