import type { Output } from './output.ts'

const PIECE_BYTES = 8 * 1024
export const BLOCK_BYTES = 64 * 1024

/**
 * Text on its way to an output. It is joined into pieces first: the collector of the young generation does not copy a
 * rope that stays small. Pieces are then joined into blocks: a write costs more than joining does. All blocks share
 * one buffer, because a new buffer for each takes a tenth of the run.
 */
export class Blocks implements Output {
  private piece = ''
  private readonly block = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES)
  private length = 0
  private readonly send: (bytes: Buffer) => void

  constructor(send: (bytes: Buffer) => void) {
    this.send = send
  }

  write(text: string): void {
    this.piece += text
    if (this.piece.length >= PIECE_BYTES) this.gather()
  }

  writeBytes(bytes: Uint8Array): void {
    this.gather()
    if (this.length + bytes.length > this.block.length) this.flush()
    // Lines of a known shape come in larger pieces, which need not be copied.
    if (bytes.length > this.block.length) {
      this.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
      return
    }
    this.block.set(bytes, this.length)
    this.length += bytes.length
    if (this.length >= BLOCK_BYTES) this.flush()
  }

  flush(): void {
    this.gather()
    if (this.length === 0) return
    const bytes = this.block.subarray(0, this.length)
    this.length = 0
    this.send(bytes)
  }

  private gather(): void {
    const { piece } = this
    if (piece === '') return
    this.piece = ''
    if (this.length + piece.length > this.block.length) this.flush()
    if (piece.length > this.block.length) this.send(Buffer.from(piece, 'latin1'))
    else {
      this.length += this.block.write(piece, this.length, 'latin1')
      if (this.length >= BLOCK_BYTES) this.flush()
    }
  }
}
