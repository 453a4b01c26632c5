/** A UTF-8 byte order mark, in latin1. At the beginning of a text it is not data. */
const MARK = '\xef\xbb\xbf'

/** The offset after the byte order mark of a text; 0 when there is none. */
export function markEnd(text: string): number {
  return text.startsWith(MARK) ? MARK.length : 0
}

/** Whether the text is the beginning of a byte order mark, so that more text decides. */
export function maybeMark(text: string): boolean {
  return text.length < MARK.length && MARK.startsWith(text)
}
