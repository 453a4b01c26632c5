import { UsageError } from '../errors.ts'
import { parseFieldName } from '../event/field-names.ts'
import { alternativeKeys, requiredKeys, requiredMembers } from '../event/generated/fields.ts'
import { type PartName, partNames, partOf } from '../event/generated/members.ts'
import type { MemberName, MemberTypes } from '../event/generated/types.ts'
import { flagsJson } from '../event/line.ts'
import { asObject, Filled, Mould, memberOf, type Part } from '../event/part.ts'
import { type EventRecord, flagsOf } from '../event/record.ts'
import { trustedPart, trustedText } from '../event/trusted-part.ts'
import type { Kind } from '../event/words.ts'
import type { Stage } from './stage.ts'

/** What stays of a record. `v`, `kind` and all that the schema requires always stay. */
export interface Selection {
  /** `select` keeps only these members (`--select`); `drop` keeps all others (`--drop-fields`). */
  readonly mode: 'select' | 'drop'
  /** The members, each as a whole or some of its keys. */
  readonly members: ReadonlyMap<string, 'whole' | ReadonlySet<string>>
}

/** Reads a list such as `drop.reason,process`. Throws UsageError for an unknown field. */
export function parseSelection(mode: Selection['mode'], text: string): Selection {
  const flag = mode === 'select' ? '--select' : '--drop-fields'
  const members = new Map<string, 'whole' | Set<string>>()
  for (const path of text.split(',')) {
    const { member: name, key } = parseFieldName(path, flag)
    if (mode === 'drop' && (name === 'v' || name === 'kind'))
      throw new UsageError(`--drop-fields ${path}: every record keeps it`)
    const before = members.get(name)
    if (key === undefined || before === 'whole') members.set(name, 'whole')
    else members.set(name, new Set([...(before ?? []), key]))
  }
  return { mode, members }
}

/** Removes from each record what is not selected. */
export function selectStage(selection: Selection): Stage {
  const keepsFlags = selectedKeysOf('flags', selection) === 'whole'
  const plans: Readonly<Record<Kind, readonly MemberPlan[]>> = {
    drop: plansFor('drop', selection),
    trace: plansFor('trace', selection),
    metric: plansFor('metric', selection),
    loss: plansFor('loss', selection),
    message: plansFor('message', selection),
  }
  return {
    // All records pass, so nothing is counted under this word.
    cause: 'where',
    take(record) {
      // Flags come first, while the parts that have some are still there.
      const flags = flagsJson(record) === undefined ? undefined : flagsOf(record)
      let isChanged = flags !== undefined && !keepsFlags
      record.flags = keepsFlags ? flags : undefined
      for (const { name, partOf, narrow } of plans[record.kind]) {
        const part = partOf(record)
        if (part === undefined) continue
        const kept = narrow(part)
        if (kept === part) continue
        record[name] = kept
        isChanged = true
      }
      if (selection.mode === 'select' && record.unknown !== undefined) {
        record.unknown = undefined
        isChanged = true
      }
      if (isChanged) record.source = undefined
      return record
    },
  }
}

/** How one member is narrowed. */
interface MemberPlan {
  readonly name: PartName
  readonly partOf: (record: EventRecord) => Part | undefined
  /** What stays of the part; the part itself when all of it stays. The record already has its flags. */
  readonly narrow: Narrow
}

type Narrow = (part: Part) => Part | undefined

/** How much of a member is selected; a function decides for each key. */
type SelectedKeys = 'whole' | 'none' | ((key: string) => boolean)

function selectedKeysOf(name: string, { mode, members }: Selection): SelectedKeys {
  const named = members.get(name)
  if (named === undefined) return mode === 'select' ? 'none' : 'whole'
  if (named === 'whole') return mode === 'select' ? 'whole' : 'none'
  return (key) => named.has(key) === (mode === 'select')
}

function plansFor(kind: Kind, selection: Selection): readonly MemberPlan[] {
  return partNames.map((name) => {
    const isRequired = requiredMembers[kind].includes(name)
    const member = name === 'drop' && kind !== 'drop' ? 'drop_context' : name
    const required = requiredKeys[member] ?? []
    // A text that the kind must have, such as a message's, cannot lose a part of itself.
    const selected = isRequired && required.length === 0 ? 'whole' : selectedKeysOf(name, selection)
    const narrow = remembering(member, (part) => narrowed(name, member, part, selected, isRequired))
    return { name, partOf: partOf[name], narrow }
  })
}

function narrowed(
  name: PartName,
  member: MemberName,
  part: Part,
  selected: SelectedKeys,
  isRequired: boolean,
): Part | undefined {
  if (selected === 'whole') return part.notes === undefined ? part : trustedText(name, part.value(), part.text)
  const entries = Object.entries(asObject(part.value()))
  const isSelected = (key: string): boolean => selected !== 'none' && selected(key)
  const staysAtAll = isRequired || entries.some(([key]) => isSelected(key))
  const required = requiredIn(member, part)
  const kept = entries.filter(([key]) => isSelected(key) || (staysAtAll && required.includes(key)))
  if (kept.length === 0) return undefined
  return kept.length === entries.length && part.notes === undefined ? part : trustedPart(name, Object.fromEntries(kept))
}

/** The keys that must stay in this part. */
function requiredIn(member: MemberName, part: Part): readonly string[] {
  const [first = [], second = []] = alternativeKeys[member] ?? []
  const hasFirst = first.every((key) => part.get(key) !== undefined)
  return [...(requiredKeys[member] ?? []), ...(hasFirst ? first : second)]
}

/** Remembers what `narrow` gave: many records share an interned part, or a mould, with the record before. */
function remembering(member: MemberName, narrow: Narrow): Narrow {
  let latest: Part | undefined
  let result: Part | undefined
  let mould: Filled['mould'] | undefined
  let narrowFilled: (part: Filled) => Part | undefined = narrow
  return (part) => {
    if (part instanceof Filled) {
      if (part.mould !== mould) {
        mould = part.mould
        narrowFilled = narrowsMould(member, part, narrow(part))
      }
      return narrowFilled(part)
    }
    if (part !== latest) {
      latest = part
      result = narrow(part)
    }
    return result
  }
}

/**
 * Narrows the parts of one mould, whose part `part` was narrowed to `kept`. What stays of them has one mould again.
 */
function narrowsMould(member: MemberName, part: Filled, kept: Part | undefined): (part: Filled) => Part | undefined {
  if (kept === part) return (other) => other
  const value = kept?.value() ?? {}
  const holes = part.mould.holes.filter((hole) => memberOf(value, hole) !== undefined)
  const [a, b, c] = holes
  if (a === undefined) return () => kept
  // The cast is sound: the validator accepted this value with more optional members.
  const specimen = value as MemberTypes[MemberName]
  const mould = new Mould(member, specimen, b === undefined ? [a] : c === undefined ? [a, b] : [a, b, c])
  const [first = 0, second = 3, third = 3] = holes.map((hole) => part.mould.holes.indexOf(hole))
  return (other) => mould.fill(leafAt(other, first) ?? '', leafAt(other, second), leafAt(other, third))
}

function leafAt({ a, b, c }: Filled, place: number): string | number | undefined {
  return place === 0 ? a : place === 1 ? b : place === 2 ? c : undefined
}
