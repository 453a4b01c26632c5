import type { BodyPiece } from './envelope.ts'

const FIRST_BYTES = 1024

/**
 * The bytes of a group's pieces. Texts that live as long as a body is filled would be copied by the collector of the
 * young generation again and again.
 */
export class BodyBytes {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  private readonly ends: number[] = []
  /** Times of the pieces, where they matter. */
  private readonly times: string[] | undefined
  private isInOrder = true

  private readonly between: string

  /** `between`: what is between two pieces. */
  constructor(between: string, isSorted: boolean) {
    this.between = between
    this.times = isSorted ? [] : undefined
  }

  add({ text, ns }: BodyPiece): void {
    const start = this.begin(text.length)
    this.bytes.write(text, start, 'latin1')
    this.note(start + text.length, ns)
  }

  /** Adds the piece that is in `[from, to)` of these bytes. */
  addBytes(ns: string, bytes: Buffer, from: number, to: number): void {
    const start = this.begin(to - from)
    bytes.copy(this.bytes, start, from, to)
    this.note(start + to - from, ns)
  }

  /** Makes room for a piece of that length; gives its start. */
  private begin(length: number): number {
    const { ends, between } = this
    const last = ends.at(-1)
    const start = last === undefined ? 0 : last + between.length
    if (start + length > this.bytes.length) this.grow(start + length)
    if (last !== undefined && between !== '') this.bytes.write(between, last, 'latin1')
    return start
  }

  private note(end: number, ns: string): void {
    const { times } = this
    this.ends.push(end)
    if (times === undefined) return
    const last = times.at(-1)
    if (last !== undefined && comparedTimes(last, ns) > 0) this.isInOrder = false
    times.push(ns)
  }

  /** Copies the pieces to `body` from `start` on, in their order; gives the end. */
  copyTo(body: Buffer, start: number): number {
    const { times, ends, between } = this
    if (times === undefined || this.isInOrder) return start + this.bytes.copy(body, start, 0, ends.at(-1))
    // Sorting is stable: pieces of one time keep their order.
    const order = [...ends.keys()].sort((a, b) => comparedTimes(times[a] ?? '', times[b] ?? ''))
    let end = start
    for (const [at, piece] of order.entries()) {
      if (at > 0) end += body.write(between, end, 'latin1')
      const from = piece === 0 ? 0 : (ends[piece - 1] ?? 0) + between.length
      end += this.bytes.copy(body, end, from, ends[piece])
    }
    return end
  }

  clear(): void {
    this.ends.length = 0
    if (this.times !== undefined) this.times.length = 0
    this.isInOrder = true
  }

  private grow(least: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(least, 2 * this.bytes.length))
    this.bytes.copy(bytes)
    this.bytes = bytes
  }
}

/** Decimal digits without leading zeros: the longer text is the later time. */
function comparedTimes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
