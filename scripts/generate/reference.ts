import { type EventSchema, memberNames, refName, type Schema, type Schemas, shellNames } from './schema.ts'

/** docs/event-format.md. */
export function fieldReference(schema: EventSchema): string {
  const { $defs } = schema
  const kinds = shellNames(schema).map((name) => {
    const { description, required = [] } = $defs[name] ?? {}
    return `| \`${name.replace('_event', '')}\` | ${description ?? ''} | ${code(required)} |`
  })
  const members = memberNames(schema).map((name) => section(name, $defs[name] ?? {}, $defs))
  const examples = (schema.examples ?? []).map(
    (example) => `\`\`\`json\n${JSON.stringify(example, undefined, 1)}\n\`\`\``,
  )
  return `# The event format

Generated from \`schemas/event.v1.schema.json\` by \`npm run generate\`: change that file, not this one.

${schema.description ?? ''} One JSON object a line; members come in the order below; absent means unknown. 64-bit quantities are strings.

| kind | is | must have |
| --- | --- | --- |
${kinds.join('\n')}

${members.join('\n')}
## Examples

${examples.join('\n\n')}
`
}

function section(name: string, schema: Schema, $defs: Schemas): string {
  const title = name === 'drop_context' ? '`drop` in a trace or metric' : `\`${name}\``
  const { properties, items } = schema
  const frame = items?.$ref === undefined ? undefined : $defs[refName(items.$ref)]
  const rows = Object.entries(properties ?? frame?.properties ?? {}).map(
    ([key, property]) =>
      `| \`${key}\` | ${typeOf(property)} | ${cell(property.description)} | ${exampleOf(property)} |`,
  )
  const table =
    rows.length === 0 ? '' : `\n| member | type | meaning | example |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
  const example =
    rows.length === 0 ? ` ${typeOf(schema)}${exampleOf(schema) === '' ? '' : `, e.g. ${exampleOf(schema)}`}.` : ''
  return `## ${title}\n\n${schema.description ?? ''}${example}\n${table}`
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return code(schema.enum)
  if (schema.$ref !== undefined) return refName(schema.$ref)
  return [schema.type ?? ''].flat().join(' or ')
}

function exampleOf({ examples }: Schema): string {
  return examples?.[0] === undefined ? '' : `\`${JSON.stringify(examples[0]).replaceAll('|', '\\|')}\``
}

function cell(text = ''): string {
  return text.replaceAll('|', '\\|')
}

function code(words: readonly unknown[]): string {
  return words.map((word) => `\`${String(word)}\``).join(', ')
}
