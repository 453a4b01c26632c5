import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { type EventSchema, memberNames, type Schema, type Schemas, typeName } from './schema.ts'

/** Sections with free keys. */
const OPEN_SECTIONS = ['args', 'labels', 'sample']
const HEAD = '// Generated from the schemas by scripts/generate.ts.\n'

export interface Validators {
  /** The JavaScript of ajv. */
  readonly code: string
  /** The module that types it. */
  readonly typed: string
}

/** The validators that guard what adapters emit: each member, and whole records, by the strict variant. */
export function strictValidators(schema: EventSchema): Validators {
  const members = memberNames(schema)
  const code = moduleOf(strictVariant(schema), {
    validateStrict: WHOLE,
    ...Object.fromEntries(members.map((name) => [`member_${name}`, name])),
  })
  const typed = `${HEAD}import * as made from './event-validators.js'
import type { MemberName } from './types.ts'

export interface Fault {
  /** \`/drop/count\`. */
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  /** What the message leaves out: \`additionalProperty\`, \`allowedValues\`, … */
  readonly params: Readonly<Record<string, unknown>>
  /** Where the name of a member is wrong, not its value. */
  readonly propertyName?: string
}

/** ajv's verdict; \`errors\` are those of the last call. */
export interface Validate {
  (value: unknown): boolean
  errors?: readonly Fault[] | null
}

/** Whole records, and nothing in them that the schema does not name. */
export const validateStrict: Validate = made.validateStrict

/** Members by the strict variant. */
export const memberValidators: Readonly<Record<MemberName, Validate>> = {
${members.map((name) => `  ${name}: made.member_${name},`).join('\n')}
}
`
  return { code, typed }
}

/** The validator of a whole document as published: an event, a report, a snapshot. */
export function documentValidator(name: string, schema: Schema): Validators {
  const code = moduleOf(schema, { validate: WHOLE })
  const typed = `${HEAD}import * as made from './${name}-validator.js'
import type { Validate } from './validators.ts'

/** schemas/${name}.v1.schema.json. */
export const validate${typeName(name)}: Validate = made.validate
`
  return { code, typed }
}

/**
 * The same schema, closed: every object but `args`, `labels` and `sample` refuses members that it does not name. It
 * guards what adapters emit.
 */
export function strictVariant(schema: EventSchema): EventSchema {
  const $defs = Object.fromEntries(
    Object.entries(schema.$defs).map(([name, definition]) => [
      name,
      OPEN_SECTIONS.includes(name) ? definition : closed(definition),
    ]),
  )
  return { ...schema, $id: schema.$id.replace('.schema.json', '.strict.schema.json'), $defs }
}

/** The strict variant as the text of a module. */
export function strictSchemaModule(schema: EventSchema): string {
  return `${HEAD}export const strictSchema: object = ${JSON.stringify(strictVariant(schema))}\n`
}

function closed(schema: Schema): Schema {
  if (schema.items !== undefined) return { ...schema, items: closed(schema.items) }
  if (schema.properties === undefined) return schema
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, closed(property)]),
  )
  return { ...schema, properties, additionalProperties: schema.additionalProperties ?? false }
}

/** The key of a whole schema among its definitions. */
const WHOLE = '#whole'

/**
 * ajv's code for a schema, `names` (export → definition) exported. Each definition is a schema of its own in ajv, so
 * that it becomes one function for all that refer to it. Members inlined into their shells made 700 KB;
 * members compiled twice, for the shells and for the exports, made 250 KB.
 */
function moduleOf({ $id: _, $defs = {}, ...whole }: Schema, names: Readonly<Record<string, string>>): string {
  const ajv = new Ajv2020({
    code: { source: true, esm: true, lines: true },
    inlineRefs: false,
    strict: true,
    allowUnionTypes: true,
  })
  for (const [name, schema] of Object.entries({ ...$defs, [WHOLE]: whole })) ajv.addSchema(standingAlone(schema), name)
  const code = standalone.default(ajv, { ...names })
  if (/\brequire\(/.test(code))
    throw new Error('the validators would need ajv at run time: use pattern, not minLength or maxLength')
  return HEAD + code
}

/**
 * Renames references to the keys of `moduleOf`, and removes texts for people: ajv copies whole schemas into its code.
 */
function standingAlone(schema: Schema): object {
  return JSON.parse(JSON.stringify(withoutTexts(schema)).replaceAll('"#/$defs/', '"'))
}

function withoutTexts(schema: Schema): Schema {
  const { description: _, examples: __, title: ___, properties, items, ...rest } = schema
  return {
    ...rest,
    ...(properties !== undefined && { properties: withoutTextsIn(properties) }),
    ...(items !== undefined && { items: withoutTexts(items) }),
  }
}

function withoutTextsIn(schemas: Schemas): Schemas {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutTexts(schema)]))
}
