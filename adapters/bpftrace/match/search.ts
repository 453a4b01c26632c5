import { emptyCost, emptyCostFrom, isStack, kernelCostOf } from './empty-stacks.ts'
import { mayGoOn, takePadded } from './padded.ts'
import { OPEN, SearchWindow } from './search-window.ts'
import { type Capture, captureCount, type Segment } from './segment.ts'
import { holdsLines, mostOf } from './shape.ts'
import { Slots } from './slots.ts'
import { framesEnd } from './stack.ts'

const LF = 10
const CR = 13

/** The most line ends that all values of a text may hold together. */
const MOST_LINE_ENDS = 16
/** A text that needs more tries counts as ambiguous. */
const MOST_TRIES = 20_000
/** After so many tries, places that led to no reading are remembered. */
const MEMORY_AFTER = 64

/** How many readings there are. `pause`: the window ends where the text may go on. */
export type SearchResult = 'one' | 'several' | 'none' | 'pause'

/** Whether the values hold no line end, or at least one. */
export type Values = 'within_lines' | 'over_lines'

/** Where a text ends: exactly at the end of the window, or where its last segment ends. */
export type EndRule = 'exact' | 'open'

/**
 * Finds the readings of a text by trying. It looks for the literals; captures take what is between them, if it fits
 * their class of bytes. Numbers, names and stacks take as much as they can, free texts as little as they can. Another
 * reading counts only if it ends where the first one ends. Readings with fewer line ends in their values, and with
 * fewer empty stacks, come before others.
 */
export class Search {
  /** After the readings that were found; -1: it is unknown. */
  end = -1
  private readonly found: Slots
  private readonly trying: Slots
  private readonly window = new SearchWindow()
  private segments: readonly Segment[] = []
  private endRule: EndRule = 'open'
  private count = 0
  private tries = 0
  /** The window ended within a possible reading that comes before the one that was found. */
  private metEnd = false
  /** Places that led to no reading. */
  private readonly dead = new Set<number>()

  constructor(captures: number) {
    this.found = new Slots(captures)
    this.trying = new Slots(captures)
  }

  /** The readings of all of `[start, end)`. If there is one, its captures go to `slots`, from `base` on. */
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

  /** The readings of the text that begins at `start`. The window ends at `limit`. `isLast`: so does the input. */
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
      if (finding !== 'none' || !this.window.metLineEnd) return finding
    }
    return 'none'
  }

  private set(segments: readonly Segment[], text: string, limit: number, isLast: boolean, endRule: EndRule): void {
    this.window.set(text, limit, isLast)
    this.segments = segments
    this.endRule = endRule
    this.tries = 0
  }

  private try(start: number, lineEnds: number, slots: Slots, base: number): SearchResult {
    this.window.metLineEnd = false
    const most = emptyCostFrom(this.segments, 0)
    const kernelCost = kernelCostOf(this.segments)
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
    if (this.metEnd && !this.window.isLast) return 'pause'
    if (this.count > 1 || this.tries > MOST_TRIES) return 'several'
    if (this.count === 0) return 'none'
    slots.copy(this.found, captureCount(this.segments), base)
    return 'one'
  }

  private step(index: number, capture: number, at: number, lineEnds: number, empty: number): void {
    if (this.count > 1 || this.tries > MOST_TRIES) return
    const segment = this.segments[index]
    if (segment === undefined) {
      if (this.endRule === 'open' || at === this.window.limit) this.accept(capture, at)
    } else if (segment.kind === 'literal') {
      const end = this.window.literalEnd(segment.text, at)
      if (end === OPEN) this.meetEnd()
      if (end >= 0) this.step(index + 1, capture, end, lineEnds, empty)
    } else this.stepInto(segment.capture, index, capture, at, lineEnds, empty)
  }

  /** Tries a capture here, unless it was tried and led to no reading. */
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
    const states = (index * (kernelCostOf(this.segments) ** 2 + 1) + empty) * (MOST_LINE_ENDS + 2) + rest
    return states * (this.window.limit + 1) + at
  }

  private accept(captures: number, end: number): void {
    const { count, found, trying } = this
    const { text } = this.window
    if (count === 0) {
      found.copy(trying, captures, 0)
      this.end = end
      this.count = 1
      return
    }
    if (end !== this.end) return
    // Another way to the same values is not another reading.
    for (let index = 0; index < captures; index++) {
      if (found.text(text, index) !== trying.text(text, index)) {
        this.count = 2
        return
      }
    }
  }

  /** The window ends within a possible reading. A reading that was found already comes before it. */
  private meetEnd(): void {
    if (this.count === 0) this.metEnd = true
  }

  private capture(one: Capture, index: number, slot: number, at: number, lineEnds: number, empty: number): void {
    const { window } = this
    const { text, limit } = window
    const isExact = this.endRule === 'exact'
    const { shape, pad } = one
    const most = at + Math.max(pad?.width ?? 0, mostOf(shape))
    const reach = window.boundOf(at, most, holdsLines(shape) ? lineEnds : undefined)
    const bound = shape.kind === 'text' ? window.nulFrom(at, reach) : reach
    /** Whether the value may go on after the window. */
    const isCut = bound === limit && most > limit && mayGoOn(one, text, at, limit)
    const least = at + (pad?.width ?? 0)
    const next = this.segments[index + 1]
    const isFree = shape.kind === 'text'
    if (next === undefined && isExact) {
      if (limit <= bound) this.take(one, index, slot, at, limit, lineEnds, empty)
    } else if (isFree && !isExact && this.isOpenFrom(index + 1, empty)) {
      // It may end anywhere.
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

  /** True when the text may end before segment `index`: only stacks follow, which may print nothing. */
  private isOpenFrom(index: number, empty: number): boolean {
    for (let at = index; at < this.segments.length; at++) if (!isStack(this.segments[at])) return false
    return emptyCostFrom(this.segments, index) <= empty
  }

  /** Tries a capture up to each place of the literal after it, only as far as the value can go. */
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
    const { text, limit } = this.window
    const lineEnd = literal.indexOf('\n')
    // Only up to its first line end, because a CR may be before that.
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
    // The literal may go beyond the end of the window, unless a line ends before it.
    const mayBeCut = bound + literal.length > limit && (lineEnd >= 0 || !this.window.hasLineEnd(bound))
    if (isCut || mayBeCut) this.meetEnd()
  }

  /** True when the value may end where the window has only the beginning of the next literal. */
  private mayEndAtLimit(
    literal: string,
    one: Capture,
    slot: number,
    at: number,
    least: number,
    bound: number,
  ): boolean {
    const { text, limit } = this.window
    for (let end = Math.max(least, limit - literal.length + 1); end <= bound; end++) {
      if (literal.startsWith(text.slice(end, limit)) && takePadded(one, text, at, end, this.trying, slot)) return true
    }
    return false
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
    if (++this.tries > MOST_TRIES || !takePadded(one, this.window.text, start, end, this.trying, slot)) return
    // With no line end allowed, `boundOf` has kept the value within the line.
    const left = lineEnds === 0 || !Number.isFinite(lineEnds) ? lineEnds : lineEnds - this.window.lineEndsIn(start, end)
    if (left >= 0) this.step(index + 1, slot + 1, end, left, empty)
  }

  /** Tries all frames there are, then fewer and fewer, then none. */
  private stack(index: number, slot: number, at: number, lineEnds: number, empty: number, rawDigits: number): void {
    const { text, limit } = this.window
    const from = text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 1 : at
    const cost = emptyCost(this.segments, index)
    let mayBeEmpty = empty >= cost
    if (from >= limit) this.meetEnd()
    else if (text.charCodeAt(from) === LF) {
      let end = framesEnd(text, from + 1, limit, rawDigits)
      // Some stack printed these frames: this one is empty only if the next segment is a stack, too.
      if (end > from + 1 && !isStack(this.segments[index + 1])) mayBeEmpty = false
      if (!this.window.hasLineEnd(end)) this.meetEnd()
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
