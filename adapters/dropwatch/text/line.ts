import { trimmedEnd } from '../../../src/text/blank.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { digitsEnd, isDigit } from '../../../src/text/scan.ts'
import { plainText, shownOf } from '../../../src/text/terminal.ts'
import { beginsField, labelOf, RANK, rankAt } from './field.ts'
import { DROP_AT } from './head.ts'
import { beginsRecord, type Known, knownAs, surenessOf } from './known.ts'
import { DROPS_AT } from './summary.ts'
import { beginsTalk, RECEIVE_FAILED, WHOLE_LINES } from './talk.ts'

/** A line as dropwatch printed it. */
export interface PrintedLine {
  readonly is: 'line'
  /** Without line end, terminal control, quotes and leading blanks. A line that was cut is rejoined. */
  readonly text: string
  /** Undefined: the line is not dropwatch's, or damaged. */
  readonly known: Known | undefined
  /** Offset of the line after it in the window. */
  readonly next: number
  readonly isWhole: boolean
  /** Quotes or blanks were removed, or pieces were joined. */
  readonly isReformatted: boolean
  /** Error lines of dropwatch that were inside the line, and what a CR wrote over. */
  readonly besides: readonly string[]
}

/** A line follows something that has no line end: the echo of what was typed, or what a killed dropwatch left. */
export interface Glued {
  readonly is: 'glued'
  /** Offset in the window where the line begins. */
  readonly at: number
  readonly known: Known
}

/** At most so many lines are joined with the one before them. */
const LONGEST_WRAP = 3
const LEAST_SURE = 70

/** Makes out a line that did not read as printed. Looks at the lines after it only if it may go on there. */
export function makeOut(line: TextLine, place: 'outside' | 'in a block'): PrintedLine | Glued | 'pause' {
  const raw = contentOf(line)
  const failure = raw.indexOf(RECEIVE_FAILED)
  if (failure > 0 && plainText(raw.slice(0, failure)) !== '') return aroundFailure(line, failure)

  const { text: plain, overwritten } = shownOf(raw)
  const bare = repadded(trimmedEnd(unquoted(plain)))
  // Blanks that were written over a text leave that text to report.
  if (bare === '') return lineOf(line, overwritten.at(-1) ?? '', undefined, false, overwritten.slice(0, -1))
  const known = knownAs(plain)
  const isQuoted = known === undefined && bare !== plain
  const best = lineOf(line, isQuoted ? bare : plain, isQuoted ? knownAs(bare) : known, isQuoted, overwritten)
  if (!line.isCut && mayGoOn(best)) {
    const joined = joinNext(line, bare)
    if (joined !== 'no') return joined
  }
  if (best.known?.note === '') return best
  // A line of dropwatch at the end is not a note.
  const glued = gluedIn(raw, line.start, best.known === undefined ? place : 'outside')
  if (glued !== undefined) return glued
  return best.known !== undefined ? best : lineOf(line, plain, undefined, false, overwritten)
}

function lineOf(
  { next, isCut }: TextLine,
  text: string,
  known: Known | undefined,
  isReformatted: boolean,
  besides: readonly string[],
): PrintedLine {
  return { is: 'line', text, known, next, isWhole: !isCut, isReformatted, besides }
}

/**
 * Makes out a line into which dropwatch's unbuffered stderr was printed, as happens in a file or pipe. The pieces
 * are one line if they read as one. Otherwise something was typed before it, on a terminal.
 */
function aroundFailure(line: TextLine, failure: number): PrintedLine | Glued | 'pause' {
  const { text, last } = line
  const at = line.start + failure
  const piece = text.slice(line.start, at)
  const cutOut: string[] = []
  for (let part: TextLine = { ...line, start: at }; ; ) {
    const raw = contentOf(part)
    if (!raw.startsWith(RECEIVE_FAILED)) {
      const joined = plainText(piece + raw)
      const known = knownAs(joined)
      // A prompt or the text of an error would take any line as its end.
      const isOne = known?.is === 'talk' ? knownAs(plainText(raw)) === undefined : known?.note === ''
      if (isOne) return lineOf(part, joined, known, false, cutOut)
      break
    }
    cutOut.push(plainText(raw))
    const next = lineAt(text, part.next, last)
    if (next === 'pause') return next
    if (next === undefined) break
    part = next
  }
  const known = knownAs(cutOut[0] ?? '')
  return known === undefined ? 'pause' : { is: 'glued', at, known }
}

/** True where a terminal or a mailer may have cut the line. */
function mayGoOn({ text, known }: PrintedLine): boolean {
  if (known === undefined) {
    return beginsRecord(text) || DROP_AT.startsWith(text) || beginsField(text, RANK.head) || beginsTalk(text)
  }
  if (known.is !== 'summary') return false
  // Versions before 1.5.2 end within the offset or the address, but so may a piece.
  return isCutTag(known.note) || (known.note === '' && !known.place.isClosed)
}

/** True for the beginning of what ends a summary line. */
export function isCutTag(note: string): boolean {
  return (
    note !== '' &&
    (['[software]', '[hardware]'].some((tag) => tag.startsWith(note)) ||
      /^(?:\[software\] )?\[(?:n|ns|ns:|ns: \d*)$/.test(note))
  )
}

/** The line with up to three more lines, if that makes it whole. `no`: it does not. */
function joinNext(line: TextLine, first: string): PrintedLine | 'no' | 'pause' {
  let joined = [first]
  let end = line
  let whole: PrintedLine | 'no' = 'no'
  for (let count = 0; count < LONGEST_WRAP; count++) {
    const next = lineAt(line.text, end.next, line.last)
    if (next === 'pause') return next
    if (next === undefined) return whole
    const piece = trimmedEnd(unquoted(plainText(contentOf(next))))
    if (piece === '' || knownAs(piece) !== undefined || beginsRecord(piece) || rankAt(piece, 0) > 0) return whole
    // The blank at which a line was broken is lost.
    joined = joined.flatMap((before) => [before + piece, `${before} ${piece}`])
    for (const text of joined) {
      const known = knownAs(text)
      // What any program may print does not prove that two lines were one.
      if (known?.note !== '' || (known.is !== 'field' && surenessOf(known) < LEAST_SURE)) continue
      whole = lineOf(next, text, known, true, [])
      if (!mayGoOn(whole)) return whole
    }
    end = next
  }
  return whole
}

/** HTML and chats squeeze blanks: asctime pads a day of one digit with a blank. */
export function repadded(line: string): string {
  return line.replace(/^(timestamp: [A-Z][a-z]{2} [A-Z][a-z]{2} )(?=\d )/, '$1 ')
}

/** The last line of dropwatch that begins within `raw` and reads to its end. */
function gluedIn(raw: string, start: number, place: 'outside' | 'in a block'): Glued | undefined {
  const starts = [raw.lastIndexOf(DROP_AT), countStart(raw)]
  const said = plainText(raw)
  const whole = WHOLE_LINES.find((line) => said.endsWith(line))
  if (whole !== undefined) starts.push(raw.lastIndexOf(whole))
  if (place === 'in a block') {
    for (let rank: number = RANK.origin; rank <= RANK.reason; rank++) {
      const at = raw.lastIndexOf(labelOf(rank))
      if (rank !== RANK.length || !raw.startsWith(labelOf(RANK.originalLength), at - 'original '.length))
        starts.push(at)
    }
  }
  for (const at of starts.sort((a, b) => b - a)) {
    if (at <= 0) return undefined
    const known = knownAs(plainText(raw.slice(at)))
    if (known !== undefined && known.note === '') return { is: 'glued', at: start + at, known }
  }
  return undefined
}

/** Offset of the count of the last `N drops at`, or -1. Digits that were typed before the count are taken for its. */
export function countStart(raw: string): number {
  let at = raw.lastIndexOf(DROPS_AT)
  while (at > 0 && isDigit(raw.charCodeAt(at - 1))) at--
  return at >= 0 && digitsEnd(raw, at) > at ? at : -1
}
