import {
  type EventSchema,
  memberNames,
  propertiesOf,
  refName,
  type Schema,
  type Schemas,
  shellNames,
  typeName,
} from './schema.ts'

/** `types.ts`: a type for each definition. Type aliases, not interfaces: only they are assignable to `Json`. */
export function typesModule(schema: EventSchema): string {
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.

${aliases(schema.$defs)}
export type Event = ${shellNames(schema).map(typeName).join(' | ')}

export type MemberTypes = {
${memberNames(schema)
  .map((name) => `  readonly ${name}: ${typeName(name)}`)
  .join('\n')}
}

/** A member's definition: \`drop_context\` is the drop section of traces and metrics. */
export type MemberName = keyof MemberTypes
`
}

/** `report-types.ts`: the types of another document of ours, its whole under `name`. */
export function documentTypes(name: string, { $defs = {}, ...schema }: Schema): string {
  return `// Generated from schemas/${name}.v1.schema.json by scripts/generate.ts.\n\n${aliases({ ...$defs, [name]: schema })}`
}

function aliases(schemas: Schemas): string {
  return Object.entries(schemas)
    .map(([name, schema]) => `${docOf(schema, '')}export type ${typeName(name)} = ${typeOf(schema, '')}\n`)
    .join('\n')
}

function typeOf(schema: Schema, indent: string): string {
  const { $ref, type, enum: values, oneOf, anyOf } = schema
  if ($ref !== undefined) return typeName(refName($ref))
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ')
  const choices = oneOf ?? anyOf
  if (choices !== undefined) return choices.map((choice) => typeOf(choice, indent)).join(' | ')
  if (type === 'array') return `readonly (${typeOf(schema.items ?? {}, indent)})[]`
  if (type === 'object') return objectType(schema, indent)
  return type === undefined ? 'unknown' : [type].flat().map(scalar).join(' | ')
}

function objectType(schema: Schema, indent: string): string {
  const inner = `${indent}  `
  const { required = [], additionalProperties } = schema
  const members = propertiesOf(schema).map(
    ([name, property]) =>
      `${docOf(property, inner)}${inner}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(property, inner)}\n`,
  )
  // An index signature must fit the named members, too: so there is one only where no member is named.
  if (members.length === 0 && typeof additionalProperties === 'object')
    members.push(`${inner}readonly [name: string]: ${typeOf(additionalProperties, inner)}\n`)
  return `{\n${members.join('')}${indent}}`
}

function docOf({ description }: Schema, indent: string): string {
  return description === undefined ? '' : `${indent}/** ${description} */\n`
}

function scalar(type: string): string {
  return type === 'integer' ? 'number' : type === 'object' ? '{ readonly [name: string]: unknown }' : type
}
