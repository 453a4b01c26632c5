import type { SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import type { CsvColumn } from './csv/columns.ts'
import { LINE_END, rowForm } from './csv/form.ts'
import { Quoting } from './csv/quoting.ts'
import { lineSink } from './line-sink.ts'
import type { Sink } from './sink.ts'

/** The form of a table. */
export interface CsvForm {
  readonly columns: readonly CsvColumn[]
  /** One ASCII character. */
  readonly delimiter: string
  readonly header: boolean
  /** Begin with a UTF-8 byte order mark, for spreadsheets that read a file as Latin-1 without it. */
  readonly bom: boolean
  /** Put an apostrophe before a text that a spreadsheet would read as a formula. */
  readonly safe: boolean
}

/** Writes each record as a row, by RFC 4180. An absent member is an empty cell; an empty text is `""`. */
export function csvSink(output: Output, { columns, delimiter, header, bom, safe }: CsvForm, check: SpotCheck): Sink {
  const quoting = new Quoting(delimiter, safe)
  const names = columns.map(({ name }) => quoting.text(name)).join(delimiter)
  output.write(`${bom ? '\xef\xbb\xbf' : ''}${header ? names + LINE_END : ''}`)
  return lineSink(output, rowForm(columns, delimiter, quoting), check)
}
