import {
  type EventSchema,
  kindOf,
  memberNames,
  propertiesOf,
  recordMembers,
  resolved,
  type Schema,
  type Schemas,
  shellNames,
} from './schema.ts'

type FieldType =
  | 'int'
  | 'double'
  | 'string'
  | 'bool'
  | 'dyn'
  | { readonly list: FieldType }
  | { readonly map: FieldType }
  | { readonly fields: Readonly<Record<string, FieldType>> }

/**
 * `fields.ts`: the fields that expressions can use, with their types, and those that a record keeps whatever is
 * selected.
 */
export function fieldsModule(schema: EventSchema): string {
  const { $defs, properties = {} } = schema
  const fields: Record<string, FieldType> = {
    ...Object.fromEntries(Object.keys(properties).map((name) => [name, name === 'v' ? 'int' : 'string'])),
    ...Object.fromEntries(recordMembers(schema).map((name) => [name, typeOf($defs[name] ?? {}, $defs)])),
  }
  const requiredMembers = shellNames(schema).map((name) => [kindOf(name), $defs[name]?.required ?? []])
  const requiredKeys = memberNames(schema).map((name) => [name, $defs[name]?.required ?? []])
  const alternatives = memberNames(schema).flatMap((name) => {
    const { if: wanted, else: instead } = $defs[name] ?? {}
    return wanted === undefined ? [] : [[name, [wanted.required ?? [], instead?.required ?? []]]]
  })
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.
import type { Kind } from '../words.ts'

/** \`dyn\`: a string, an integer or a boolean; in \`sample\` an object too. */
export type FieldType =
  | 'int'
  | 'double'
  | 'string'
  | 'bool'
  | 'dyn'
  | { readonly list: FieldType }
  | { readonly map: FieldType }
  | { readonly fields: { readonly [name: string]: FieldType } }

/** The members of a record, in the order of a line. */
export const fields: { readonly [name: string]: FieldType } = ${JSON.stringify(fields, undefined, 2)}

/** What a record of a kind must have. */
export const requiredMembers: Readonly<Record<Kind, readonly string[]>> = ${JSON.stringify(Object.fromEntries(requiredMembers), undefined, 2)}

/** What a section must have; \`drop_context\` is \`drop\` in a trace or metric. */
export const requiredKeys: { readonly [section: string]: readonly string[] } = ${JSON.stringify(Object.fromEntries(requiredKeys), undefined, 2)}

/** Keys of which a section must have the first, or else the second. */
export const alternativeKeys: {
  readonly [section: string]: readonly [readonly string[], readonly string[]]
} = ${JSON.stringify(Object.fromEntries(alternatives), undefined, 2)}
`
}

function typeOf(schema: Schema, $defs: Schemas): FieldType {
  const { type, items, additionalProperties, enum: words } = resolved(schema, $defs)
  if (type === 'integer') return 'int'
  if (type === 'number') return 'double'
  if (type === 'boolean') return 'bool'
  if (type === 'string' || words !== undefined) return 'string'
  if (type === 'array') return { list: typeOf(items ?? {}, $defs) }
  if (type !== 'object') return 'dyn'
  // Sections with free keys. The words of `sample` are known, those of the others are not.
  if (typeof additionalProperties === 'object') return { map: typeOf(additionalProperties, $defs) }
  const named = propertiesOf(resolved(schema, $defs)).map(([key, property]) => [key, typeOf(property, $defs)])
  return { fields: Object.fromEntries(named) }
}
