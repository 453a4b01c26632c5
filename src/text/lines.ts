// The lines of a window: where each begins, where its content ends, where the next one begins. All readers split here.

const CR = 13

/**
 * A line of a window. Offsets count chars of the window's latin1 text, that is, bytes.
 * One CR before the LF belongs to the line end, and so does one at the end of the input; any other CR is data.
 */
export interface TextLine {
  readonly text: string
  readonly start: number
  /** Offset of its line end. */
  readonly contentEnd: number
  /** Offset of the next line. */
  readonly next: number
  /** It has no LF: the input ends within it. */
  readonly isCut: boolean
  /** Nothing comes after this window. */
  readonly last: boolean
}

/**
 * Where a reader goes on, as an offset. It is `pause` when the line has no end yet and this is not the last window, or
 * when another reader takes over.
 */
export type Next = number | 'pause'

/** Walks over the lines of a window. It is itself the current line, so that a line costs no object. */
export class Lines implements TextLine {
  readonly text: string
  readonly last: boolean
  start = 0
  contentEnd = 0
  next = 0
  isCut = false

  constructor(text: string, last: boolean) {
    this.text = text
    this.last = last
  }

  /** Goes to the line at `start`. False: the text ends there, or the line has no end yet and more text may come. */
  moveTo(start: number): boolean {
    const { text } = this
    const lf = text.indexOf('\n', start)
    if (lf < 0 && (!this.last || start >= text.length)) return false
    this.start = start
    this.isCut = lf < 0
    const end = lf < 0 ? text.length : lf
    this.contentEnd = contentEnd(text, start, end)
    this.next = lf < 0 ? end : lf + 1
    return true
  }
}

/** The line at `start`, to look ahead. Undefined: the text ends there, and nothing comes after it. */
export function lineAt(text: string, start: number, last: boolean): TextLine | 'pause' | undefined {
  const line = new Lines(text, last)
  if (line.moveTo(start)) return line
  return last ? undefined : 'pause'
}

/** The text of a line without its end. */
export function contentOf({ text, start, contentEnd: end }: TextLine): string {
  return text.slice(start, end)
}

/** Where the content of a line ends that begins at `start` and whose LF, or the end of the input, is at `end`. */
export function contentEnd(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === CR ? end - 1 : end
}
