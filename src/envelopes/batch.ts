import { BodyBytes } from './body-bytes.ts'
import type { BodyFrame, BodyPiece } from './envelope.ts'

/** How large a request body may become. */
export interface BatchLimits {
  /** Of the whole body, before it is compressed. */
  readonly bytes: number
  readonly records: number
}

/** The most groups whose memory is used again: usually there are few. */
const MOST_SPARE = 8

/** What a request body would come to. */
export class BodyMeasure {
  private readonly frame: BodyFrame
  private readonly limits: BatchLimits
  private readonly groups = new Set<string>()
  /** Of the body. */
  bytes: number
  /** Pieces in it. */
  records = 0

  constructor(frame: BodyFrame, limits: BatchLimits) {
    this.frame = frame
    this.limits = limits
    this.bytes = frame.open.length + frame.close.length
  }

  /** Whether the body keeps its limits when a piece of that length and group is added. */
  fits(length: number, group: string): boolean {
    return this.records < this.limits.records && this.bytes + this.growthBy(length, group) <= this.limits.bytes
  }

  add(length: number, group: string): void {
    this.bytes += this.growthBy(length, group)
    this.records++
    this.groups.add(group)
  }

  private growthBy(length: number, group: string): number {
    const { between, groupEnd, betweenGroups } = this.frame
    if (this.groups.has(group)) return between.length + length
    const before = this.groups.size === 0 ? 0 : betweenGroups.length
    return before + group.length + length + groupEnd.length
  }
}

/** The pieces of one request body after the other. Their bytes are kept, not their texts. */
export class Batch {
  private readonly frame: BodyFrame
  private readonly limits: BatchLimits
  private measure: BodyMeasure
  private groups = new Map<string, BodyBytes>()
  /** Those of groups that are gone, and their memory. */
  private readonly spare: BodyBytes[] = []
  private body = Buffer.alloc(0)

  constructor(frame: BodyFrame, limits: BatchLimits) {
    this.frame = frame
    this.limits = limits
    this.measure = new BodyMeasure(frame, limits)
  }

  /** Bytes of the body. */
  get bytes(): number {
    return this.measure.bytes
  }

  /** Pieces in it. */
  get records(): number {
    return this.measure.records
  }

  /** Whether the body keeps its limits when the piece is added. */
  fits({ text, group }: BodyPiece): boolean {
    return this.measure.fits(text.length, group)
  }

  add(piece: BodyPiece): void {
    this.measure.add(piece.text.length, piece.group)
    this.groupOf(piece.group).add(piece)
  }

  /** Adds the piece that is in these bytes. */
  addBytes(group: string, ns: string, bytes: Buffer, start: number, end: number): void {
    this.measure.add(end - start, group)
    this.groupOf(group).addBytes(ns, bytes, start, end)
  }

  /** The body of all pieces, good until the next call; the batch is empty then. */
  take(): Buffer {
    const { open, groupEnd, betweenGroups, close } = this.frame
    const { bytes } = this.measure
    // The same memory again: fresh memory of some MiB costs more time than what is written to it.
    if (this.body.length < bytes) this.body = Buffer.allocUnsafeSlow(bytes)
    const { body } = this
    let end = body.write(open, 'latin1')
    let isFirst = true
    for (const [head, group] of this.groups) {
      end += body.write(isFirst ? head : betweenGroups + head, end, 'latin1')
      isFirst = false
      end = group.copyTo(body, end)
      end += body.write(groupEnd, end, 'latin1')
    }
    body.write(close, end, 'latin1')
    this.empty()
    return body.subarray(0, bytes)
  }

  private groupOf(head: string): BodyBytes {
    let group = this.groups.get(head)
    if (group === undefined) {
      group = this.spare.pop() ?? new BodyBytes(this.frame.between, this.frame.isSorted)
      this.groups.set(head, group)
    }
    return group
  }

  private empty(): void {
    for (const group of this.groups.values()) {
      if (this.spare.length === MOST_SPARE) break
      group.clear()
      this.spare.push(group)
    }
    this.groups = new Map()
    this.measure = new BodyMeasure(this.frame, this.limits)
  }
}
