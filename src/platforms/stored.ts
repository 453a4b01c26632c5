import { type FieldType, fields } from '../event/generated/fields.ts'
import { tableFields } from '../event/generated/table-fields.ts'

/**
 * What a database keeps of a field. `time` is the RFC 3339 text of `ts`, with nine fraction digits; `uint64` a decimal
 * text below 2^64; `json` a value whose members, or whose type, differ from event to event.
 */
export type Stored =
  | 'integer'
  | 'double'
  | 'text'
  | 'boolean'
  | 'time'
  | 'uint64'
  | 'json'
  | { readonly list: Stored }
  | { readonly section: StoredFields }

/** By name, in the order of a line. */
export type StoredFields = ReadonlyMap<string, Stored>

/** Texts that have a type of their own in databases. */
const TYPED_TEXTS: ReadonlyMap<string, Stored> = new Map([
  ['ts', 'time'],
  ['clock.ns', 'uint64'],
])

/** All fields of an event, as the schema has them. */
export const STORED: StoredFields = storedFields(fields, '')

/** The paths of those that every record has. */
export const REQUIRED: ReadonlySet<string> = new Set(
  tableFields.filter(({ constraints }) => constraints?.required === true).map(({ name }) => name),
)

/** `prefix` is the path of the section, with a dot at its end. */
function storedFields(types: Readonly<Record<string, FieldType>>, prefix: string): StoredFields {
  return new Map(Object.entries(types).map(([name, type]) => [name, storedAt(`${prefix}${name}`, type)]))
}

function storedAt(path: string, type: FieldType): Stored {
  const typed = TYPED_TEXTS.get(path)
  if (typed !== undefined) return typed
  switch (type) {
    case 'int':
      return 'integer'
    case 'double':
      return 'double'
    case 'string':
      return 'text'
    case 'bool':
      return 'boolean'
    case 'dyn':
      return 'json'
    default:
      if ('list' in type) return { list: storedAt(path, type.list) }
      return 'map' in type ? 'json' : { section: storedFields(type.fields, `${path}.`) }
  }
}

/** How the field with this path is stored: `drop.reason`. Throws RangeError where there is none. */
export function storedOf(path: string): Stored {
  const [member = '', key] = path.split('.', 2)
  const stored = STORED.get(member)
  const found =
    key === undefined ? stored : typeof stored === 'object' && 'section' in stored ? stored.section.get(key) : undefined
  if (found === undefined) throw new RangeError(`no field ${path}`)
  return found
}
