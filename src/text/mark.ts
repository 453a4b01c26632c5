/** A byte order mark in UTF-8, as latin1: at the beginning of a text it is no data. */
export const MARK = '\xef\xbb\xbf'

/** Where a text begins behind its mark. */
export function markEnd(text: string): number {
  return text.startsWith(MARK) ? MARK.length : 0
}

/** With more behind it, it may begin with a mark. */
export function maybeMark(text: string): boolean {
  return text.length < MARK.length && MARK.startsWith(text)
}
