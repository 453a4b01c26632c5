import type { Duplex } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Writer } from './writer.ts'

/** Sends blocks through a stream that packs them, to `next`. `ended` rejects where the packer has failed. */
export function packerWriter(packer: Duplex, next: Writer, ended: Promise<void> = Promise.resolve()): Writer {
  packer.on('data', (chunk: Buffer) => next.write(chunk))
  // `end` reports it.
  packer.on('error', () => {})
  const drained = async (): Promise<void> => {
    await eitherOf(packer, 'drain', 'close')
    await next.room()
  }
  return {
    write(block) {
      // A copy: the caller fills the block again before the stream has taken it.
      packer.write(Buffer.from(block))
    },
    room: () => (packer.writableNeedDrain ? drained() : next.room()),
    async end() {
      packer.end()
      await finished(packer)
      await ended
      await next.end()
    },
    leave() {
      // It packs in its own time, and would write to a file that is closed, or to the next one of its descriptor.
      next.leave?.()
      packer.destroy()
    },
  }
}

/** Leaves no listener: a long run waits very often. */
function eitherOf(packer: Duplex, one: string, other: string): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      packer.off(one, wake).off(other, wake)
      resolve()
    }
    packer.on(one, wake).on(other, wake)
  })
}
