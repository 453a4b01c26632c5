// The leaves of the event schema. Each has a judge: the strict validator of its member, which judges a specimen with
// another value for the leaf.
import { type EventSchema, memberNames, propertiesOf, resolved, type Schema } from '../../scripts/generate/schema.ts'
import type { MemberName } from '../../src/event/generated/types.ts'
import { memberValidators } from '../../src/event/generated/validators.ts'
import { schemaOf, specimenOf } from '../schemas/violations.ts'

export interface Leaf {
  readonly member: MemberName
  /** `skb.addr`, `stack[].address`. */
  readonly path: string
  /** The last of the path: `addr`. */
  readonly name: string
  readonly schema: Schema
  accepts(value: unknown): boolean
}

const schema = schemaOf<EventSchema>('event')
const { $defs } = schema

export const leaves: readonly Leaf[] = memberNames(schema).flatMap((name) => {
  const validate = Object.entries(memberValidators).find(([member]) => member === name)
  if (validate === undefined) throw new Error(`no validator of ${name}`)
  const [member, accepts] = validate
  return leavesOf($defs[name] ?? {}, member, (value) => accepts(value)).map((leaf) => ({
    ...leaf,
    // Object.entries forgets the type of its keys.
    member: member as MemberName,
  }))
})

/** The definition of a member. */
export function memberSchema(name: string): Schema {
  return $defs[name] ?? {}
}

/** A valid value of a member, with all that the schema names. */
export function memberSpecimen(name: string): unknown {
  return specimenOf($defs[name] ?? {}, $defs)
}

type Placed = Omit<Leaf, 'member'>

function leavesOf(reference: Schema, path: string, accepts: (value: unknown) => boolean): readonly Placed[] {
  const schema = resolved(reference, $defs)
  if (schema.items !== undefined) return leavesOf(schema.items, `${path}[]`, (value) => accepts([value]))
  if (schema.properties === undefined) {
    const name = path.slice(path.lastIndexOf('.') + 1)
    return [{ path, name, schema, accepts }]
  }
  const specimen = { ...Object(specimenOf(schema, $defs)) }
  return propertiesOf(schema).flatMap(([name, property]) =>
    leavesOf(property, `${path}.${name}`, (value) => accepts({ ...specimen, [name]: value })),
  )
}
