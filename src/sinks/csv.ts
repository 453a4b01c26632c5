import type { Output } from '../output/output.ts'
import type { CsvColumn } from './csv/columns.ts'
import { Rows } from './csv/row.ts'
import type { Sink } from './sink.ts'

/** How a table is written. */
export interface CsvForm {
  readonly columns: readonly CsvColumn[]
  /** One ASCII character. */
  readonly delimiter: string
  readonly header: boolean
  /** Begin with a UTF-8 byte order mark, for spreadsheets that take a file for Latin-1 without. */
  readonly bom: boolean
  /** An apostrophe before what a spreadsheet would take for a formula. */
  readonly safe: boolean
}

/** RFC 4180. */
const LINE_END = '\r\n'

/** A row a record, by RFC 4180: what is absent is an empty cell, an empty text is `""`. */
export function csvSink(output: Output, { columns, delimiter, header, bom, safe }: CsvForm): Sink {
  const rows = new Rows(columns, delimiter, safe, LINE_END)
  output.write(`${bom ? '\xef\xbb\xbf' : ''}${header ? rows.header : ''}`)
  return {
    write(record) {
      const row = rows.of(record)
      // A row of one empty cell would be an empty line, which readers skip.
      output.write(row === LINE_END && columns.length === 1 ? `""${LINE_END}` : row)
    },
    flush: () => output.flush(),
  }
}
