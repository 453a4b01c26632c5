const LF = 10
const CR = 13

/**
 * What `literalEnd` returns for a literal that does not begin there, or of which the window has only the beginning.
 */
const ABSENT = -1
export const OPEN = -2

/**
 * The part of a text that is searched: from any place to `limit`, where the window ends, or the text that must fit.
 */
export class SearchWindow {
  text = ''
  limit = 0
  /** Nothing comes after the window. */
  isLast = false
  /** A value was bounded by a line end since this was reset. */
  metLineEnd = false
  /** The line end that was found last, and from where it was looked for. */
  private lfFrom = 0
  private lfAt = -1

  set(text: string, limit: number, isLast: boolean): void {
    this.text = text
    this.limit = limit
    this.isLast = isLast
    this.lfFrom = 0
    this.lfAt = -1
  }

  /**
   * The offset after the literal at `start`; ABSENT or OPEN where it is not there. A CR may be before each LF of it.
   */
  literalEnd(literal: string, start: number): number {
    const { text, limit } = this
    if (start + literal.length <= limit && text.startsWith(literal, start)) return start + literal.length
    let at = start
    for (let index = 0; index < literal.length; index++, at++) {
      if (at >= limit) return OPEN
      const wanted = literal.charCodeAt(index)
      if (
        wanted === LF &&
        text.charCodeAt(at) === CR &&
        (at + 1 < limit ? text.charCodeAt(at + 1) === LF : !this.isLast)
      )
        at++
      if (at >= limit) return OPEN
      if (text.charCodeAt(at) !== wanted) return ABSENT
    }
    return at
  }

  /** True when the window has a line end at or after `at`. */
  hasLineEnd(at: number): boolean {
    const lf = this.lineEndFrom(at)
    return lf >= 0 && lf < this.limit
  }

  /** The first line end at or after `at`, -1 without one. Many places of a line ask for the same one. */
  private lineEndFrom(at: number): number {
    if (at < this.lfFrom || at > this.lfAt) {
      const lf = this.text.indexOf('\n', at)
      this.lfFrom = at
      this.lfAt = lf < 0 ? Number.POSITIVE_INFINITY : lf
    }
    return Number.isFinite(this.lfAt) ? this.lfAt : -1
  }

  /** The first NUL in `[at, bound)`, else `bound`. No text holds a NUL. */
  nulFrom(at: number, bound: number): number {
    for (let end = at; end < bound; end++) if (this.text.charCodeAt(end) === 0) return end
    return bound
  }

  /**
   * How far a value at `at` may go: to `most`, to the end of the window, or to the first line end beyond the number
   * that it may hold. Undefined: it may hold none.
   */
  boundOf(at: number, most: number, lineEnds: number | undefined): number {
    const { limit } = this
    let lf = at - 1
    for (let left = lineEnds ?? 0; left >= 0; left--) {
      lf = this.lineEndFrom(lf + 1)
      if (lf < 0 || lf >= limit || lf > most) break
      if (left === 0) {
        if (lineEnds !== undefined) this.metLineEnd = true
        return lf
      }
    }
    return Math.min(most, limit)
  }

  lineEndsIn(start: number, end: number): number {
    let count = 0
    for (let at = start; at < end; at++) if (this.text.charCodeAt(at) === LF) count++
    return count
  }
}
