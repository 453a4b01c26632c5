import { differInLeavesAlone, partAt, partNames } from '../event/generated/members.ts'
import { Filled } from '../event/part.ts'
import type { LinePiece } from '../event/pieces.ts'
import type { EventRecord } from '../event/record.ts'

/** How many lines are remembered. More than one, because threads and CPUs take turns. */
const REMEMBERED = 8
/** Longer lines are not remembered: a few leaves are too small a part of them. */
const LONGEST_BYTES = 16 * 1024

/** The place of a leaf in the line of a record. */
interface LeafPlace {
  /** The index of its part in `partNames`. */
  readonly part: number
  /** Which leaf of that part it is: 0, 1 or 2. */
  readonly leaf: number
  /** The offset in the line, in bytes. */
  readonly at: number
  /** In bytes. */
  readonly length: number
}

/** How a line is made. */
export interface RepeatableForm {
  /** The line without its line end: UTF-8 bytes, one char a byte. */
  lineOf(record: EventRecord): string
  /** The same in pieces; undefined when a leaf of the record cannot be replaced by another one in its line. */
  piecesOf(record: EventRecord): readonly LinePiece[] | undefined
  readonly lineEnd: string
}

/**
 * Remembers the last few lines. Many lines differ from one of them only in the leaves of moulded parts; their bytes
 * are those of the remembered line with the leaves replaced. That takes a third of the time of joining the parts.
 */
export class RepeatedLines {
  private readonly form: RepeatableForm
  private readonly lines: RepeatedLine[] = []
  private latest: RepeatedLine | undefined
  private next = 0

  constructor(form: RepeatableForm) {
    this.form = form
  }

  /** The record's line with its line end, valid until the next call; undefined when no remembered line is like it. */
  bytesOf(record: EventRecord): Buffer | undefined {
    if (record.source !== undefined) return undefined
    const bytes = this.latest?.bytesOf(record)
    if (bytes !== undefined) return bytes
    for (const line of this.lines) {
      const found = line === this.latest ? undefined : line.bytesOf(record)
      if (found === undefined) continue
      this.latest = line
      return found
    }
    this.latest = new RepeatedLine(record, this.form)
    this.lines[this.next] = this.latest
    this.next = (this.next + 1) % REMEMBERED
    return undefined
  }
}

/** A line that may come again, with other leaves of the same lengths. */
class RepeatedLine {
  private readonly model: EventRecord
  private readonly form: RepeatableForm
  private parts: readonly MouldedPart[] = []
  /** Made when the line comes for the second time: many lines come only once. */
  private bytes: Buffer | undefined

  constructor(model: EventRecord, form: RepeatableForm) {
    this.model = model
    this.form = form
  }

  /** The record's line; undefined when the record differs in more than leaves, or in the length of a leaf. */
  bytesOf(record: EventRecord): Buffer | undefined {
    if (!this.isAlike(record)) return undefined
    if (this.bytes !== undefined) return this.putLeaves(record, this.bytes) ? this.bytes : undefined
    const line = this.form.lineOf(record)
    const pieces = line.length > LONGEST_BYTES ? undefined : this.form.piecesOf(record)
    if (pieces === undefined) return undefined
    this.parts = partsOf(placesIn(pieces, record))
    this.bytes = Buffer.from(line + this.form.lineEnd, 'latin1')
    return this.bytes
  }

  private isAlike(record: EventRecord): boolean {
    const { model } = this
    return (
      record.kind === model.kind &&
      record.flags === model.flags &&
      record.unknown === model.unknown &&
      differInLeavesAlone(record, model)
    )
  }

  private putLeaves(record: EventRecord, bytes: Buffer): boolean {
    const { parts } = this
    for (let at = 0; at < parts.length; at++) if (parts[at]?.put(record, bytes) === false) return false
    return true
  }
}

/** The leaves of one part in a line, each in one place. */
class MouldedPart {
  private readonly place: number
  private a: Bounds | undefined
  private b: Bounds | undefined
  private c: Bounds | undefined

  constructor(place: number) {
    this.place = place
  }

  /** False: it has another place of this leaf. */
  learn({ leaf, at, length }: LeafPlace): boolean {
    if ((leaf === 0 ? this.a : leaf === 1 ? this.b : this.c) !== undefined) return false
    const bounds = { at, length, least: length === 1 ? 0 : 10 ** (length - 1), most: 10 ** length }
    if (leaf === 0) this.a = bounds
    else if (leaf === 1) this.b = bounds
    else this.c = bounds
    return true
  }

  /** Puts the leaves of the record's part into the line. False when one of them does not fit. */
  put(record: EventRecord, bytes: Buffer): boolean {
    const part = partAt(record, this.place)
    if (!(part instanceof Filled)) return false
    const { a, b, c } = this
    if (a !== undefined && !putLeaf(part.a, a, bytes)) return false
    if (b !== undefined && !putLeaf(part.b, b, bytes)) return false
    return c === undefined || putLeaf(part.c, c, bytes)
  }
}

/** The bounds of a leaf in a line. A number fits its digits when it is at least `least` and below `most`. */
interface Bounds {
  readonly at: number
  readonly length: number
  readonly least: number
  readonly most: number
}

/** The leaves of a part that was cast do not change: a line with another such part is not alike. */
function placesIn(pieces: readonly LinePiece[], record: EventRecord): readonly LeafPlace[] {
  const places: LeafPlace[] = []
  let at = 0
  for (const { text, part, leaf } of pieces) {
    if (part !== undefined && leaf !== undefined && record[part] instanceof Filled)
      places.push({ part: partNames.indexOf(part), leaf: leaf.of, at, length: text.length })
    at += text.length
  }
  return places
}

function partsOf(places: readonly LeafPlace[]): readonly MouldedPart[] {
  const parts = new Map<number, MouldedPart[]>()
  for (const place of places) {
    const same = parts.get(place.part) ?? []
    parts.set(place.part, same)
    if (same.some((part) => part.learn(place))) continue
    // A leaf may be in a line more than once.
    const part = new MouldedPart(place.part)
    part.learn(place)
    same.push(part)
  }
  return [...parts.values()].flat()
}

/** Puts a leaf into the line. False when it does not fit. */
function putLeaf(leaf: string | number | undefined, { at, length, least, most }: Bounds, bytes: Buffer): boolean {
  if (typeof leaf === 'string') {
    if (leaf.length !== length) return false
    for (let i = 0; i < length; i++) bytes[at + i] = leaf.charCodeAt(i)
    return true
  }
  if (leaf === undefined || leaf < least || leaf >= most) return false
  // Digit by digit: V8 caches the text of each number that it formats. That was a third of what its collector copied.
  for (let i = at + length - 1, rest = leaf; i >= at; i--, rest = Math.floor(rest / 10)) bytes[i] = 48 + (rest % 10)
  return true
}
