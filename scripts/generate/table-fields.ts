import { type EventSchema, leavesOf, type Schema } from './schema.ts'

interface TableField {
  readonly name: string
  readonly type: string
  readonly description?: string
  readonly constraints?: Readonly<Record<string, unknown>>
}

/** `table-fields.ts`: the columns as fields of a Frictionless Table Schema. */
export function tableFieldsModule(schema: EventSchema): string {
  const { $defs } = schema
  const leaves = leavesOf(schema)
  const listed = ($defs.column?.enum ?? []).map(String)
  // What every record has: the members that all shells require, and of these the keys that are required.
  const always = ['v', 'kind', ...($defs.capture?.required ?? []).map((key) => `capture.${key}`)]
  const fields = listed.map((name) => fieldOf(name, leaves.get(name) ?? {}, always.includes(name)))
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.

/** https://specs.frictionlessdata.io/table-schema/ */
export interface TableField {
  readonly name: string
  readonly type: string
  readonly description?: string
  readonly constraints?: { readonly [name: string]: unknown }
}

/** By column. */
export const tableFields: readonly TableField[] = ${JSON.stringify(fields, undefined, 2)}
`
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): TableField {
  const { description, minimum, maximum, enum: words } = schema
  const constraints = {
    ...(isRequired && { required: true }),
    ...(words !== undefined && { enum: words }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  }
  return {
    name,
    type: typeOf(schema),
    ...(description !== undefined && { description }),
    ...(Object.keys(constraints).length > 0 && { constraints }),
  }
}

/** Times are strings: a datetime of nine fraction digits loses its last three in most readers. */
function typeOf({ type, const: constant }: Schema): string {
  if (typeof constant === 'number') return 'integer'
  return typeof type === 'string' ? type : 'string'
}
