import { UsageError } from '../errors.ts'
import { nearestPaths } from '../text/nearest.ts'
import { type FieldType, fields } from './generated/fields.ts'

/** All names that can be asked for, dotted: sections and their keys, in the order of a line. */
export const FIELD_PATHS: readonly string[] = Object.entries(fields).flatMap(([name, type]) =>
  typeof type === 'object' && 'fields' in type
    ? [name, ...Object.keys(type.fields).map((key) => `${name}.${key}`)]
    : [name],
)

/** The type of a member of a section; undefined when there is none. */
export function fieldOf(type: FieldType | undefined, key: string): FieldType | undefined {
  return typeof type === 'object' && 'fields' in type && Object.hasOwn(type.fields, key) ? type.fields[key] : undefined
}

/** A field as it was typed: `drop.reason`, `process`, `labels.site`. */
export interface FieldName {
  readonly member: string
  /** Undefined: the whole member. */
  readonly key: string | undefined
}

/** Reads a field's name; of `args`, `labels` and `sample` any key is one. Throws UsageError, in the name of the flag, for what there is not. */
export function parseFieldName(path: string, flag: string): FieldName {
  const dot = path.indexOf('.')
  const member = dot < 0 ? path : path.slice(0, dot)
  const key = dot < 0 ? undefined : path.slice(dot + 1)
  const type = Object.hasOwn(fields, member) ? fields[member] : undefined
  const isField =
    type !== undefined &&
    (key === undefined || fieldOf(type, key) !== undefined || (typeof type === 'object' && 'map' in type && key !== ''))
  if (isField) return { member, key }
  const near = nearestPaths(path, FIELD_PATHS)
  throw new UsageError(
    `${flag}: no field "${path}"`,
    near.length === 0 ? 'the fields are in docs/event-format.md' : `near: ${near.join(', ')}`,
  )
}
