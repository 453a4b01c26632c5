import { UsageError } from '../errors.ts'
import { nearestPaths } from '../text/nearest.ts'
import { type FieldType, fields } from './generated/fields.ts'

/** All names of fields, such as `drop` and `drop.reason`, in the order in which a line has them. */
export const FIELD_PATHS: readonly string[] = Object.entries(fields).flatMap(([name, type]) =>
  typeof type === 'object' && 'fields' in type
    ? [name, ...Object.keys(type.fields).map((key) => `${name}.${key}`)]
    : [name],
)

/** The type of a section's member; undefined when the type is not a section, or has no such member. */
export function fieldOf(type: FieldType | undefined, key: string): FieldType | undefined {
  return typeof type === 'object' && 'fields' in type && Object.hasOwn(type.fields, key) ? type.fields[key] : undefined
}

/** The name of a field, taken apart: `drop.reason`, `process`, `labels.site`. */
export interface FieldName {
  readonly member: string
  /** Undefined for the whole member. */
  readonly key: string | undefined
}

/**
 * Reads the name of a field. `args`, `labels` and `sample` may have any key. Throws UsageError, which names the flag,
 * when there is no such field.
 */
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
