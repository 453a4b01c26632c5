import { joinLiterals } from './format.ts'
import type { Capture, Segment } from './segment.ts'
import { BYTES, isOf, type TextShape } from './shape.ts'

/** A place in a line that holds `least` to `most` of the bytes that it accepts. */
interface BytePlace {
  readonly least: number
  readonly most: number
  accepts(code: number): boolean
}

/** A printed line, to find lines that differ from it by one byte. */
export interface NearPattern {
  readonly places: readonly BytePlace[]
  /** The format has enough text of its own: a line near it hardly comes from another program. */
  readonly isTelling: boolean
}

/** A format is recognized by so many bytes of its own, not counting blanks: `%s: %d` has one, `@[%s]: %d` has four. */
const TELLING_BYTES = 3
const MOST_WAYS = 8
/** A place that may hold more bytes is taken to hold any number. */
const MOST_COUNTED = 128

/** The first line of a text, in each way that it may be written. None if it could be any text. */
export function nearPatterns(segments: readonly Segment[]): readonly NearPattern[] {
  let ways: readonly (readonly BytePlace[])[] = [[]]
  let own = 0
  let isOpen = false
  for (const segment of firstLine(segments)) {
    if (segment.kind === 'literal') {
      own += segment.text.replaceAll(/\s/g, '').length
      const literal = [...segment.text].map((c) => one(c.charCodeAt(0)))
      ways = ways.map((way) => [...way, ...literal])
    } else {
      isOpen ||= isLong(segment.capture.shape)
      const next = placesOf(segment.capture)
      ways = ways.flatMap((way) => next.map((places) => [...way, ...places])).slice(0, MOST_WAYS)
    }
  }
  const isTelling = own >= TELLING_BYTES
  return isOpen && !isTelling ? [] : ways.map((places) => ({ places, isTelling }))
}

/** The segments up to the first line end. A stack begins with a line end. */
function firstLine(segments: readonly Segment[]): readonly Segment[] {
  const line: Segment[] = []
  for (const segment of joinLiterals(segments)) {
    if (segment.kind === 'capture' && segment.capture.shape.kind === 'stack') break
    const lf = segment.kind === 'literal' ? segment.text.indexOf('\n') : -1
    if (segment.kind === 'literal' && lf >= 0) return [...line, { kind: 'literal', text: segment.text.slice(0, lf) }]
    line.push(segment)
  }
  return line
}

/** True for a text that may be longer than the name of a thread. */
function isLong(shape: TextShape): boolean {
  return shape.kind === 'text' && shape.most > 15
}

/** A value in each way that it may be written. */
function placesOf({ shape, pad }: Capture): readonly (readonly BytePlace[])[] {
  const blanks = pad === undefined ? [] : [place(0, pad.width, (code) => code === BLANK)]
  return waysOf(shape).map((way) => (pad?.left === true ? [...way, ...blanks] : [...blanks, ...way]))
}

const BLANK = 32
const MINUS = 45

function waysOf(shape: TextShape): readonly (readonly BytePlace[])[] {
  switch (shape.kind) {
    case 'run': {
      const run = place(shape.least, shape.most, (code) => isOf(code, shape.bytes))
      return [shape.signed ? [place(0, 1, (code) => code === MINUS), run] : [run]]
    }
    case 'pointer':
      return [[place(1, 18, (code) => isOf(code, BYTES.pointer))]]
    case 'enumerator': {
      const name = place(1, 64, (code) => isOf(code, BYTES.word))
      if (shape.prefix === '') return [[name]]
      const number = place(1, 20, (code) => isOf(code, BYTES.digit))
      return [[number], [...[...shape.prefix].map((c) => one(c.charCodeAt(0))), name]]
    }
    case 'template':
      return [[...shape.template].map((c) => (c === '0' || c === 'X' ? hexDigit : one(c.charCodeAt(0))))]
    case 'words':
      return shape.texts.map((text) => [...text].map((c) => one(c.charCodeAt(0))))
    case 'byte':
      return [[place(0, 1, isAny)]]
    case 'text':
      return [[place(shape.least, shape.most, isAny)]]
    case 'expression':
      return [[place(1, shape.most, isAny)]]
    case 'stack':
      return [[]]
  }
}

function place(least: number, most: number, accepts: BytePlace['accepts']): BytePlace {
  return { least, most: most > MOST_COUNTED ? Number.POSITIVE_INFINITY : most, accepts }
}

function one(wanted: number): BytePlace {
  return place(1, 1, (code) => code === wanted)
}

const hexDigit = place(1, 1, (code) => isOf(code, BYTES.hex | BYTES.upperHex))

function isAny(code: number): boolean {
  return code !== 0
}

/** True when a line (latin1) fits the pattern, except for one byte that was overwritten, lost or inserted. */
export function isNear({ places }: NearPattern, line: string): boolean {
  // The states without a wrong byte so far, and those with one.
  let [whole, damaged] = [new ByteStates(places), new ByteStates(places)]
  whole.enter(0, 0)
  damaged.advance(whole)
  for (let at = 0; at < line.length && !(whole.isEmpty && damaged.isEmpty); at++) {
    const code = line.charCodeAt(at)
    const [nextWhole, nextDamaged] = [new ByteStates(places), new ByteStates(places)]
    nextWhole.step(whole, code)
    nextDamaged.step(damaged, code)
    // This byte was overwritten, or inserted; or one was lost before the next.
    nextDamaged.advance(whole)
    nextDamaged.stay(whole)
    nextDamaged.advance(nextWhole)
    whole = nextWhole
    damaged = nextDamaged
  }
  return whole.isAtEnd || damaged.isAtEnd
}

/** How far a line may be matched: in which place, and after how many of its bytes. */
class ByteStates {
  private readonly places: readonly BytePlace[]
  private readonly found = new Map<number, readonly [place: number, count: number]>()

  constructor(places: readonly BytePlace[]) {
    this.places = places
  }

  get isEmpty(): boolean {
    return this.found.size === 0
  }

  get isAtEnd(): boolean {
    return this.found.has(this.places.length * KEY)
  }

  /** Enters a state, and the next ones that need no byte. */
  enter(index: number, count: number): void {
    const here = this.places[index]
    // In a place without a bound, only the bytes that it needs are counted.
    const counted = here?.most === Number.POSITIVE_INFINITY ? Math.min(count, here.least) : count
    const key = index * KEY + counted
    if (this.found.has(key)) return
    this.found.set(key, [index, counted])
    if (here !== undefined && counted >= here.least) this.enter(index + 1, 0)
  }

  step(before: ByteStates, code: number): void {
    for (const [index, count] of before.found.values()) {
      const here = this.places[index]
      if (here !== undefined && count < here.most && here.accepts(code)) this.enter(index, count + 1)
    }
  }

  /** Goes on by one byte, whatever the byte is. */
  advance(before: ByteStates): void {
    for (const [index, count] of before.found.values()) {
      const here = this.places[index]
      if (here !== undefined && count < here.most) this.enter(index, count + 1)
    }
  }

  stay(before: ByteStates): void {
    for (const [index, count] of before.found.values()) this.enter(index, count)
  }
}

const KEY = 256
