import { blanksEnd } from './scan.ts'

const TAB = 9
const BLANK = 32
const QUOTE = 62
const BAR = 124

/**
 * The offset after the quote marks of a mail or ticket at `start`: `> `, `>> `, `| `, indented or not. One blank
 * belongs to each mark; further blanks belong to the line.
 */
export function quoteEnd(line: string, start: number): number {
  let end = start
  for (let at = spaceEnd(line, start); isQuote(line.charCodeAt(at)); at = spaceEnd(line, end)) {
    while (isQuote(line.charCodeAt(at))) at++
    const c = line.charCodeAt(at)
    end = c === BLANK || c === TAB ? at + 1 : at
  }
  return end
}

/** The line without quote marks and leading blanks, for grammars where these are not data. */
export function unquoted(line: string): string {
  const start = spaceEnd(line, quoteEnd(line, 0))
  return start === 0 ? line : line.slice(start)
}

/**
 * The offset after the mark before a list item, a numbered line or a piece of code: `* `, `12: `, a backtick that
 * another one closes at the end of the line. 0 when there is no such mark.
 */
export function bulletEnd(line: string): number {
  return BULLET.exec(line)?.[0].length ?? 0
}

const BULLET = /^(?:[*+-] +|\d{1,6}(?:[:.)] +| {2,})|`(?=[^`]*`$))/

/** Whether a person shortened the text: `12...`, `/usr/…` (latin1). What is left is not a value. */
export function isElided(text: string): boolean {
  return text.includes('...') || text.includes('\xe2\x80\xa6')
}

/** True for a payload as a mail carries it: each `=` is `=3D`, except one that breaks the line. */
export function isEncoded(payload: string): boolean {
  return payload.includes('=3D') && TWO_OR_POINTER.test(payload) && !/=(?!3D|$)/.test(payload)
}

/** A single one may be a hexadecimal number. */
const TWO_OR_POINTER = /=3D(?:0x|\(nil\)|.*=(?:3D|$))/

/** What to say of such text. */
export const ENCODED_TEXT = 'quoted-printable text of a mail ("=3D"): decode it first, as docs/faq.md says'

function isQuote(code: number): boolean {
  return code === QUOTE || code === BAR
}

function spaceEnd(line: string, start: number): number {
  let at = blanksEnd(line, start)
  while (line.charCodeAt(at) === TAB) at = blanksEnd(line, at + 1)
  return at
}
