// Values as AnyValue of OTLP in JSON: 64-bit integers are texts.
import { fieldOf } from '../event/field-names.ts'
import type { FieldType } from '../event/generated/fields.ts'
import { isList, isObject, type Json } from '../event/part.ts'

/** The text of a value (not latin1). `type` says which numbers are fractions, though they may look like integers. */
function anyValue(value: Json, type: FieldType | undefined): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (typeof value === 'number')
    return type !== 'double' && Number.isSafeInteger(value)
      ? `{"intValue":"${value}"}`
      : `{"doubleValue":${JSON.stringify(value)}}`
  if (isList(value)) {
    const inner = typeof type === 'object' && 'list' in type ? type.list : undefined
    return `{"arrayValue":${valuesOf(value.map((item) => anyValue(item, inner)))}}`
  }
  // An AnyValue without a value is null.
  return isObject(value) ? `{"kvlistValue":${valuesOf(keyValues(value, type))}}` : '{}'
}

/** Protobuf does not distinguish an empty list from none. */
function valuesOf(values: readonly string[]): string {
  return values.length === 0 ? '{}' : `{"values":[${values.join(',')}]}`
}

function keyValues(
  value: { readonly [key: string]: Json | undefined },
  type: FieldType | undefined,
): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : [keyValue(key, inner, memberType(type, key))],
  )
}

/** `{"key":…,"value":…}`. */
export function keyValue(key: string, value: Json, type: FieldType | undefined): string {
  return `{"key":${JSON.stringify(key)},"value":${anyValue(value, type)}}`
}

/** The type of a section's member. */
export function memberType(type: FieldType | undefined, key: string): FieldType | undefined {
  return typeof type === 'object' && 'map' in type ? type.map : fieldOf(type, key)
}
