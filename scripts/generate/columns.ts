import { type EventSchema, memberNames, propertiesOf, resolved, type Schema, type Schemas } from './schema.ts'

type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'json'

/** `columns.ts`: the columns that the schema lists, with their types. Throws where the list and the members differ. */
export function columnsModule(schema: EventSchema): string {
  const { $defs, properties = {} } = schema
  const members = memberNames(schema).filter((name) => name !== 'drop_context')
  const types = new Map<string, ColumnType>([
    ...Object.keys(properties).map((name): [string, ColumnType] => [name, name === 'v' ? 'integer' : 'string']),
    ...members.flatMap((name) => leavesOf(name, $defs)),
  ])
  const listed = ($defs.column?.enum ?? []).map(String)
  const unequal = [...new Set(listed)].length !== listed.length || listed.length !== types.size
  const columns = listed.map((name) => ({ name, type: types.get(name) }))
  const wrong = [...types.keys()].filter((name) => !listed.includes(name))
  wrong.push(...columns.filter(({ type }) => type === undefined).map(({ name }) => name))
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
${columns.map(({ name, type }) => `  { name: '${name}', type: '${type}' },`).join('\n')}
]

/** Members of a record in the order of a line. */
export const memberOrder: readonly string[] = ${JSON.stringify([...Object.keys(properties), ...members])}

/** The flags that mean something to us; a record may have other words. */
export const knownFlags = ${JSON.stringify($defs.flags?.items?.examples ?? [])} as const
`
}

/** One column a leaf; a section without fixed members, and every list, is JSON in a cell. */
function leavesOf(name: string, $defs: Schemas): readonly [string, ColumnType][] {
  const member = $defs[name] ?? {}
  if (member.type !== 'object' || member.additionalProperties !== undefined) return [[name, typeOf(member)]]
  return propertiesOf(member).map(([key, property]) => [`${name}.${key}`, typeOf(resolved(property, $defs))])
}

function typeOf({ type }: Schema): ColumnType {
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return type === 'array' || type === 'object' ? 'json' : 'string'
}
