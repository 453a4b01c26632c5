import { lineOf } from '../../src/event/line.ts'
import { faultInLine } from '../../src/event/spot-check.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { utf8 } from '../../src/text/utf8.ts'

/** Gives each record's line, without its line end, to `put`; all are checked. */
export function sinkTo(put: (line: string) => void): Sink {
  return {
    write(record) {
      const line = lineOf(record)
      const fault = faultInLine(line, record)
      if (fault === undefined) put(utf8(line))
      return fault
    },
    flush() {},
  }
}
