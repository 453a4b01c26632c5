import { type TableField, tableFields } from '../../event/generated/table-fields.ts'
import type { CsvColumn } from './columns.ts'

/** What a reader of the table is told of it: a Frictionless Table Schema. */
export interface TableSchema {
  readonly $schema: string
  readonly fields: readonly TableField[]
  readonly missingValues: readonly string[]
}

export function tableSchemaOf(columns: readonly CsvColumn[]): TableSchema {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
    fields: columns.map(fieldOf),
    missingValues: [''],
  }
}

/** The values of a key of `args` or `sample` may be of any type, those of a label are texts. */
function fieldOf({ name, member }: CsvColumn): TableField {
  return tableFields.find((field) => field.name === name) ?? { name, type: member === 'labels' ? 'string' : 'any' }
}
