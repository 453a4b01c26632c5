// Blanks at the ends of latin1 text. `trim` and `\s` take 0xA0 for one: in UTF-8 that is the last byte of `à`, and many others'.

/** Without blanks, TABs and line ends at both ends. */
export function trimmed(text: string): string {
  let start = 0
  while (isBlank(text.charCodeAt(start))) start++
  return start === text.length ? '' : trimmedEnd(start === 0 ? text : text.slice(start))
}

/** Without them at its end. */
export function trimmedEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--
  return end === text.length ? text : text.slice(0, end)
}

/** A blank or a control character that stands for one: TAB, LF, VT, FF, CR. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
