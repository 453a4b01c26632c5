import type { BodyFrame, BodyPiece } from './envelope.ts'

/** How large a request body may become. */
export interface BatchLimits {
  /** Of the whole body, before it is compressed. */
  readonly bytes: number
  readonly records: number
}

interface BodyGroup {
  readonly pieces: BodyPiece[]
  isSorted: boolean
}

/** The pieces of one request body. */
export class Batch {
  private readonly frame: BodyFrame
  private readonly limits: BatchLimits
  private groups = new Map<string, BodyGroup>()
  private size: number
  /** Pieces in it. */
  records = 0

  constructor(frame: BodyFrame, limits: BatchLimits) {
    this.frame = frame
    this.limits = limits
    this.size = frame.open.length + frame.close.length
  }

  /** Bytes of the body. */
  get bytes(): number {
    return this.size
  }

  /** Whether the body keeps its limits when the piece is added. */
  fits(piece: BodyPiece): boolean {
    return this.records < this.limits.records && this.size + this.growthBy(piece) <= this.limits.bytes
  }

  add(piece: BodyPiece): void {
    this.size += this.growthBy(piece)
    this.records++
    const group = this.groups.get(piece.group)
    if (group === undefined) this.groups.set(piece.group, { pieces: [piece], isSorted: true })
    else {
      const last = group.pieces.at(-1)
      if (last !== undefined && comparedTimes(last, piece) > 0) group.isSorted = false
      group.pieces.push(piece)
    }
  }

  /** The body of all pieces; the batch is empty then. */
  take(): string {
    const { open, between, groupEnd, betweenGroups, close, isSorted } = this.frame
    let body = open
    let isFirst = true
    for (const [head, group] of this.groups) {
      if (!isFirst) body += betweenGroups
      isFirst = false
      // Sorting is stable: records of one time keep their order.
      const pieces = isSorted && !group.isSorted ? group.pieces.toSorted(comparedTimes) : group.pieces
      body += head + pieces.map(({ text }) => text).join(between) + groupEnd
    }
    this.groups = new Map()
    this.size = open.length + close.length
    this.records = 0
    return body + close
  }

  private growthBy({ text, group }: BodyPiece): number {
    const { between, groupEnd, betweenGroups } = this.frame
    if (this.groups.has(group)) return between.length + text.length
    const before = this.groups.size === 0 ? 0 : betweenGroups.length
    return before + group.length + text.length + groupEnd.length
  }
}

/** Decimal digits without leading zeros: the longer text is the later time. */
function comparedTimes({ ns: a }: BodyPiece, { ns: b }: BodyPiece): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
