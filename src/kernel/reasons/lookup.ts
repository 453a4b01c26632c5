// The answers of `tracenorm reasons`, as data.
import { nearest } from '../../text/nearest.ts'
import { type Bundle, type BundledTable, type Explanation, type Explanations, type Rename, tableOf } from './bundle.ts'
import { type Candidate, candidates } from './candidates.ts'
import type { FoundPick, Sureness } from './pick-answer.ts'
import {
  bareName,
  CORE,
  codeIn,
  NO_REASONS,
  namesByCode,
  type Reasons,
  type ReasonTable,
  subsystemOfName,
} from './reasons.ts'

/** One line of `reasons list`. */
export interface ListedTable {
  readonly table: string
  readonly covers: string
  /** Number of core reasons; 0 on a kernel without drop reasons. */
  readonly reasons: number
  readonly subsystems: readonly string[]
  readonly evidence?: string
  readonly source: string
  readonly note?: string
}

export function listTables(bundle: Bundle): readonly ListedTable[] {
  return bundle.tables.map((entry) => {
    const { core, subsystems } = tableOf(bundle, entry)
    return {
      table: entry.id,
      covers: entry.title,
      reasons: Object.keys(core).length,
      subsystems: Object.values(subsystems).map(({ name }) => name),
      ...(entry.evidence === undefined ? {} : { evidence: entry.evidence }),
      source: entry.source,
      ...(entry.note === undefined ? {} : { note: entry.note }),
    }
  })
}

/** The table that an answer is from. */
export interface PickedTable {
  readonly table: string
  readonly sure: Sureness
  readonly why: string
}

export function pickedOf({ id, sure, why }: FoundPick): PickedTable {
  return { table: id, sure, why }
}

export interface ShownReason extends Partial<Explanation> {
  readonly name: string
  readonly subsystem?: string
  /** The first and the last upstream release that have it, and whether the last is the newest that is known. */
  readonly since?: string
  readonly until?: string
  readonly current?: boolean
  /** Releases in a row with the same number. */
  readonly releases: readonly { readonly first: string; readonly last: string; readonly code: number }[]
  /** Stable updates and distributions. */
  readonly others: readonly { readonly table: string; readonly code: number }[]
  readonly renames: readonly Rename[]
}

/** All that is known of a name, which may have `SKB_DROP_REASON_` before it and lower case. Undefined: no such name. */
export function showReason(bundle: Bundle, explanations: Explanations, word: string): ShownReason | undefined {
  const name = bareName(word.trim().toUpperCase())
  const releases: { first: string; last: string; code: number }[] = []
  const others: { table: string; code: number }[] = []
  let subsystem: string | undefined
  let before: string | undefined
  for (const table of bundle.tables) {
    const found = codeOf(bundle, table, name)
    subsystem ??= found?.subsystem
    if (table.covers.kind === 'release') {
      const last = releases.at(-1)
      if (found !== undefined && last !== undefined && last.code === found.code && last.last === before)
        last.last = table.id
      else if (found !== undefined) releases.push({ first: table.id, last: table.id, code: found.code })
      before = table.id
    } else if (found !== undefined) others.push({ table: table.id, code: found.code })
  }
  const explanation = Object.hasOwn(explanations.reasons, name) ? explanations.reasons[name] : undefined
  if (subsystem === undefined && explanation === undefined) return undefined
  const since = releases[0]?.first
  const until = releases.at(-1)?.last
  return {
    name,
    ...explanation,
    ...(subsystem === undefined ? {} : { subsystem }),
    ...(since === undefined || until === undefined ? {} : { since, until, current: until === bundle.newest }),
    releases,
    others,
    renames: bundle.renames.filter((rename) =>
      [rename.old, rename.new].some((text) => text.split(/[^A-Z0-9_]+/).includes(name)),
    ),
  }
}

function codeOf(
  bundle: Bundle,
  { core, subsystems }: BundledTable,
  name: string,
): { readonly code: number; readonly subsystem: string } | undefined {
  const number = core === null ? -1 : (bundle.lists[core]?.indexOf(name) ?? -1)
  if (number >= 0) return { code: number, subsystem: CORE }
  for (const [id, key] of Object.entries(subsystems)) {
    const inSubsystem = bundle.lists[key]?.indexOf(name) ?? -1
    if (inSubsystem >= 0)
      return {
        code: codeIn(Number(id), inSubsystem),
        subsystem: subsystemOfName(name) ?? key.slice(0, key.indexOf('/')),
      }
  }
  return undefined
}

/** Names that the user may have meant: those that hold the word, else those that differ by a few letters. */
export function nearNames(bundle: Bundle, word: string): readonly string[] {
  const wanted = bareName(word.trim().toUpperCase())
  const names = [
    ...new Set(
      Object.values(bundle.lists)
        .flat()
        .filter((name) => name !== null),
    ),
  ]
  const holding = wanted.length < 3 ? [] : names.filter((name) => name.includes(wanted) || wanted.includes(name))
  if (holding.length > 0) return holding.slice(0, 8)
  return nearest(wanted, names)
}

export interface DecodedCode extends Partial<Explanation> {
  readonly code: number
  /** Of the kernel that was asked for. */
  readonly name?: string
  readonly subsystem?: string
  /** Where there is no name: its names in other tables. */
  readonly candidates?: readonly Candidate[]
}

/** A number by the table of one kernel; without a table, or without a name in it, all names that it could have. */
export function decodeCode(
  bundle: Bundle,
  explanations: Explanations,
  code: number,
  reasons: Reasons = NO_REASONS,
): DecodedCode {
  const { name, subsystem } = reasons.decode(code) ?? {}
  const known = { code, ...(subsystem === undefined ? {} : { subsystem }) }
  return name === undefined
    ? { ...known, candidates: candidates(bundle, code) }
    : { ...known, name, ...explanations.reasons[name] }
}

/** `3`, `0x10001`: a reason as tools print it. Undefined: no such number. */
export function parseCode(text: string): number | undefined {
  if (!/^(0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/.test(text)) return undefined
  const code = Number(text)
  return code <= 0xffffffff ? code : undefined
}

export interface Comparison {
  readonly added: readonly NamedCode[]
  readonly removed: readonly NamedCode[]
  /** The same name under another number. */
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[]
  /** Names with the same number in both. */
  readonly same: number
}

export interface NamedCode {
  readonly name: string
  readonly code: number
}

export function compareTables(from: ReasonTable, to: ReasonTable): Comparison {
  const before = codesByName(from)
  const after = codesByName(to)
  const added = [...after].filter(([name]) => !before.has(name)).map(([name, code]) => ({ name, code }))
  const removed = [...before].filter(([name]) => !after.has(name)).map(([name, code]) => ({ name, code }))
  const moved = [...before].flatMap(([name, code]) => {
    const now = after.get(name)
    return now === undefined || now === code ? [] : [{ name, from: code, to: now }]
  })
  return { added, removed, moved, same: before.size - removed.length - moved.length }
}

function codesByName(table: ReasonTable): ReadonlyMap<string, number> {
  return new Map([...namesByCode(table)].map(([code, name]) => [name, code]))
}
