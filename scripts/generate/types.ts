import { type EventSchema, memberNames, refName, type Schema, type Schemas, shellNames, typeName } from './schema.ts'

/** `types.ts`: a type for each definition. Type aliases, not interfaces: only they are assignable to `Json`. */
export function typesModule(schema: EventSchema): string {
  const members = memberNames(schema)
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.

${aliases(schema.$defs)}
export type Event = ${shellNames(schema).map(typeName).join(' | ')}

export type MemberTypes = {
${members.map((name) => `  readonly ${name}: ${typeName(name)}`).join('\n')}
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
    .map(
      ([name, schema]) => `/** ${schema.description ?? ''} */\nexport type ${typeName(name)} = ${typeOf(schema, '')}\n`,
    )
    .join('\n')
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return typeName(refName(schema.$ref))
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const { type } = schema
  if (typeof type !== 'string') return (type ?? []).map(scalar).join(' | ')
  if (type === 'array') return `readonly (${typeOf(schema.items ?? {}, indent)})[]`
  return type === 'object' ? objectType(schema, indent) : scalar(type)
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const inner = `${indent}  `
  const members = Object.entries(properties).map(([name, property]) => {
    const doc = property.description === undefined ? '' : `${inner}/** ${property.description} */\n`
    return `${doc}${inner}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(property, inner)}\n`
  })
  if (typeof additionalProperties === 'object') {
    // An index signature has to hold the named members as well.
    const any =
      members.length > 0 ? 'string | number | boolean | object | undefined' : typeOf(additionalProperties, inner)
    if (members.length === 0) members.push(`${inner}readonly [name: string]: ${any}\n`)
  }
  return `{\n${members.join('')}${indent}}`
}

function scalar(type: string): string {
  return type === 'integer'
    ? 'number'
    : type === 'object'
      ? '{ readonly [name: string]: string | number | boolean }'
      : type
}
