import { Again } from '../event/again.ts'
import { lineOf } from '../event/line.ts'
import { LONGEST_LINE_BYTES, trim } from '../event/trim.ts'
import type { Output } from '../output/output.ts'
import type { Sink } from './sink.ts'

/** One JSON object a line. */
export function ndjsonSink(output: Output): Sink {
  const again = new Again()
  return {
    write(record) {
      const bytes = again.lineOf(record)
      if (bytes !== undefined) {
        output.writeBytes(bytes)
        return
      }
      let line = lineOf(record)
      if (line.length > LONGEST_LINE_BYTES) {
        trim(record, (trimmed) => lineOf(trimmed).length)
        line = lineOf(record)
      }
      output.write(`${line}\n`)
    },
    flush: () => output.flush(),
  }
}
