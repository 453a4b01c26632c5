import { type TableField, tableFields } from '../../event/generated/table-fields.ts'
import type { CsvColumn } from './columns.ts'

/** A Frictionless Table Schema, which describes a table to those who read it. */
export interface TableSchema {
  readonly $schema: string
  readonly fields: readonly TableField[]
  readonly missingValues: readonly string[]
}

/** The schema of a table with these columns. */
export function tableSchemaOf(columns: readonly CsvColumn[]): TableSchema {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
    fields: columns.map(fieldOf),
    missingValues: [''],
  }
}

/** A key of `args` or `sample` may have values of any type; labels are texts. */
function fieldOf({ name, member }: CsvColumn): TableField {
  return tableFields.find((field) => field.name === name) ?? { name, type: member === 'labels' ? 'string' : 'any' }
}
