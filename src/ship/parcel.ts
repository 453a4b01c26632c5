import type { Chunk } from './backlog.ts'

/** Memory of so many parcels is used again: fresh memory costs more time than what is written to it. */
const MOST_SPARE = 64
/** Most chunks have fewer bytes as the platform takes them. */
const USUAL_BYTES = 128 * 1024

/** A chunk of which some records are not settled, and its records as the platform takes them. */
export class Parcel {
  readonly chunk: Chunk
  unsettled: number
  /** What was packed is in it up to `end`. */
  bytes: Buffer
  end = 0

  constructor(chunk: Chunk, bytes: Buffer) {
    this.chunk = chunk
    this.unsettled = chunk.records
    this.bytes = bytes
  }

  /** Adds a text (latin1) to the bytes; it ends at `end` then. */
  pack(text: string): void {
    const end = this.end + text.length
    if (end > this.bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.bytes.length))
      this.bytes.copy(bytes, 0, 0, this.end)
      this.bytes = bytes
    }
    this.bytes.write(text, this.end, 'latin1')
    this.end = end
  }
}

/** Makes parcels, and takes the memory of those that are settled for others. */
export class Parcels {
  private readonly spare: Buffer[] = []

  of(chunk: Chunk): Parcel {
    return new Parcel(chunk, this.spare.pop() ?? Buffer.allocUnsafeSlow(USUAL_BYTES))
  }

  /** Nobody looks at the parcel any more. */
  settled({ bytes }: Parcel): void {
    if (this.spare.length < MOST_SPARE) this.spare.push(bytes)
  }
}
