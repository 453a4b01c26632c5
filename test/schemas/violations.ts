// Values that break a schema, made from the schema itself, so that a new constraint is tested at once.
import { readFileSync } from 'node:fs'
import { propertiesOf, resolved, type Schema, type Schemas } from '../../scripts/generate/schema.ts'

export function schemaOf<T extends Schema>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.v1.schema.json`, import.meta.url), 'utf8'))
}

/** A value that breaks one constraint of a schema and keeps all others. */
export interface Violation {
  /** The place, as in the errors of ajv: `/drop/count`. */
  readonly path: string
  readonly keyword: string
  readonly value: unknown
}

/** A valid value with all members that the schema names, of the examples that it gives. */
export function specimenOf(schema: Schema, $defs: Schemas): unknown {
  const { $ref, examples, items, properties } = schema
  if ($ref !== undefined) return specimenOf(resolved(schema, $defs), $defs)
  if (schema.const !== undefined) return schema.const
  if (properties !== undefined)
    return Object.fromEntries(propertiesOf(schema).map(([name, member]) => [name, specimenOf(member, $defs)]))
  if (items !== undefined && examples === undefined) return [specimenOf(items, $defs)]
  if (examples?.[0] === undefined) throw new Error(`no example: ${JSON.stringify(schema)}`)
  return examples[0]
}

/** One violation of every constraint of a schema. Throws for an unknown keyword. */
export function violationsOf(schema: Schema, $defs: Schemas): readonly Violation[] {
  return Object.keys(schema).flatMap((keyword) => {
    const violate = VIOLATIONS[keyword]
    if (violate === undefined) throw new Error(`no violation of ${keyword} is known`)
    return violate(schema, $defs)
  })
}

/** Every object of a schema whose members are all named, with one more member. */
export function strangersOf(schema: Schema, $defs: Schemas): readonly Omit<Violation, 'keyword'>[] {
  const { $ref, items, properties, additionalProperties } = schema
  if ($ref !== undefined) return strangersOf(resolved(schema, $defs), $defs)
  if (items !== undefined) {
    return strangersOf(items, $defs).map(({ path, value }) => ({ path: `/0${path}`, value: [value] }))
  }
  if (properties === undefined) return []
  const whole = objectOf(schema, $defs)
  const inner = propertiesOf(schema).flatMap(([name, member]) =>
    strangersOf(member, $defs).map(({ path, value }) => ({
      path: `/${name}${path}`,
      value: { ...whole, [name]: value },
    })),
  )
  return additionalProperties === undefined ? [{ path: '', value: { ...whole, unheard_of: 'x' } }, ...inner] : inner
}

type Violate = (schema: Schema, $defs: Schemas) => readonly Violation[]

const NOTHING: Violate = () => []

const VIOLATIONS: Readonly<Record<string, Violate>> = {
  $schema: NOTHING,
  $id: NOTHING,
  $defs: NOTHING,
  title: NOTHING,
  description: NOTHING,
  examples: NOTHING,
  $ref: (schema, $defs) => violationsOf(resolved(schema, $defs), $defs),
  type: () => here('type', null),
  const: () => here('const', 'something else'),
  enum: () => here('enum', 'no such word'),
  pattern: ({ pattern = '' }) => here('pattern', refusedBy(new RegExp(pattern, 'u'))),
  minimum: ({ minimum = 0 }) => here('minimum', minimum - 1),
  maximum: ({ maximum = 0 }) => here('maximum', maximum + 1),
  required: (schema, $defs) =>
    (schema.required ?? []).flatMap((name) => {
      const { [name]: _, ...rest } = objectOf(schema, $defs)
      return here('required', rest)
    }),
  properties: (schema, $defs) => {
    const whole = objectOf(schema, $defs)
    return Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      within(`/${name}`, violationsOf(member, $defs), (value) => ({ ...whole, [name]: value })),
    )
  },
  not: () => here('not', 1),
  if: NOTHING,
  else: (schema, $defs) => {
    const required = schema.if?.required ?? []
    const whole = Object.entries(objectOf(schema, $defs)).filter(([name]) => !required.includes(name))
    return (schema.else?.required ?? []).flatMap((absent) =>
      here('required', Object.fromEntries(whole.filter(([name]) => name !== absent))),
    )
  },
  additionalProperties: (schema, $defs) => {
    if (typeof schema.additionalProperties !== 'object') throw new Error('the published schemas are open')
    const whole = objectOf(schema, $defs)
    return within('/other', violationsOf(schema.additionalProperties, $defs), (value) => ({ ...whole, other: value }))
  },
  propertyNames: (schema, $defs) => here('propertyNames', { ...objectOf(schema, $defs), '0 b': 'x' }),
  maxProperties: ({ maxProperties = 0 }) =>
    here('maxProperties', Object.fromEntries(Array.from({ length: maxProperties + 1 }, (_, n) => [`k${n}`, n]))),
  items: (schema, $defs) => within('/0', violationsOf(schema.items ?? {}, $defs), (value) => [value]),
  maxItems: ({ maxItems = 0, items = {} }, $defs) =>
    here('maxItems', Array(maxItems + 1).fill(specimenOf(items, $defs))),
  uniqueItems: ({ items = {} }, $defs) => here('uniqueItems', Array(2).fill(specimenOf(items, $defs))),
}

function here(keyword: string, value: unknown): readonly Violation[] {
  return [{ path: '', keyword, value }]
}

function within(
  path: string,
  violations: readonly Violation[],
  wrap: (value: unknown) => unknown,
): readonly Violation[] {
  return violations.map((inner) => ({ ...inner, path: path + inner.path, value: wrap(inner.value) }))
}

function objectOf(schema: Schema, $defs: Schemas): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(specimenOf(schema, $defs) ?? {}))
}

function refusedBy(pattern: RegExp): string {
  const refused = ['', 'a b', 'a\u0000b', '2023-13-01T00:00:00'].find((text) => !pattern.test(text))
  if (refused === undefined) throw new Error(`${pattern} refuses nothing that is known`)
  return refused
}
