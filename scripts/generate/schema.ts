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
  readonly items?: Schema
  readonly $defs?: Schemas
}

export interface Schemas {
  readonly [name: string]: Schema
}

export interface EventSchema extends Schema {
  readonly $id: string
  readonly $defs: Schemas
}

/** The members of a record, in the order of a line, by the name of their definition: `drop_context` is `drop` in a trace or metric. */
export function memberNames({ $defs }: EventSchema): readonly string[] {
  return Object.keys($defs).filter((name) => !name.endsWith('_event') && name !== 'frame')
}

/** `drop_event`, … */
export function shellNames({ $defs }: EventSchema): readonly string[] {
  return Object.keys($defs).filter((name) => name.endsWith('_event'))
}

/** `#/$defs/frame` → `frame`. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

/** `drop_context` → `DropContext`. */
export function typeName(definition: string): string {
  return definition.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
}
