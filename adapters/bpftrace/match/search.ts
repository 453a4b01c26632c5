import { mayGoOn, takePadded } from './padded.ts'
import type { Capture, Segment } from './segment.ts'
import { holdsLines, mostOf } from './shape.ts'
import { Slots } from './slots.ts'
import { framesEnd, isOpenFrame } from './stack.ts'

const LF = 10
const CR = 13

/** Line ends that captured texts may hold between them. */
const MOST_LINE_ENDS = 16
/** A bound on trying: a text that needs more counts as ambiguous. */
const MOST_TRIES = 20_000
/** Tries from which on what led nowhere is remembered. */
const MEMORY_AFTER = 64

/** `pause`: the window ends where the text may go on. */
export type SearchResult = 'one' | 'several' | 'none' | 'pause'

/** Whether values hold no line end, or one at least. */
export type Values = 'within_lines' | 'over_lines'

/** Where a text must end: at the end of the window given and nowhere else, or wherever its last segment does. */
export type EndRule = 'exact' | 'open'

/**
 * Finds the readings of a text by trying: literals are looked for, captures take what lies between, all within the bounds of their classes. A number, a name or a
 * stack takes all that it can have printed, a free text as little as it can; what the first reading so found ends with, others are compared with. Of readings with
 * different numbers of line ends in their values, those with the fewest count; so of those with stacks that printed nothing.
 */
export class Search {
  /** Behind the readings that were found; -1: nothing tells where that is. */
  end = -1
  private readonly found: Slots
  private readonly trying: Slots
  private segments: readonly Segment[] = []
  private text = ''
  private limit = 0
  private extent: EndRule = 'open'
  private isLast = false
  private count = 0
  private tries = 0
  /** The end of the window was met where a reading that comes before the others may go on. */
  private metEnd = false
  private metLineEnd = false
  /** Places from which no reading comes. */
  private readonly dead = new Set<number>()
  /** The line end found last, and from where it was looked for. */
  private lfFrom = 0
  private lfAt = -1

  constructor(captures: number) {
    this.found = new Slots(captures)
    this.trying = new Slots(captures)
  }

  /** The readings of all of `[start, end)`. One reading is put into `slots` from `base` on. */
  whole(
    segments: readonly Segment[],
    text: string,
    start: number,
    end: number,
    slots: Slots,
    base: number,
  ): SearchResult {
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
  ): SearchResult {
    this.set(segments, text, limit, isLast, 'open')
    if (values === 'within_lines') return this.try(start, 0, slots, base)
    for (let lineEnds = 1; lineEnds <= MOST_LINE_ENDS; lineEnds++) {
      const finding = this.try(start, lineEnds, slots, base)
      if (finding !== 'none' || !this.metLineEnd) return finding
    }
    return 'none'
  }

  private set(segments: readonly Segment[], text: string, limit: number, isLast: boolean, extent: EndRule): void {
    this.segments = segments
    this.text = text
    this.limit = limit
    this.isLast = isLast
    this.extent = extent
    this.tries = 0
    this.lfFrom = 0
    this.lfAt = -1
  }

  private try(start: number, lineEnds: number, slots: Slots, base: number): SearchResult {
    this.metLineEnd = false
    const most = this.emptyCostFrom(0)
    const { kernelCost } = this
    for (let kernel = 0; kernel <= most; kernel += kernelCost) {
      for (let user = 0; user <= most % kernelCost; user++) {
        const finding = this.attempt(start, lineEnds, kernel + user, slots, base)
        if (finding !== 'none') return finding
      }
    }
    return 'none'
  }

  private attempt(start: number, lineEnds: number, empty: number, slots: Slots, base: number): SearchResult {
    this.count = 0
    this.end = -1
    this.metEnd = false
    this.dead.clear()
    this.step(0, 0, start, lineEnds, empty)
    if (this.metEnd && !this.isLast) return 'pause'
    if (this.count > 1 || this.tries > MOST_TRIES) return 'several'
    if (this.count === 0) return 'none'
    slots.copy(this.found, captureCount(this.segments), base)
    return 'one'
  }

  /** What it costs that all stacks from `index` on print nothing. */
  private emptyCostFrom(index: number): number {
    let cost = 0
    for (let at = index; at < this.segments.length; at++) cost += this.emptyCost(this.segments[at])
    return cost
  }

  /** Programs have no user stack often; an event of the kernel has one of the kernel, but where it was lost: that is thought of last. */
  private emptyCost(segment: Segment | undefined): number {
    if (segment === undefined || !isStack(segment)) return 0
    return segment.capture.target.to === 'stack' ? this.kernelCost : 1
  }

  /** More than that of all user stacks together. */
  private get kernelCost(): number {
    return this.segments.length + 1
  }

  private step(index: number, capture: number, at: number, lineEnds: number, empty: number): void {
    if (this.count > 1 || this.tries > MOST_TRIES) return
    const segment = this.segments[index]
    if (segment === undefined) {
      if (this.extent === 'open' || at === this.limit) this.accept(capture, at)
    } else if (segment.kind === 'literal') {
      const end = this.literalEnd(segment.text, at)
      if (end >= 0) this.step(index + 1, capture, end, lineEnds, empty)
    } else this.stepInto(segment.capture, index, capture, at, lineEnds, empty)
  }

  /** Tries a capture here, but where that was tried and led nowhere. */
  private stepInto(one: Capture, index: number, slot: number, at: number, lineEnds: number, empty: number): void {
    const isRemembered = this.tries > MEMORY_AFTER
    const place = isRemembered ? this.placeOf(index, at, lineEnds, empty) : 0
    if (isRemembered && this.dead.has(place)) return
    const { count } = this
    if (one.shape.kind === 'stack') this.stack(index, slot, at, lineEnds, empty, one.shape.rawDigits)
    else this.capture(one, index, slot, at, lineEnds, empty)
    if (isRemembered && this.count === count) this.dead.add(place)
  }

  private placeOf(index: number, at: number, lineEnds: number, empty: number): number {
    const rest = Number.isFinite(lineEnds) ? lineEnds : MOST_LINE_ENDS + 1
    const states = (index * (this.kernelCost ** 2 + 1) + empty) * (MOST_LINE_ENDS + 2) + rest
    return states * (this.limit + 1) + at
  }

  private accept(captures: number, end: number): void {
    const { count, found, trying, text } = this
    if (count === 0) {
      found.copy(trying, captures, 0)
      this.end = end
      this.count = 1
      return
    }
    if (end !== this.end) return
    // Another way to the same values is no other reading.
    for (let index = 0; index < captures; index++) {
      if (found.text(text, index) !== trying.text(text, index)) {
        this.count = 2
        return
      }
    }
  }

  /** The window ends within what may be a reading; where one was found already, that one comes before it. */
  private meetEnd(): void {
    if (this.count === 0) this.metEnd = true
  }

  /** Behind the literal, -1 where it does not stand. A CR may stand before each LF of it. */
  private literalEnd(literal: string, start: number): number {
    const { text, limit } = this
    if (start + literal.length <= limit && text.startsWith(literal, start)) return start + literal.length
    let at = start
    for (let index = 0; index < literal.length; index++, at++) {
      if (at >= limit) {
        this.meetEnd()
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
        this.meetEnd()
        return -1
      }
      if (text.charCodeAt(at) !== wanted) return -1
    }
    return at
  }

  private capture(one: Capture, index: number, slot: number, at: number, lineEnds: number, empty: number): void {
    const { limit, extent } = this
    const { shape, pad } = one
    const most = at + Math.max(pad?.width ?? 0, mostOf(shape))
    const reach = this.boundOf(at, most, holdsLines(shape) ? lineEnds : undefined)
    const bound = shape.kind === 'text' ? this.nulFrom(at, reach) : reach
    /** Whether the value may go on behind the window. */
    const isCut = bound === limit && most > limit && mayGoOn(one, this.text, at, limit)
    const least = at + (pad?.width ?? 0)
    const next = this.segments[index + 1]
    const isFree = shape.kind === 'text'
    if (next === undefined && extent === 'exact') {
      if (limit <= bound) this.take(one, index, slot, at, limit, lineEnds, empty)
    } else if (isFree && extent === 'open' && this.isOpenFrom(index + 1, empty)) {
      // Nothing tells where it ends.
      this.count = 2
    } else if (next?.kind === 'literal') {
      this.before(next.text, one, index, slot, at, least, bound, isCut, lineEnds, empty)
    } else if (isFree) {
      for (let end = least; end <= bound && this.count < 2; end++) this.take(one, index, slot, at, end, lineEnds, empty)
      if (isCut) this.meetEnd()
    } else {
      if (isCut) this.meetEnd()
      for (let end = bound; end >= least && this.count < 2; end--) this.take(one, index, slot, at, end, lineEnds, empty)
    }
  }

  /** True when the text may end at `index`: there is nothing more, or stacks that print nothing. */
  private isOpenFrom(index: number, empty: number): boolean {
    for (let at = index; at < this.segments.length; at++) if (!isStack(this.segments[at])) return false
    return this.emptyCostFrom(index) <= empty
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
    isCut: boolean,
    lineEnds: number,
    empty: number,
  ): void {
    const { text, limit } = this
    const lineEnd = literal.indexOf('\n')
    // Up to its first line end, before which a CR may stand.
    const wanted = lineEnd < 0 ? literal : lineEnd === 0 ? '\n' : literal.slice(0, lineEnd)
    const isFree = one.shape.kind === 'text' || one.shape.kind === 'expression'
    if (!isFree && (isCut || this.mayEndAtLimit(wanted, one, slot, at, least, bound))) this.meetEnd()
    const region = text.slice(at, Math.min(limit, bound + wanted.length + 1))
    const from = least - at
    let found = isFree ? region.indexOf(wanted, from) : region.lastIndexOf(wanted)
    while (found >= from && this.count < 2) {
      const end = at + (lineEnd === 0 && found > 0 && region.charCodeAt(found - 1) === CR ? found - 1 : found)
      if (end <= bound) this.take(one, index, slot, at, end, lineEnds, empty)
      else if (isFree) break
      if (found === 0 && !isFree) break
      found = isFree ? region.indexOf(wanted, found + 1) : region.lastIndexOf(wanted, found - 1)
    }
    // The literal may stand across the end of the window, if no line ends before it.
    const mayBeCut = bound + literal.length > limit && (lineEnd >= 0 || !this.hasLineEnd(bound))
    if (isCut || mayBeCut) this.meetEnd()
  }

  /** True when the value may end where the window has but the beginning of the literal behind it. */
  private mayEndAtLimit(
    literal: string,
    one: Capture,
    slot: number,
    at: number,
    least: number,
    bound: number,
  ): boolean {
    const { text, limit } = this
    for (let end = Math.max(least, limit - literal.length + 1); end <= bound; end++) {
      if (literal.startsWith(text.slice(end, limit)) && takePadded(one, text, at, end, this.trying, slot)) return true
    }
    return false
  }

  private hasLineEnd(at: number): boolean {
    const lf = this.lineEndFrom(at)
    return lf >= 0 && lf < this.limit
  }

  /** The first line end at or behind `at`, which many places of a line ask for; -1: there is none. */
  private lineEndFrom(at: number): number {
    if (at < this.lfFrom || at > this.lfAt) {
      const lf = this.text.indexOf('\n', at)
      this.lfFrom = at
      this.lfAt = lf < 0 ? Number.POSITIVE_INFINITY : lf
    }
    return Number.isFinite(this.lfAt) ? this.lfAt : -1
  }

  /** The first NUL in `[at, bound)`, else `bound`: no text has one. */
  private nulFrom(at: number, bound: number): number {
    for (let end = at; end < bound; end++) if (this.text.charCodeAt(end) === 0) return end
    return bound
  }

  /** How far a value may go from `at`: to `most`, the end of the window, or the line end that is one too many (undefined: it can hold none). */
  private boundOf(at: number, most: number, lineEnds: number | undefined): number {
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

  private take(
    one: Capture,
    index: number,
    slot: number,
    start: number,
    end: number,
    lineEnds: number,
    empty: number,
  ): void {
    if (++this.tries > MOST_TRIES || !takePadded(one, this.text, start, end, this.trying, slot)) return
    // Without line ends to give, the value goes no further than the line.
    const left = lineEnds === 0 || !Number.isFinite(lineEnds) ? lineEnds : lineEnds - this.lineEndsIn(start, end)
    if (left >= 0) this.step(index + 1, slot + 1, end, left, empty)
  }

  private lineEndsIn(start: number, end: number): number {
    let count = 0
    for (let at = start; at < end; at++) if (this.text.charCodeAt(at) === LF) count++
    return count
  }

  /** All frames there are, or as many as leave what must stand behind them. */
  private stack(index: number, slot: number, at: number, lineEnds: number, empty: number, rawDigits: number): void {
    const { text, limit, isLast } = this
    const from = text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 1 : at
    const cost = this.emptyCost(this.segments[index])
    let mayBeEmpty = empty >= cost
    if (from >= limit) this.meetEnd()
    else if (text.charCodeAt(from) === LF) {
      let end = framesEnd(text, from + 1, limit, rawDigits)
      // Frames are some stack's: this one printed nothing only where another may have printed them.
      if (end > from + 1 && !isStack(this.segments[index + 1])) mayBeEmpty = false
      if (!isLast && isOpenFrame(text, end, limit)) this.meetEnd()
      for (; this.count < 2; end = text.lastIndexOf('\n', end - 2) + 1) {
        this.tries++
        this.trying.set(slot, from, end)
        this.step(index + 1, slot + 1, end, lineEnds, empty)
        if (end === from + 1) break
      }
    }
    if (!mayBeEmpty) return
    this.trying.set(slot, at, at)
    this.step(index + 1, slot + 1, at, lineEnds, empty - cost)
  }
}

function isStack(segment: Segment | undefined): segment is Extract<Segment, { kind: 'capture' }> {
  return segment?.kind === 'capture' && segment.capture.shape.kind === 'stack'
}

export function captureCount(segments: readonly Segment[]): number {
  return segments.reduce((count, { kind }) => (kind === 'capture' ? count + 1 : count), 0)
}
