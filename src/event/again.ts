import { beforeCapture, beforeSkb, HEADS, lineOf, text } from './line.ts'
import { Filled, type Part } from './part.ts'
import { type EventRecord, sharesParts } from './record.ts'

/** Threads and CPUs take turns: so many kinds of lines are remembered. */
const REMEMBERED = 8
/** Longer ones are joined each time: they would be remembered for the sake of a few leaves. */
const LONGEST_LINE = 16 * 1024

/**
 * Lines that differ from one of the last few in the leaves of `ts`, `clock`, `skb` and `capture` alone, all other parts being the same: their bytes
 * are those of the one before with the leaves replaced. That takes a third of the time of joining a line from its parts.
 */
export class Again {
  private readonly lines: RepeatedLine[] = []
  private latest: RepeatedLine | undefined
  private next = 0

  /** The record's line with its line end, good until the next call; undefined when it is like none of the last few. */
  lineOf(record: EventRecord): Buffer | undefined {
    if (record.source !== undefined) return undefined
    const bytes = this.latest?.lineOf(record)
    if (bytes !== undefined) return bytes
    for (const line of this.lines) {
      const found = line === this.latest ? undefined : line.lineOf(record)
      if (found === undefined) continue
      this.latest = line
      return found
    }
    this.latest = new RepeatedLine(record)
    this.lines[this.next] = this.latest
    this.next = (this.next + 1) % REMEMBERED
    return undefined
  }
}

/** Where a leaf is in a line. */
interface Place {
  readonly at: number
  readonly length: number
  /** The numbers of so many digits are those from `least` on, and below `most`. */
  readonly least: number
  readonly most: number
}

/** A line that may come again with other leaves of the same lengths. */
class RepeatedLine {
  private readonly model: EventRecord
  private places: readonly Place[] = []
  /** Made when the line comes for the second time: many never do. */
  private bytes: Buffer | undefined

  constructor(model: EventRecord) {
    this.model = model
  }

  /** Undefined when the record differs in more than leaves, or in the length of one. */
  lineOf(record: EventRecord): Buffer | undefined {
    if (!isAlike(record, this.model)) return undefined
    if (this.bytes !== undefined) return this.put(record, this.bytes) ? this.bytes : undefined
    const line = lineOf(record)
    if (line.length > LONGEST_LINE) return undefined
    this.places = placesIn(record)
    this.bytes = Buffer.from(`${line}\n`, 'latin1')
    return this.bytes
  }

  private put(record: EventRecord, bytes: Buffer): boolean {
    let next = 0
    if (record.ts !== undefined) next = this.putLeaf(String(record.ts.value()), next, bytes)
    next = this.putPart(record.clock, next, bytes)
    next = this.putPart(record.skb, next, bytes)
    return this.putPart(record.capture, next, bytes) === this.places.length
  }

  /** Gives the number of the next leaf, negative when one does not fit. */
  private putPart(part: Part | undefined, of: number, bytes: Buffer): number {
    if (!(part instanceof Filled)) return of
    let next = this.putLeaf(part.a, of, bytes)
    if (part.b !== undefined) next = this.putLeaf(part.b, next, bytes)
    if (part.c !== undefined) next = this.putLeaf(part.c, next, bytes)
    return next
  }

  private putLeaf(leaf: string | number, of: number, bytes: Buffer): number {
    const place = this.places[of]
    if (place === undefined) return -1
    const { at, length } = place
    if (typeof leaf === 'string') {
      if (leaf.length !== length) return -1
      for (let i = 0; i < length; i++) bytes[at + i] = leaf.charCodeAt(i)
    } else {
      if (leaf < place.least || leaf >= place.most) return -1
      // Digit by digit: V8 remembers the text of each number that it makes one of, which was a third of what its collector had to copy.
      for (let i = at + length - 1, rest = leaf; i >= at; i--, rest = Math.floor(rest / 10)) bytes[i] = 48 + (rest % 10)
    }
    return of + 1
  }
}

/** Do the lines of both differ in leaves alone? */
function isAlike(a: EventRecord, b: EventRecord): boolean {
  return (
    sharesParts(a, b) &&
    hasLeavesLike(a.clock, b.clock) &&
    hasLeavesLike(a.skb, b.skb) &&
    hasLeavesLike(a.capture, b.capture) &&
    (a.ts === undefined) === (b.ts === undefined) &&
    a.flags === b.flags &&
    a.id === b.id &&
    a.unknown === b.unknown
  )
}

/** The same part, or one of the same mould and with the same notes: then they differ in their leaves alone. */
function hasLeavesLike(part: Part | undefined, other: Part | undefined): boolean {
  if (!(part instanceof Filled && other instanceof Filled)) return part === other
  return part.mould === other.mould && part.notes === other.notes
}

const TS_START = ',"ts":"'.length

function placesIn(record: EventRecord): readonly Place[] {
  const places: Place[] = []
  let at = HEADS[record.kind].length
  if (record.ts !== undefined) places.push(placeOf(at + TS_START, String(record.ts.value())))
  at = addPlaces(record.clock, places, at + text(record.ts).length)
  at = addPlaces(record.skb, places, at + beforeSkb(record).length)
  addPlaces(record.capture, places, at + beforeCapture(record).length)
  return places
}

/** Gives the end of the part that begins at `at`. */
function addPlaces(part: Part | undefined, places: Place[], at: number): number {
  if (part instanceof Filled) for (const leaf of part.leaves()) places.push(placeOf(at + leaf.at, leaf.value))
  return at + text(part).length
}

function placeOf(at: number, leaf: string | number): Place {
  const { length } = String(leaf)
  return { at, length, least: length === 1 ? 0 : 10 ** (length - 1), most: 10 ** length }
}
