import type { SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import type { CsvColumn } from './csv/columns.ts'
import { LINE_END, rowForm } from './csv/form.ts'
import { Quoting } from './csv/quoting.ts'
import { lineSink } from './line-sink.ts'
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

/** A row a record, by RFC 4180: what is absent is an empty cell, an empty text is `""`. */
export function csvSink(
  output: Output,
  { columns, delimiter, header, bom, safe }: CsvForm,
  isChecked: SpotCheck,
): Sink {
  const quoting = new Quoting(delimiter, safe)
  const names = columns.map(({ name }) => quoting.text(name)).join(delimiter)
  output.write(`${bom ? '\xef\xbb\xbf' : ''}${header ? names + LINE_END : ''}`)
  return lineSink(output, rowForm(columns, delimiter, quoting), isChecked)
}
