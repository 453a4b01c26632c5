import { type EventSchema, leavesOf, recordMembers, type Schema } from './schema.ts'

type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'json'

/** `columns.ts`: the columns that the schema lists, with their types. Throws where the list and the members differ. */
export function columnsModule(schema: EventSchema): string {
  const { $defs, properties = {} } = schema
  const leaves = leavesOf(schema)
  const listed = ($defs.column?.enum ?? []).map(String)
  const unequal = [...new Set(listed)].length !== listed.length || listed.length !== leaves.size
  const wrong = [
    ...[...leaves.keys()].filter((name) => !listed.includes(name)),
    ...listed.filter((name) => !leaves.has(name)),
  ]
  if (unequal || wrong.length > 0) throw new Error(`$defs.column must list each leaf once: ${wrong.join(', ')}`)
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.

export type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'json'

export interface Column {
  /** \`process.comm\`. */
  readonly name: string
  readonly type: ColumnType
}

/** All columns, in the order of the schema; only appended to within a major version. */
export const columns: readonly Column[] = [
${listed.map((name) => `  { name: '${name}', type: '${typeOf(leaves.get(name) ?? {})}' },`).join('\n')}
]

/** Members of a record in the order of a line. */
export const memberOrder: readonly string[] = ${JSON.stringify([...Object.keys(properties), ...recordMembers(schema)])}

/** The flags that mean something to us; a record may have other words. */
export const knownFlags = ${JSON.stringify($defs.flags?.items?.examples ?? [])} as const
`
}

function typeOf({ type, const: constant }: Schema): ColumnType {
  if (typeof constant === 'number') return 'integer'
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return type === 'array' || type === 'object' ? 'json' : 'string'
}
