import { UsageError } from '../errors.ts'
import { accepted, acceptedText } from '../event/accepted.ts'
import { parseFieldName } from '../event/field-names.ts'
import { requiredKeys, requiredMembers } from '../event/generated/fields.ts'
import { asObject, type Part } from '../event/part.ts'
import type { PartName } from '../event/part-of.ts'
import { flagsOf, MEMBERS } from '../event/record.ts'
import type { Kind } from '../event/words.ts'
import type { Stage } from './stage.ts'

/** What stays of a record. `v`, `kind` and all that the schema requires stay always. */
export interface Selection {
  /** `--select`: these and no others; `--drop-fields`: all but these. */
  readonly mode: 'select' | 'drop'
  /** Members, whole or some of their keys. */
  readonly members: ReadonlyMap<string, 'whole' | ReadonlySet<string>>
}

/** Reads `drop.reason,process`. Throws UsageError for a field that there is none of. */
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

/** Takes from each record what is not selected. */
export function selectStage(selection: Selection): Stage {
  const keepsFlags = extentOf('flags', selection) === 'whole'
  const plans: Readonly<Record<Kind, readonly Plan[]>> = {
    drop: plansFor('drop', selection),
    trace: plansFor('trace', selection),
    metric: plansFor('metric', selection),
    loss: plansFor('loss', selection),
    message: plansFor('message', selection),
  }
  return {
    // Never counted: all records pass.
    cause: 'where',
    take(record) {
      // First, while the parts that have some are there.
      const flags = flagsOf(record)
      let isChanged = flags.length > 0 && !keepsFlags
      record.flags = flags.length > 0 && keepsFlags ? flags : undefined
      for (const { name, narrow } of plans[record.kind]) {
        const part = record[name]
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

/** What becomes of one member. */
interface Plan {
  readonly name: PartName
  /** What stays of it; the part itself when that is all. Its flags are with the record already. */
  narrow(part: Part): Part | undefined
}

/** How much of a member is selected: a function tells it of each key. */
type Extent = 'whole' | 'none' | ((key: string) => boolean)

function extentOf(name: string, { mode, members }: Selection): Extent {
  const named = members.get(name)
  if (named === undefined) return mode === 'select' ? 'none' : 'whole'
  if (named === 'whole') return mode === 'select' ? 'whole' : 'none'
  return (key) => named.has(key) === (mode === 'select')
}

function plansFor(kind: Kind, selection: Selection): readonly Plan[] {
  return MEMBERS.flatMap((name) => {
    if (name === 'flags') return []
    const isRequired = requiredMembers[kind].includes(name)
    const required = requiredKeys[name === 'drop' && kind !== 'drop' ? 'drop_context' : name] ?? []
    const selected = extentOf(name, selection)
    // A text that the kind must have, such as a message's, has no part that could go.
    const extent = isRequired && required.length === 0 ? 'whole' : selected
    return [{ name, narrow: latestKept((part) => narrowed(name, part, extent, required, isRequired)) }]
  })
}

function narrowed(
  name: PartName,
  part: Part,
  extent: Extent,
  required: readonly string[],
  isRequired: boolean,
): Part | undefined {
  if (extent === 'whole') return part.notes === undefined ? part : acceptedText(name, part.value(), part.text)
  const entries = Object.entries(asObject(part.value()))
  const isSelected = (key: string): boolean => extent !== 'none' && extent(key)
  const staysAtAll = isRequired || entries.some(([key]) => isSelected(key))
  const kept = entries.filter(([key]) => isSelected(key) || (staysAtAll && required.includes(key)))
  if (kept.length === 0) return undefined
  return kept.length === entries.length && part.notes === undefined ? part : accepted(name, Object.fromEntries(kept))
}

/** Interned parts come again, mostly at once. */
function latestKept(narrow: (part: Part) => Part | undefined): (part: Part) => Part | undefined {
  let latest: Part | undefined
  let result: Part | undefined
  return (part) => {
    if (part !== latest) {
      latest = part
      result = narrow(part)
    }
    return result
  }
}
