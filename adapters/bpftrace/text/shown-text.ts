import type { EventRecord } from '../../../src/event/record.ts'
import { contentEnd } from '../../../src/text/lines.ts'
import { plainLines } from '../../../src/text/terminal.ts'
import { withoutCr } from '../decode/matched-text.ts'
import { lossRecord, messageRecord } from '../decode/tool-records.ts'
import type { TalkInRun } from '../runs/text-run.ts'

const LF = 10

/** The text of whole lines, without the end of the last one. */
export function blockText(text: string, start: number, end: number): string {
  const lineEnd = text.charCodeAt(end - 1) === LF ? end - 1 : end
  const isEnded = lineEnd < end || end === text.length
  return withoutCr(text.slice(start, isEnded ? contentEnd(text, start, lineEnd) : end))
}

/** Lines as a terminal shows them. */
export function shownText(text: string, start: number, end: number): string {
  return plainLines(blockText(text, start, end))
}

/** Lines of the tool itself, without the colours of a terminal. */
export function talkText(text: string, start: number, end: number): string {
  return text.slice(start, end).includes('\x1b') ? shownText(text, start, end) : blockText(text, start, end)
}

/** The record of lines of the tool within a run. */
export function talkRecord(text: string, { start, talk }: TalkInRun): EventRecord {
  return talk.kind === 'loss'
    ? lossRecord(talk.loss)
    : messageRecord(talkText(text, start, talk.end), talk.level, talk.stream)
}
