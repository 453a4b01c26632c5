// Where the texts of a JSON document end.
import { BACKSLASH, COMMA, FIRST_PRINTABLE, QUOTE } from './characters.ts'

/**
 * Offset after the string whose quote is at `start`. Undefined: it has no closing quote before `end`, or a control
 * character stands in it, which JSON does not allow.
 */
export function stringEnd(text: string, start: number, end: number): number | undefined {
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at + 1
    if (code === BACKSLASH) at++
    else if (code < FIRST_PRINTABLE) return undefined
  }
  return undefined
}

/** Offset of the first char at or after `start` that is not JSON's white space. */
export function spaceEnd(text: string, start: number): number {
  let at = start
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

/** Offset of the first char at or after `start` that is neither a comma nor white space. */
export function separatorEnd(text: string, start: number): number {
  let at = start
  for (let code = text.charCodeAt(at); code === COMMA || isSpace(code); code = text.charCodeAt(at)) at++
  return at
}

/** Whether a code is a blank, a TAB, or of a line end. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13
}
