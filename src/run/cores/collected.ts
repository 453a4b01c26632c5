import type { Output } from '../../output/output.ts'

/** Output that is kept in bytes of somebody else; what has no room is lost. */
export class Collected implements Output {
  private into: Buffer = Buffer.alloc(0)
  private length = 0
  private isLost = false

  /** What comes next is kept here. */
  begin(into: Buffer): void {
    this.into = into
    this.length = 0
    this.isLost = false
  }

  write(text: string): void {
    if (this.hasRoom(text.length)) this.length += this.into.write(text, this.length, 'latin1')
  }

  writeBytes(bytes: Uint8Array): void {
    if (!this.hasRoom(bytes.length)) return
    this.into.set(bytes, this.length)
    this.length += bytes.length
  }

  flush(): void {}

  /** How many bytes are kept. Undefined: some were lost. */
  get bytes(): number | undefined {
    return this.isLost ? undefined : this.length
  }

  private hasRoom(more: number): boolean {
    this.isLost ||= this.length + more > this.into.length
    return !this.isLost
  }
}
