import { type EventSchema, kindOf, recordMembers, shellNames } from './schema.ts'

const FLAGS = 'flags'

/** `members.ts`: the slots of a record, and the functions that go through all of them, member by member. */
export function membersModule(schema: EventSchema): string {
  const members = recordMembers(schema)
  const parts = members.filter((name) => name !== FLAGS)
  const kinds = shellNames(schema).map(kindOf)
  return [
    namesText(kinds, members, parts),
    slotsText(parts),
    lineText(members),
    comparisonsText(parts),
    accessText(parts),
  ]
    .map((text) => `${text}\n`)
    .join('\n')
}

function namesText(kinds: readonly string[], members: readonly string[], parts: readonly string[]): string {
  return `// Generated from schemas/event.v1.schema.json by scripts/generate.ts.
// Member by member and not in loops over names: a load by a name in a variable takes three times as long.
import { areAlike, hasNotes, type Part, textOf } from '../part.ts'

export const kinds = ${JSON.stringify(kinds)} as const

/** The members after \`v\` and \`kind\`, in the order in which a line has them. */
export const members = [
${each(members, (name) => `  '${name}',`)}
] as const

/** The members that are parts; \`flags\` are gathered from all of them. */
export type PartName = Exclude<(typeof members)[number], '${FLAGS}'>

export const partNames: readonly PartName[] = ${JSON.stringify(parts)}

export function isPartName(name: string): name is PartName {
  return Object.hasOwn(partOf, name)
}`
}

function slotsText(parts: readonly string[]): string {
  return `/** Every slot is here from the start, so that all records have one hidden class (a filter that sees two runs at half the speed). */
export class Parts {
${each(parts, (name) => `  ${name}: Part | undefined = undefined`)}
}`
}

function lineText(members: readonly string[]): string {
  const flagsAt = members.indexOf(FLAGS)
  const joined = (names: readonly string[]): string => names.map((name) => `textOf(r.${name})`).join(' +\n    ')
  return `/** The texts of the members that a line has before \`flags\`. */
export function textBeforeFlags(r: Parts): string {
  return (
    ${joined(members.slice(0, flagsAt))}
  )
}

/** The texts of the members that a line has after \`flags\`. */
export function textAfterFlags(r: Parts): string {
  return (
    ${joined(members.slice(flagsAt + 1))}
  )
}`
}

function comparisonsText(parts: readonly string[]): string {
  return `/** Has any part notes? */
export function isNoted(r: Parts): boolean {
  return (
    ${parts.map((name) => `hasNotes(r.${name})`).join(' ||\n    ')}
  )
}

/** Are all parts the same, or of the same mould with other leaves? */
export function differInLeavesAlone(a: Parts, b: Parts): boolean {
  return (
    ${parts.map((name) => `(a.${name} === b.${name} || areAlike(a.${name}, b.${name}))`).join(' &&\n    ')}
  )
}`
}

function accessText(parts: readonly string[]): string {
  return `export const partOf: Readonly<Record<PartName, (record: Parts) => Part | undefined>> = {
${each(parts, (name) => `  ${name}: (record) => record.${name},`)}
}

/** The part with that place in \`partNames\`. A switch: a call of one of many functions takes five times as long. */
export function partAt(r: Parts, place: number): Part | undefined {
  switch (place) {
${parts.map((name, place) => `    case ${place}:\n      return r.${name}`).join('\n')}
    default:
      return undefined
  }
}

export const setPart: Readonly<Record<PartName, (record: Parts, part: Part) => void>> = {
${each(parts, (name) => `  ${name}: (record, part) => {\n    record.${name} = part\n  },`)}
}`
}

function each(names: readonly string[], line: (name: string) => string): string {
  return names.map(line).join('\n')
}
