import { Blocks } from '../output/blocks.ts'
import type { Output } from '../output/output.ts'
import type { Backlog } from './backlog.ts'

const LF = 10

/** The output of a run whose records go to a backlog: each block is whole lines. */
export function backlogOutput(backlog: Backlog): Output {
  const blocks = new Blocks((lines) => {
    if (lines.at(-1) !== LF) throw new RangeError('a block ends within a line')
    backlog.put(lines)
  })
  return {
    write: (text) => blocks.write(text),
    writeBytes: (bytes) => blocks.writeBytes(bytes),
    flush() {
      blocks.flush()
      return backlog.room()
    },
  }
}
