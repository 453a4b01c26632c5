import { notedParts } from '../event/pieces.ts'
import type { EventRecord } from '../event/record.ts'
import type { SpotCheck } from '../event/spot-check.ts'
import { LONGEST_LINE_BYTES, trim } from '../event/trim.ts'
import type { Output } from '../output/output.ts'
import type { Repeats } from '../shapes/engine.ts'
import { type RepeatableForm, RepeatedLines } from './repeated-line.ts'
import type { Sink } from './sink.ts'

/** An output format with one line for each record. */
export interface LineForm extends RepeatableForm {
  /** What is wrong with the line, without its line end, that is about to be written; undefined when it is right. */
  faultIn(line: string, record: EventRecord): string | undefined
}

/** Writes a line for each record. The spot check sees the bytes that are written, whether made or remembered. */
export function lineSink(output: Output, form: LineForm, check: SpotCheck): Sink {
  const repeated = new RepeatedLines(form)
  const { lineEnd } = form
  return {
    write(record) {
      const bytes = repeated.bytesOf(record)
      if (bytes !== undefined) {
        const fault = check.isDue()
          ? form.faultIn(bytes.toString('latin1', 0, bytes.length - lineEnd.length), record)
          : undefined
        if (fault === undefined) output.writeBytes(bytes)
        return fault
      }
      const line = fittingLine(record, form)
      const fault = check.isDue() ? form.faultIn(line, record) : undefined
      if (fault === undefined) output.write(line + lineEnd)
      return fault
    },
    flush: () => output.flush(),
    ...(!check.isFull && { repeats: repeatsOf(form, output) }),
  }
}

/** The record's line. The record is trimmed first when its line is too long. */
function fittingLine(record: EventRecord, form: LineForm): string {
  const line = form.lineOf(record)
  if (line.length <= LONGEST_LINE_BYTES) return line
  trim(record, (trimmed) => form.lineOf(trimmed).length)
  return form.lineOf(record)
}

/** Lines of this form that can be written without a record. */
export function repeatsOf({ lineEnd, piecesOf }: RepeatableForm, output: Pick<Output, 'writeBytes'>): Repeats {
  return {
    piecesOf(record) {
      // Flags of several makers belong to none of them.
      const makers = notedParts(record).length + Number(record.flags !== undefined)
      const pieces = makers > 1 ? undefined : piecesOf(record)
      return pieces && [...pieces, { text: lineEnd }]
    },
    writeBytes: (bytes) => output.writeBytes(bytes),
  }
}
