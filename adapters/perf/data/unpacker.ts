// The zstd stream of `perf record -z`: its pieces are in records of their own, and it has no end.
import { Decompress } from 'fzstd'

/** Without a bound in the recording. */
const MOST_BYTES = 64 * 1024 * 1024
/** zstd itself gets no better than some thousands. */
const MOST_RATIO = 1000
const SLACK = 1024 * 1024

class TooLarge extends Error {}

/** One stream. After a piece that is damaged nothing of it can be read. */
export class PieceUnpacker {
  isBroken = false
  private readonly pieces: Uint8Array[] = []
  private bytes = 0
  private most = MOST_BYTES
  private packed = 0
  private unpacked = 0
  private readonly stream: Decompress

  constructor() {
    this.stream = new Decompress((piece) => {
      this.bytes += piece.length
      if (this.bytes > this.most) throw new TooLarge()
      if (piece.length > 0) this.pieces.push(piece)
    })
  }

  /**
   * What the next piece grows to, after `before`: at most `most` bytes. Undefined: it is damaged, or larger than it may
   * be.
   */
  unpack(packed: Uint8Array, before: Uint8Array, most = MOST_BYTES): Uint8Array | undefined {
    if (this.isBroken) return undefined
    this.bytes = 0
    this.most = Math.min(most, MOST_BYTES)
    this.pieces.length = 0
    try {
      this.stream.push(packed)
    } catch {
      this.isBroken = true
      return undefined
    }
    this.packed += packed.length
    this.unpacked += this.bytes
    if (this.unpacked > MOST_RATIO * this.packed + SLACK) {
      this.isBroken = true
      return undefined
    }
    return joined([before, ...this.pieces])
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
