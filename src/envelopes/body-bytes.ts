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
    const { times } = this
    const before = this.ends.length === 0 ? '' : this.between
    const start = this.ends.at(-1) ?? 0
    const end = start + before.length + text.length
    if (end > this.bytes.length) this.grow(end)
    this.bytes.write(before + text, start, 'latin1')
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
