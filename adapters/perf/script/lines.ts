// Lines of a window, and what comes behind one.

/** A line on its way: offsets in the window. */
export interface Line {
  readonly text: string
  readonly start: number
  /** Without CR and LF. */
  readonly contentEnd: number
  /** With them. */
  readonly end: number
  /** The input ends within it. */
  readonly isCut: boolean
  readonly last: boolean
}

/** The line at `start`; undefined when its end is still to come, or there is none. */
export function lineAt(text: string, start: number, last: boolean): Line | undefined {
  const lf = text.indexOf('\n', start)
  if (lf < 0 && (!last || start >= text.length)) return undefined
  const end = lf < 0 ? text.length : lf + 1
  return { text, start, contentEnd: lf < 0 ? end : contentEndOf(text, start, lf), end, isCut: lf < 0, last }
}

/** One CR before LF belongs to the line end; any other is data. */
export function contentEndOf(text: string, start: number, lf: number): number {
  return lf > start && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf
}

export function contentOf(line: Line): string {
  return line.text.slice(line.start, line.contentEnd)
}
