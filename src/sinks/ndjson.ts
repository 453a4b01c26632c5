import { lineOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import { LONGEST_LINE_BYTES, trim } from '../event/trim.ts'
import type { Output } from './output.ts'
import type { Sink } from './sink.ts'

/** Output is joined into blocks of about this many bytes: each write costs more than joining them. */
const BLOCK_BYTES = 64 * 1024

/** One JSON object a line. */
export function ndjsonSink(output: Output): Sink {
  let block = ''
  const send = (): void => {
    if (block.length === 0) return
    const full = block
    block = ''
    output.write(full)
  }
  return {
    write(record: EventRecord) {
      let line = lineOf(record)
      if (line.length > LONGEST_LINE_BYTES) {
        trim(record, (trimmed) => lineOf(trimmed).length)
        line = lineOf(record)
      }
      block += `${line}\n`
      if (block.length >= BLOCK_BYTES) send()
    },
    flush() {
      send()
      return output.drained()
    },
    async end() {
      send()
      await output.end()
    },
    discard: () => output.discard(),
  }
}
