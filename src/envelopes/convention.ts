// Names of fields by the Elastic Common Schema and by the semantic conventions of OpenTelemetry, where these have one.
import type { PartName } from '../event/generated/members.ts'
import { isObject, type Json, type Part } from '../event/part.ts'
import type { Kind } from '../event/words.ts'
import { Kept } from '../text/kept.ts'
import { lookUp } from '../text/look-up.ts'
import { latin1 } from '../text/utf8.ts'
import type { MapName } from './envelope.ts'
import { CONSTANTS, NAMES, type NamedConstants } from './names.ts'

/** What a part becomes: members of the convention, and what it has no name for. */
export interface Mapped {
  readonly named: readonly (readonly [name: string, value: Json])[]
  /** Under our own name; undefined when nothing is left. */
  readonly rest: Json | undefined
}

/** A convention at work. */
export class Convention {
  readonly name: MapName
  private readonly texts = new Kept<Part, string>()

  constructor(name: MapName) {
    this.name = name
  }

  mapped(member: PartName, value: Json): Mapped {
    const names = NAMES[this.name]
    const whole = lookUp(names, member)
    if (whole !== undefined) return { named: [[whole, value]], rest: undefined }
    if (!isObject(value)) return { named: [], rest: value }
    const named: (readonly [string, Json])[] = []
    const rest: { [key: string]: Json } = {}
    for (const [key, inner] of Object.entries(value)) {
      if (inner === undefined) continue
      const name = lookUp(names, `${member}.${key}`)
      if (name === undefined) rest[key] = inner
      else named.push([name, inner])
    }
    return { named, rest: Object.keys(rest).length === 0 && named.length > 0 ? undefined : rest }
  }

  /** `,"name":…` of all members that a part becomes, in latin1. */
  textOf(member: PartName, part: Part): string {
    let text = this.texts.get(part)
    if (text === undefined) {
      const { named, rest } = this.mapped(member, part.value())
      const members = rest === undefined ? named : [...named, [member, rest] as const]
      text = latin1(members.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join(''))
      this.texts.set(part, text)
    }
    return text
  }
}

/** What the convention says of every record of a kind. */
export function constantsOf({ name }: Convention, kind: Kind): NamedConstants {
  return CONSTANTS[name][kind]
}
