import {
  type EventSchema,
  kindOf,
  memberNames,
  propertiesOf,
  refName,
  resolved,
  type Schema,
  type Schemas,
  shellNames,
} from './schema.ts'

/** docs/event-format.md. */
export function fieldReference(schema: EventSchema): string {
  const { $defs } = schema
  const kinds = shellNames(schema).map((name) => {
    const { description, required = [] } = $defs[name] ?? {}
    return `| \`${kindOf(name)}\` | ${description ?? ''} | ${code(required)} |`
  })
  const members = memberNames(schema).map((name) => section(name, $defs[name] ?? {}, $defs))
  const examples = (schema.examples ?? []).map(
    (example) => `\`\`\`json\n${JSON.stringify(example, undefined, 1)}\n\`\`\``,
  )
  const { column } = $defs
  return `# The event format

Generated from \`schemas/event.v1.schema.json\` by \`npm run generate\`: change that file, not this one.

${paragraph(`${schema.description ?? ''} One JSON object a line; 64-bit quantities are strings.`)}

| kind | is | must have |
| --- | --- | --- |
${kinds.join('\n')}

${members.join('\n')}
## Columns

${paragraph(column?.description ?? '')}

${paragraph(code(column?.enum ?? []))}

## Examples

${examples.join('\n\n')}
`
}

function section(name: string, schema: Schema, $defs: Schemas): string {
  const title = name === 'drop_context' ? '`drop` in a trace or metric' : `\`${name}\``
  const rows = rowsOf(schema.type === 'array' ? resolved(schema.items ?? {}, $defs) : schema, '')
  const sentence = [schema.description ?? '', ...(rows.length === 0 ? [summaryOf(schema)] : [])].join(' ')
  const table =
    rows.length === 0 ? '' : `\n| member | type | meaning | example |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
  return `## ${title}\n\n${paragraph(sentence)}\n${table}`
}

/** A row for each member, the members of its own after it: `buckets[].min`. */
function rowsOf(schema: Schema, prefix: string): readonly string[] {
  const { required = [] } = schema
  return propertiesOf(schema).flatMap(([name, property]) => {
    const type = `${typeOf(property)}${required.includes(name) ? ' (required)' : ''}`
    const row = `| \`${prefix}${name}\` | ${type} | ${cell(property.description)} | ${exampleOf(property)} |`
    return [row, ...rowsOf(property.items ?? {}, `${prefix}${name}[].`)]
  })
}

function summaryOf(schema: Schema): string {
  const example = exampleOf(schema)
  return `${typeOf(schema)}${example === '' ? '' : `, e.g. ${example}`}.`
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return code(schema.enum)
  if (schema.$ref !== undefined) return refName(schema.$ref)
  return [schema.type ?? ''].flat().join(' or ')
}

function exampleOf({ examples }: Schema): string {
  return examples?.[0] === undefined ? '' : `\`${JSON.stringify(examples[0]).replaceAll('|', '\\|')}\``
}

const LINE_LENGTH = 120

/** A text in lines of at most 120 characters, broken at blanks. */
function paragraph(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && longer.length <= LINE_LENGTH) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.join('\n')
}

function cell(text = ''): string {
  return text.replaceAll('|', '\\|')
}

function code(words: readonly unknown[]): string {
  return words.map((word) => `\`${String(word)}\``).join(', ')
}
