import { SLACK } from '../text/byte-words.ts'

/** Bytes that stay: what was learned, one text after the other. */
export class Arena {
  words = new DataView(new ArrayBuffer(16 * 1024))
  /** How many bytes are in use. */
  length = 0
  private bytes = new Uint8Array(this.words.buffer)

  /** Keeps the bytes; gives where they are. */
  add(bytes: Uint8Array): number {
    const at = this.length
    const needed = at + bytes.length + SLACK
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(2 * needed)
      larger.set(this.bytes)
      this.bytes = larger
      this.words = new DataView(larger.buffer)
    }
    this.bytes.set(bytes, at)
    this.length = at + bytes.length
    return at
  }

  addText(latin1Text: string): number {
    return this.add(Buffer.from(latin1Text, 'latin1'))
  }

  text(at: number, length: number): string {
    return Buffer.from(this.words.buffer, at, length).toString('latin1')
  }
}
