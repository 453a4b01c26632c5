import { type Command, Option } from 'commander'
import { ENVELOPES, type EnvelopeName } from '../envelopes/envelope.ts'
import { UsageError } from '../errors.ts'
import type { Named } from '../output/outputs.ts'
import type { ProductPlan } from '../run/plan.ts'
import { ALL_COLUMNS, type CsvColumn, parseColumns, parseDelimiter } from '../sinks/csv/columns.ts'
import { tableSchemaOf } from '../sinks/csv/table-schema.ts'
import { shellWord } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import {
  addEnvelopeFlags,
  addOutDirFlag,
  bodiesProduct,
  type EnvelopeFlags,
  isEnvelope,
  refuseEnvelopeFlags,
} from './envelope-flags.ts'
import type { Product } from './run-job.ts'
import { wallClock } from './wall-clock.ts'

/** What `--to` takes. */
type RecordsForm = 'ndjson' | 'csv' | 'parquet' | EnvelopeName

/** The flags of the output as commander gives them. */
export interface OutputFlags extends EnvelopeFlags {
  /** Undefined: the name of the output decides. */
  readonly to?: RecordsForm
  readonly output?: string
  readonly columns?: string
  readonly delimiter?: string
  readonly header: boolean
  readonly bom?: true
  readonly csvSafe?: true
  readonly tableSchema?: string
}

/** Flags that say what is written, and where to. */
export function addOutputFlags(command: Command, usual: RecordsForm): Command {
  command
    .optionsGroup('What is written:')
    .addOption(
      new Option(
        '--to <form>',
        `what is written (default: by the name of -o, .csv, .parquet, .ndjson; else ${usual})`,
      ).choices(['ndjson', 'csv', 'parquet', ...ENVELOPES]),
    )
    .option(
      '-o, --output <file>',
      'instead of stdout; written beside its place and renamed when complete; .gz compresses',
    )
  addTableFlags(command)
  command.optionsGroup('For log platforms (--to es-bulk, loki, hec, otlp):')
  return addOutDirFlag(addEnvelopeFlags(command))
}

/** Flags that say how a table is written. */
export function addTableFlags(command: Command): Command {
  return command
    .option('--columns <list>', 'csv: these columns, in this order: ts,process.comm,args.queue_mapping')
    .option('--delimiter <char>', 'csv: the character between cells, or the word tab (default: a comma)')
    .option('--no-header', 'csv: writes no line of column names')
    .option('--bom', 'csv: begins with a byte order mark, for spreadsheets')
    .option('--csv-safe', 'csv: writes an apostrophe before what a spreadsheet would take for a formula')
    .option('--table-schema <file>', 'csv: writes what the columns are, as a Frictionless Table Schema')
}

/**
 * What the flags make of records, and where it goes; `usual` is the form where they do not say it. Throws UsageError.
 */
export function productOf(flags: OutputFlags, usual: RecordsForm): Product {
  const named = flags.output === undefined ? {} : formNamed(flags.output)
  const form = flags.to ?? named.form ?? usual
  const records: Named = { as: flags.output === undefined ? 'stdout' : '-o', path: flags.output }
  if (isEnvelope(form)) {
    refuseTableFlags(flags)
    return bodiesProduct(form, flags, records, wallClock())
  }
  refuseEnvelopeFlags(flags)
  if (form === 'csv') return tableOf({ ...named, ...flags }, records)
  refuseTableFlags(flags)
  return { plan: { as: form }, records }
}

function tableOf(flags: OutputFlags, records: Named): Product {
  const columns = flags.columns === undefined ? ALL_COLUMNS : parseColumns(flags.columns)
  const delimiter = parseDelimiter(flags.delimiter ?? ',')
  const form = { columns, delimiter, header: flags.header, bom: flags.bom === true, safe: flags.csvSafe === true }
  const plan: ProductPlan = { as: 'csv', form }
  if (flags.tableSchema === undefined) return { plan, records }
  return { plan, records, beside: { as: '--table-schema', path: flags.tableSchema, text: schemaText(columns) } }
}

function schemaText(columns: readonly CsvColumn[]): string {
  return latin1(`${JSON.stringify(tableSchemaOf(columns), undefined, 2)}\n`)
}

/** Endings of names, and the forms that they mean. */
const FORMS: Readonly<Record<string, { readonly form: RecordsForm; readonly delimiter?: string }>> = {
  csv: { form: 'csv' },
  tsv: { form: 'csv', delimiter: 'tab' },
  ndjson: { form: 'ndjson' },
  jsonl: { form: 'ndjson' },
  parquet: { form: 'parquet' },
}

/** Endings of names that promise what is not written, and how to get it. */
const NOT_WRITTEN: Readonly<Record<string, string>> = {
  zst: 'end the name in .gz, or pipe into zstd',
  xz: 'end the name in .gz, or pipe into xz',
  bz2: 'end the name in .gz, or pipe into bzip2',
  zip: 'end the name in .gz',
}

/** What a file's name says of its bytes. Throws UsageError for what is not written. */
function formNamed(path: string): { readonly form?: RecordsForm; readonly delimiter?: string } {
  const [, ending = ''] = /\.([^./]+)(?:\.gz)?$/i.exec(path) ?? []
  const word = ending.toLowerCase()
  if (Object.hasOwn(NOT_WRITTEN, word))
    throw new UsageError(`-o ${shellWord(path)}: ${word} is not written`, NOT_WRITTEN[word])
  return Object.hasOwn(FORMS, word) ? (FORMS[word] ?? {}) : {}
}

/** Throws UsageError for flags that say how a table is written. */
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
    flag === '--columns' ? 'give --to csv; for NDJSON use --select' : 'give --to csv',
  )
}
