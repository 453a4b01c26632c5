// Blanks at the ends of latin1 text. `trim` and `\s` also match 0xA0, which in UTF-8 is the last byte of `à` and
// others.

/** The text without blanks, TABs and line ends at both ends. */
export function trimmed(text: string): string {
  let start = 0
  while (isBlank(text.charCodeAt(start))) start++
  return start === text.length ? '' : trimmedEnd(start === 0 ? text : text.slice(start))
}

/** The text without blanks, TABs and line ends at its end. */
export function trimmedEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--
  return end === text.length ? text : text.slice(0, end)
}

/** Whether a code is a blank, or a control character that separates words: TAB, LF, VT, FF, CR. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
