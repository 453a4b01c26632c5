/** The part of JSON Schema that ours use. */
export interface Schema {
  readonly $id?: string
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Schemas
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly propertyNames?: Schema
  readonly maxProperties?: number
  readonly items?: Schema
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  /** Only `{}`, which refuses everything: the member must not be there. */
  readonly not?: Schema
  /** Where a member that `if` requires is absent, those that `else` requires are there. */
  readonly if?: Schema
  readonly else?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly $defs?: Schemas
}

export interface Schemas {
  readonly [name: string]: Schema
}

export interface EventSchema extends Schema {
  readonly $id: string
  readonly $defs: Schemas
}

/** `drop_event`, … */
export function shellNames({ $defs }: EventSchema): readonly string[] {
  return Object.keys($defs).filter((name) => name.endsWith('_event'))
}

/** `drop_event` → `drop`. */
export function kindOf(shell: string): string {
  return shell.replace('_event', '')
}

/**
 * The members of a record, in the order of a line, by the name of their definition: `drop_context` is `drop` in a trace
 * or metric.
 */
export function memberNames(schema: EventSchema): readonly string[] {
  const { $defs } = schema
  const shells = shellNames(schema).map((name) => $defs[name]?.properties ?? {})
  const used = new Set(shells.flatMap((members) => Object.values(members)).map(({ $ref = '' }) => refName($ref)))
  return Object.keys($defs).filter((name) => used.has(name))
}

/** Those that a record of some kind can have, each once. */
export function recordMembers(schema: EventSchema): readonly string[] {
  return memberNames(schema).filter((name) => name !== 'drop_context')
}

/**
 * The leaves that are columns of a table, by path: `process.comm`. A section without fixed members, and every list, is
 * one leaf.
 */
export function leavesOf(schema: EventSchema): ReadonlyMap<string, Schema> {
  const { $defs, properties = {} } = schema
  const leaves = new Map<string, Schema>(Object.entries(properties))
  for (const name of recordMembers(schema)) {
    const member = $defs[name] ?? {}
    if (member.type !== 'object' || member.additionalProperties !== undefined) leaves.set(name, member)
    else for (const [key, property] of propertiesOf(member)) leaves.set(`${name}.${key}`, resolved(property, $defs))
  }
  return leaves
}

/** The named members of an object, without those that must not be there. */
export function propertiesOf({ properties = {} }: Schema): readonly (readonly [name: string, schema: Schema])[] {
  return Object.entries(properties).filter(([, { not }]) => not === undefined)
}

/** `#/$defs/frame` → `frame`. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

/** What a `$ref` points to, else the schema itself. */
export function resolved(schema: Schema, $defs: Schemas): Schema {
  return schema.$ref === undefined ? schema : ($defs[refName(schema.$ref)] ?? {})
}

/** `drop_context` → `DropContext`. */
export function typeName(definition: string): string {
  return definition.replace(/(^|[_-])([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
}

/** `report.v1.schema.json#/$defs/input` */
const ELSEWHERE = /"\$ref":"(\w+)\.v1\.schema\.json#\/\$defs\/\w+"/g

/**
 * The same schema, with the definitions of those that it refers to among its own; `read` gives a schema by its name.
 */
export function selfContained(schema: Schema, read: (name: string) => Schema): Schema {
  const text = JSON.stringify(schema)
  const others = new Set([...text.matchAll(ELSEWHERE)].map(([, name = '']) => name))
  if (others.size === 0) return schema
  const own: Schema = JSON.parse(text.replaceAll(/"\w+\.v1\.schema\.json#/g, '"#'))
  const $defs = Object.assign({}, ...[...others].map((name) => read(name).$defs), own.$defs)
  return { ...own, $defs }
}
