import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Writer } from './writer.ts'

/** Compresses on the way to `next`. */
export function gzipWriter(next: Writer): Writer {
  const gzip = createGzip()
  gzip.on('data', (chunk: Buffer) => next.write(chunk))
  const drained = async (): Promise<void> => {
    await new Promise((resolve) => gzip.once('drain', resolve))
    await next.room()
  }
  return {
    write(block) {
      // A copy: the caller fills the block again before the stream has taken it.
      gzip.write(Buffer.from(block))
    },
    room: () => (gzip.writableNeedDrain ? drained() : next.room()),
    async end() {
      gzip.end()
      await finished(gzip)
      await next.end()
    },
  }
}
