/**
 * Bytes in the order in which they come, in pieces of any wanted size. A piece is good until the next is asked for.
 */
export class Pieces {
  private readonly source: AsyncIterator<Uint8Array>
  private chunk: Uint8Array = new Uint8Array(0)
  private at = 0
  private isAtEnd = false
  /** What the source threw: it comes after all good bytes, and each time that more is asked for. */
  private fault: { readonly error: unknown } | undefined
  /** Bytes before the chunk. */
  private passed = 0

  constructor(source: AsyncIterator<Uint8Array>) {
    this.source = source
  }

  /** No bytes: who asks for them gets this error. */
  static failing(error: unknown): Pieces {
    return new Pieces({ next: () => Promise.reject(error) })
  }

  /** Bytes handed out. */
  get taken(): number {
    return this.passed + this.at
  }

  /**
   * The first bytes, which are not taken: as many as came at once, and more only while they may begin a known form. It
   * must be the first call.
   */
  async head(mayBegin: (head: Uint8Array) => boolean): Promise<Uint8Array> {
    if (this.chunk.length === 0) this.chunk = await this.next()
    while (mayBegin(this.chunk) && !this.isAtEnd) {
      const start = Buffer.from(this.chunk)
      this.chunk = Buffer.concat([start, await this.next()])
    }
    return this.chunk
  }

  /** At most `most` bytes, at least one; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.at === this.chunk.length) {
      if (this.fault !== undefined) throw this.fault.error
      if (this.isAtEnd) return undefined
      this.passed += this.chunk.length
      this.at = 0
      this.chunk = await this.next()
    }
    const piece = this.chunk.subarray(this.at, this.at + most)
    this.at += piece.length
    return piece
  }

  /** A copy of `count` bytes; undefined where the input ends before. */
  async exactly(count: number): Promise<Buffer | undefined> {
    const bytes = Buffer.alloc(count)
    for (let done = 0; done < count; ) {
      const piece = await this.some(count - done)
      if (piece === undefined) return undefined
      bytes.set(piece, done)
      done += piece.length
    }
    return bytes
  }

  /** Gives back the last `count` bytes of the piece handed out last: they come again. */
  giveBack(count: number): void {
    this.at -= count
  }

  /** The source is left. It may wait for bytes that never come: so nobody waits for it. */
  close(): void {
    this.source.return?.()?.catch(nothing)
  }

  private async next(): Promise<Uint8Array> {
    try {
      const { done, value } = await this.source.next()
      this.isAtEnd = done === true
      return done === true ? NOTHING : value
    } catch (error) {
      this.fault = { error }
      this.isAtEnd = true
      return NOTHING
    }
  }
}

function nothing(): void {}

const NOTHING = new Uint8Array(0)
const CHUNK_BYTES = 256 * 1024

/** The bytes to their end. Throws what their source throws. */
export async function* allOf(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for (let piece = await pieces.some(CHUNK_BYTES); piece !== undefined; piece = await pieces.some(CHUNK_BYTES)) {
    yield piece
  }
}
