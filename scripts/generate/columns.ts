import { type EventSchema, refName, type Schema } from './schema.ts'

type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'json'

/** `columns.ts`: one column a leaf, in the order of the schema, sections flattened; what has no fixed leaves is JSON in a cell. */
export function columnsModule({ $defs }: EventSchema): string {
  const { drop_event: drop, metric_event: metric, loss_event: loss, message_event: message } = $defs
  const order = Object.keys({ ...drop?.properties, ...metric?.properties, ...loss?.properties, ...message?.properties })
  const names = Object.keys($defs).filter((name) => order.includes(name))
  const columns = ['v', 'kind', ...names].flatMap((name) => columnsOf(name, $defs[name] ?? {}, $defs))
  const flags = $defs.flags?.items?.examples ?? []
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.

export type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'json'

export interface Column {
  /** \`process.comm\`. */
  readonly name: string
  readonly type: ColumnType
}

/** All columns, in the order of the schema; only appended to within a major version. */
export const columns: readonly Column[] = [
${columns.map(({ name, type }) => `  { name: '${name}', type: '${type}' },`).join('\n')}
]

/** Members of a record in the order of a line. */
export const memberOrder: readonly string[] = ${JSON.stringify(['v', 'kind', ...names])}

export const knownFlags: readonly string[] = ${JSON.stringify(flags)}
`
}

function columnsOf(
  name: string,
  schema: Schema,
  $defs: EventSchema['$defs'],
): readonly { readonly name: string; readonly type: ColumnType }[] {
  if (name === 'v') return [{ name, type: 'integer' }]
  const isFlat = schema.type === 'object' && schema.additionalProperties === undefined
  if (!isFlat) return [{ name, type: typeOf(schema) }]
  return Object.entries(schema.properties ?? {}).map(([key, property]) => ({
    name: `${name}.${key}`,
    type: typeOf(property.$ref === undefined ? property : ($defs[refName(property.$ref)] ?? {})),
  }))
}

function typeOf(schema: Schema): ColumnType {
  const { type } = schema
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return type === 'array' || type === 'object' ? 'json' : 'string'
}
