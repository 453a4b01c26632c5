import { takePadded } from './line-plan.ts'
import type { Capture, Segment } from './segment.ts'
import { holdsLines, mostOf } from './shape.ts'
import { Slots } from './slots.ts'
import { framesEnd, isOpenFrame } from './stack.ts'

const LF = 10
const CR = 13

/** Line ends that captured texts may hold between them. */
const MOST_LINE_ENDS = 16
/** A bound on trying: a text that needs more counts as ambiguous. */
const MOST_STEPS = 20_000

/** `more`: the window ends where the text may go on. */
export type Finding = 'one' | 'several' | 'none' | 'more'

/** Whether values hold no line end, or one at least. */
export type Values = 'within_lines' | 'over_lines'

/** Where a text must end: at the end of the window given and nowhere else, or wherever its last segment does. */
export type Extent = 'exact' | 'open'

/**
 * Finds the readings of a text by trying: literals are looked for, captures take what lies between, all within the bounds of their classes. Of readings with
 * different numbers of line ends in their values, those with the fewest count; of a text without a line end of its own, the shortest.
 */
export class Search {
  /** Behind the reading that was found. */
  end = 0
  private readonly found: Slots
  private readonly trying: Slots
  private segments: readonly Segment[] = []
  private text = ''
  private limit = 0
  private extent: Extent = 'open'
  private isLast = false
  private count = 0
  private steps = 0
  private metEnd = false
  private metLineEnd = false

  constructor(captures: number) {
    this.found = new Slots(captures)
    this.trying = new Slots(captures)
  }

  /** The readings of all of `[start, end)`. One reading is put into `slots` from `base` on. */
  whole(segments: readonly Segment[], text: string, start: number, end: number, slots: Slots, base: number): Finding {
    this.set(segments, text, end, true, 'exact')
    return this.try(start, Number.POSITIVE_INFINITY, slots, base)
  }

  /** The readings of what begins at `start`; `limit` ends the window and `isLast` the input. */
  begin(
    values: Values,
    segments: readonly Segment[],
    text: string,
    start: number,
    limit: number,
    isLast: boolean,
    slots: Slots,
    base: number,
  ): Finding {
    this.set(segments, text, limit, isLast, 'open')
    if (values === 'within_lines') return this.try(start, 0, slots, base)
    for (let lineEnds = 1; lineEnds <= MOST_LINE_ENDS; lineEnds++) {
      const finding = this.try(start, lineEnds, slots, base)
      if (finding !== 'none' || !this.metLineEnd) return finding
    }
    return 'none'
  }

  private set(segments: readonly Segment[], text: string, limit: number, isLast: boolean, extent: Extent): void {
    this.segments = segments
    this.text = text
    this.limit = limit
    this.isLast = isLast
    this.extent = extent
  }

  private try(start: number, lineEnds: number, slots: Slots, base: number): Finding {
    this.count = 0
    this.steps = 0
    this.metEnd = false
    this.metLineEnd = false
    this.step(0, 0, start, lineEnds)
    if (this.count > 1 || this.steps > MOST_STEPS) return 'several'
    if (this.count === 1) {
      // A value at the end of what has come may go on.
      if (!this.isLast && this.end === this.limit && this.segments[this.segments.length - 1]?.kind === 'capture')
        return 'more'
      slots.copy(this.found, captureCount(this.segments), base)
      return 'one'
    }
    return this.metEnd && !this.isLast ? 'more' : 'none'
  }

  private step(index: number, capture: number, at: number, lineEnds: number): void {
    if (this.count > 1 || ++this.steps > MOST_STEPS) return
    const segment = this.segments[index]
    if (segment === undefined) {
      if (this.extent === 'open' || at === this.limit) this.accept(capture, at)
    } else if (segment.kind === 'literal') {
      const end = this.literalEnd(segment.text, at)
      if (end >= 0) this.step(index + 1, capture, end, lineEnds)
    } else if (segment.capture.shape.kind === 'stack')
      this.stack(index, capture, at, lineEnds, segment.capture.shape.raw)
    else this.capture(segment.capture, index, capture, at, lineEnds)
  }

  private accept(captures: number, end: number): void {
    const { count, found, trying, text } = this
    if (count === 0 || (end < this.end && !this.endsLine)) {
      found.copy(trying, captures, 0)
      this.end = end
      this.count = 1
      return
    }
    if (end > this.end && !this.endsLine) return
    // Another way to the same values is no other reading.
    for (let index = 0; index < captures; index++) {
      if (found.text(text, index) !== trying.text(text, index)) {
        this.count = 2
        return
      }
    }
  }

  private get endsLine(): boolean {
    const last = this.segments[this.segments.length - 1]
    return this.extent === 'exact' || (last?.kind === 'literal' && last.text.endsWith('\n'))
  }

  /** Behind the literal, -1 where it does not stand. A CR may stand before each LF of it. */
  private literalEnd(literal: string, start: number): number {
    const { text, limit } = this
    if (start + literal.length <= limit && text.startsWith(literal, start)) return start + literal.length
    let at = start
    for (let index = 0; index < literal.length; index++, at++) {
      if (at >= limit) {
        this.metEnd = true
        return -1
      }
      const wanted = literal.charCodeAt(index)
      if (
        wanted === LF &&
        text.charCodeAt(at) === CR &&
        (at + 1 < limit ? text.charCodeAt(at + 1) === LF : !this.isLast)
      )
        at++
      if (at >= limit) {
        this.metEnd = true
        return -1
      }
      if (text.charCodeAt(at) !== wanted) return -1
    }
    return at
  }

  private capture(one: Capture, index: number, slot: number, at: number, lineEnds: number): void {
    const { limit, extent } = this
    const { shape, pad } = one
    const mayHoldLines = holdsLines(shape)
    const bound = this.boundOf(at, at + Math.max(pad?.width ?? 0, mostOf(shape)), mayHoldLines ? lineEnds : undefined)
    const least = at + (pad?.width ?? 0)
    const next = this.segments[index + 1]
    if (next === undefined) {
      if (extent === 'open') this.lastCapture(one, index, slot, at, bound, lineEnds)
      else if (limit <= bound) this.take(one, index, slot, at, limit, lineEnds)
    } else if (next.kind === 'capture') {
      for (let end = least; end <= bound && this.count < 2; end++) this.take(one, index, slot, at, end, lineEnds)
    } else {
      this.before(next.text, one, index, slot, at, least, bound, lineEnds)
    }
  }

  /** Tries a capture up to each place of the literal behind it. Only as far as the value can go: the rest of the window is not looked through. */
  private before(
    literal: string,
    one: Capture,
    index: number,
    slot: number,
    at: number,
    least: number,
    bound: number,
    lineEnds: number,
  ): void {
    const { text, limit } = this
    const lineEnd = literal.indexOf('\n')
    // Up to its first line end, before which a CR may stand.
    const wanted = lineEnd < 0 ? literal : lineEnd === 0 ? '\n' : literal.slice(0, lineEnd)
    if (bound + literal.length > limit && !(lineEnd < 0 && this.hasLineEnd(at))) this.metEnd = true
    const region = text.slice(at, bound + wanted.length + 1)
    for (let found = region.indexOf(wanted, least - at); found >= 0; found = region.indexOf(wanted, found + 1)) {
      const end = at + (lineEnd === 0 && found > 0 && region.charCodeAt(found - 1) === CR ? found - 1 : found)
      if (end > bound || this.count > 1) return
      this.take(one, index, slot, at, end, lineEnds)
    }
  }

  private hasLineEnd(at: number): boolean {
    const lf = this.text.indexOf('\n', at)
    return lf >= 0 && lf < this.limit
  }

  /** How far a value may go from `at`: to `most`, the end of the window, or the line end that is one too many (undefined: it can hold none). */
  private boundOf(at: number, most: number, lineEnds: number | undefined): number {
    const { text, limit } = this
    let lf = at - 1
    for (let left = lineEnds ?? 0; left >= 0; left--) {
      lf = text.indexOf('\n', lf + 1)
      if (lf < 0 || lf >= limit || lf > most) break
      if (left === 0) {
        if (lineEnds !== undefined) this.metLineEnd = true
        return lf
      }
    }
    if (most <= limit) return most
    this.metEnd = true
    return limit
  }

  /** The last value of a text without a line end of its own: as long as its class goes. Where that says nothing, there are several readings. */
  private lastCapture(one: Capture, index: number, slot: number, at: number, bound: number, lineEnds: number): void {
    if (one.shape.kind === 'text') {
      this.count = 2
      return
    }
    for (let end = bound; end >= at; end--) {
      const before = this.count
      this.take(one, index, slot, at, end, lineEnds)
      if (this.count > before) return
    }
  }

  private take(one: Capture, index: number, slot: number, start: number, end: number, lineEnds: number): void {
    if (!takePadded(one, this.text, start, end, this.trying, slot)) return
    let left = lineEnds
    if (left !== Number.POSITIVE_INFINITY) {
      for (let lf = this.text.indexOf('\n', start); lf >= 0 && lf < end; lf = this.text.indexOf('\n', lf + 1)) left--
    }
    if (left >= 0) this.step(index + 1, slot + 1, end, left)
  }

  /** All frames there are. A stack without frames prints nothing (to 0.20), or a line end. */
  private stack(index: number, slot: number, at: number, lineEnds: number, raw: boolean): void {
    const { text, limit, isLast } = this
    let from = at
    if (text.charCodeAt(from) === CR && text.charCodeAt(from + 1) === LF) from++
    if (from >= limit) this.metEnd = true
    else if (text.charCodeAt(from) === LF) {
      const end = framesEnd(text, from + 1, limit, raw)
      if (!isLast && isOpenFrame(text, end, limit)) {
        this.metEnd = true
        return
      }
      this.trying.set(slot, from, end)
      this.step(index + 1, slot + 1, end, lineEnds)
      if (end > from + 1 || this.count > 0) return
    }
    this.trying.set(slot, at, at)
    this.step(index + 1, slot + 1, at, lineEnds)
  }
}

export function captureCount(segments: readonly Segment[]): number {
  return segments.reduce((count, { kind }) => (kind === 'capture' ? count + 1 : count), 0)
}
