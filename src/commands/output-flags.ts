import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { ALL_COLUMNS, type CsvColumn, parseColumns, parseDelimiter } from '../sinks/csv/columns.ts'
import { tableSchemaOf } from '../sinks/csv/table-schema.ts'
import { csvSink } from '../sinks/csv.ts'
import { ndjsonSink } from '../sinks/ndjson.ts'
import { fileOutput, type Output, stdoutOutput } from '../sinks/output.ts'
import type { Sink } from '../sinks/sink.ts'
import { shellWord } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'

/** What was typed of the output. */
export interface OutputFlags {
  readonly to: 'ndjson' | 'csv'
  readonly output?: string
  readonly columns?: string
  readonly delimiter?: string
  readonly header: boolean
  readonly bom?: true
  readonly csvSafe?: true
  readonly tableSchema?: string
}

/** Flags that say what is written, and where to. */
export function addOutputFlags(command: Command, form: OutputFlags['to']): Command {
  return command
    .optionsGroup('What is written:')
    .addOption(new Option('--to <form>', 'what is written').choices(['ndjson', 'csv']).default(form))
    .option(
      '-o, --output <file>',
      'instead of stdout; written beside its place and renamed when complete; .gz compresses',
    )
    .option('--columns <list>', 'csv: these columns, in this order: ts,process.comm,args.queue_mapping')
    .option('--delimiter <char>', 'csv: what divides cells; tab is a word for it (default: a comma)')
    .option('--no-header', 'csv: no line of column names')
    .option('--bom', 'csv: begin with a byte order mark, for spreadsheets')
    .option('--csv-safe', 'csv: an apostrophe before what a spreadsheet would take for a formula')
    .option('--table-schema <file>', 'csv: what the columns are, as a Frictionless Table Schema')
}

/** Opens the sink. Throws UsageError, and InputError for a file that cannot be written. */
export function sinkOf(flags: OutputFlags): Sink {
  const { to, output: path, tableSchema } = flags
  if (to !== 'csv') {
    refuseTableFlags(flags)
    return ndjsonSink(outputTo(path))
  }
  const columns = flags.columns === undefined ? ALL_COLUMNS : parseColumns(flags.columns)
  const delimiter = parseDelimiter(flags.delimiter ?? ',')
  if (path !== undefined && path === tableSchema)
    throw new UsageError(`-o and --table-schema name one file: ${shellWord(path)}`)
  const schema = tableSchema === undefined ? undefined : fileOutput(tableSchema)
  const output = orDiscard(() => outputTo(path), schema)
  const sink = csvSink(output, {
    columns,
    delimiter,
    header: flags.header,
    bom: flags.bom === true,
    safe: flags.csvSafe === true,
  })
  return schema === undefined ? sink : withTableSchema(sink, columns, schema)
}

function outputTo(path: string | undefined): Output {
  return path === undefined ? stdoutOutput() : fileOutput(path)
}

/** Opens an output; when that fails, the one opened before does not stay behind. */
function orDiscard(open: () => Output, before: Output | undefined): Output {
  try {
    return open()
  } catch (error) {
    before?.discard()
    throw error
  }
}

/** Throws UsageError for what says how a table is written. */
function refuseTableFlags({ columns, delimiter, header, bom, csvSafe, tableSchema }: OutputFlags): void {
  const given = Object.entries({
    '--columns': columns !== undefined,
    '--delimiter': delimiter !== undefined,
    '--no-header': !header,
    '--bom': bom === true,
    '--csv-safe': csvSafe === true,
    '--table-schema': tableSchema !== undefined,
  }).find(([, isGiven]) => isGiven)
  if (given === undefined) return
  const [flag] = given
  throw new UsageError(
    `${flag} is for tables`,
    flag === '--columns' ? 'give --to csv; for NDJSON there is --select' : 'give --to csv',
  )
}

/** The schema gets its name with the table. */
function withTableSchema(sink: Sink, columns: readonly CsvColumn[], output: Output): Sink {
  return {
    ...sink,
    async end() {
      output.write(latin1(`${JSON.stringify(tableSchemaOf(columns), undefined, 2)}\n`))
      await output.end()
      await sink.end()
    },
    discard() {
      output.discard()
      sink.discard()
    },
  }
}
