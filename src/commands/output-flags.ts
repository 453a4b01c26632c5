import { type Command, Option } from 'commander'
import { ALL_COLUMNS, parseColumns, parseDelimiter } from '../sinks/csv/columns.ts'
import { csvSink } from '../sinks/csv.ts'
import { ndjsonSink } from '../sinks/ndjson.ts'
import { fileOutput, stdoutOutput } from '../sinks/output.ts'
import type { Sink } from '../sinks/sink.ts'

/** What was typed of the output. */
export interface OutputFlags {
  readonly to: 'ndjson' | 'csv'
  readonly output?: string
  readonly columns?: string
  readonly delimiter: string
  readonly header: boolean
  readonly bom?: true
  readonly csvSafe?: true
}

/** Flags that say what is written, and where to. */
export function addOutputFlags(command: Command, form: OutputFlags['to']): Command {
  return command
    .addOption(new Option('--to <form>', 'what is written').choices(['ndjson', 'csv']).default(form))
    .option(
      '-o, --output <file>',
      'instead of stdout; written beside its place and renamed when complete; .gz compresses',
    )
    .option('--columns <list>', 'csv: these columns, in this order: ts,process.comm,args.queue_mapping')
    .option('--delimiter <char>', 'csv: what divides cells; tab is a word for it', ',')
    .option('--no-header', 'csv: no line of column names')
    .option('--bom', 'csv: begin with a byte order mark, for spreadsheets')
    .option('--csv-safe', 'csv: an apostrophe before what a spreadsheet would take for a formula')
}

/** Opens the sink. Throws UsageError, and InputError for a file that cannot be written. */
export function sinkOf(flags: OutputFlags): Sink {
  const form = {
    columns: flags.columns === undefined ? ALL_COLUMNS : parseColumns(flags.columns),
    delimiter: parseDelimiter(flags.delimiter),
    header: flags.header,
    bom: flags.bom === true,
    safe: flags.csvSafe === true,
  }
  const output = flags.output === undefined ? stdoutOutput() : fileOutput(flags.output)
  return flags.to === 'csv' ? csvSink(output, form) : ndjsonSink(output)
}
