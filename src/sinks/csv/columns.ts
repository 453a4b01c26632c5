import { UsageError } from '../../errors.ts'
import { FIELD_PATHS, parseFieldName } from '../../event/field-names.ts'
import { type ColumnType, columns } from '../../event/generated/columns.ts'

/** A column of a table. */
export interface CsvColumn {
  /** `process.comm`; `args.queue_mapping` for a key of an open section. */
  readonly name: string
  readonly member: string
  /** Undefined for the member as a whole. */
  readonly key: string | undefined
  /** Undefined for a key of an open section, whose values may have several types. */
  readonly type: ColumnType | undefined
}

/** All columns, in the order of the schema. */
export const ALL_COLUMNS: readonly CsvColumn[] = columns.map(({ name, type }) => ({ ...split(name), name, type }))

/** Reads a list such as `ts,process.comm,args.queue_mapping`. Throws UsageError. */
export function parseColumns(text: string): readonly CsvColumn[] {
  const chosen = text.split(',').map(columnNamed)
  const twice = chosen.find(({ name }, at) => chosen.findIndex((other) => other.name === name) !== at)
  if (twice !== undefined) throw new UsageError(`--columns: ${twice.name} is there twice`)
  return chosen
}

/** Reads a delimiter such as `;` or `tab`. Throws UsageError. */
export function parseDelimiter(text: string): string {
  const delimiter = text === 'tab' || text === '\\t' ? '\t' : text
  // A character that numbers and times contain cannot separate them.
  if (/^[\t -~]$/.test(delimiter) && !/^["\w.:+-]$/.test(delimiter)) return delimiter
  throw new UsageError(
    `--delimiter ${text}: a delimiter is one ASCII character, but not a letter, a digit, a quote or one of + - . : _`,
    'such as ; or tab',
  )
}

function columnNamed(name: string): CsvColumn {
  const known = ALL_COLUMNS.find((column) => column.name === name)
  if (known !== undefined) return known
  const { member, key } = parseFieldName(name, '--columns')
  if (key !== undefined) return { name, member, key, type: undefined }
  const keys = FIELD_PATHS.filter((path) => path.startsWith(`${name}.`))
  throw new UsageError(`--columns: ${name} is a section`, `its columns are ${keys.join(', ')}`)
}

function split(name: string): { readonly member: string; readonly key: string | undefined } {
  const [member = '', key] = name.split('.', 2)
  return { member, key }
}
