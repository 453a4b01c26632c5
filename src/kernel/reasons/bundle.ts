import type { NamesByNumber, ReasonTable, Subsystem } from './reasons.ts'

/** The tables in the package: `tables.json`, made by scripts/reasons.ts, under schemas/reasons.v1.schema.json. */
export interface Bundle {
  /** Date of the data set. */
  readonly made: string
  /** The newest upstream release in it. */
  readonly newest: string
  /** Stable series that are not at their end, with the last update whose list was looked at: `6.12` → 117. */
  readonly open: { readonly [series: string]: number }
  /** The different lists, index is number. Core lists by their first table, others as `subsystem/first release`. */
  readonly lists: { readonly [key: string]: readonly (string | null)[] }
  readonly tables: readonly BundledTable[]
  readonly renames: readonly Rename[]
}

export interface BundledTable {
  /** `6.12`, `6.12.46`, `ubuntu-6.8.0-106..146`. */
  readonly id: string
  readonly title: string
  readonly covers: Covers
  /** A key of `lists`; null where this kernel has no drop reasons. */
  readonly core: string | null
  /** Id → key of `lists`. */
  readonly subsystems: { readonly [id: string]: string }
  /** How a release's own table is known; `bracket`: two neighbouring versions are identical. */
  readonly evidence?: 'direct' | 'point release' | 'bracket'
  readonly source: string
  readonly also?: readonly string[]
  readonly note?: string
}

/** Inclusive. */
export type NumberRange = readonly [first: number, last: number]

/** Which kernels a table was made for. */
export type Covers =
  | { readonly kind: 'release'; readonly series: string }
  /**
   * `since`: the update that brought it, two numbers where only the bounds are known; `checked`: the last one looked
   * at.
   */
  | { readonly kind: 'stable'; readonly series: string; readonly since: NumberRange; readonly checked: number }
  | { readonly kind: 'ubuntu'; readonly series: string; readonly abis: readonly AbiRange[] }
  | {
      readonly kind: 'debian'
      readonly series: string
      readonly abis?: NumberRange
      readonly points?: NumberRange
      readonly rc?: number
    }
  /** Builds `503.11.1` to `503.40.1` of base `5.14.0`, minor release 9.5. */
  | {
      readonly kind: 'el'
      readonly major: number
      readonly minor: number
      readonly base: string
      readonly builds: readonly [first: string, last: string]
    }
  /** A development tree: no kernel's name picks it. */
  | { readonly kind: 'none' }

/** `main`: generic and lowlatency kernels; `oem` counts from 1000. */
export interface AbiRange {
  readonly flavour: 'main' | 'oem'
  readonly range: NumberRange
}

export interface Rename {
  readonly old: string
  readonly new: string
  readonly when: string
}

export interface Explanation {
  readonly meaning: string
  readonly check: string
}

export interface Explanations {
  readonly made: string
  readonly reasons: { readonly [name: string]: Explanation }
}

/** Loaded on demand, when the first number needs a name. */
export async function loadBundle(): Promise<Bundle> {
  return (await import('./generated/tables.ts')).TABLES
}

export async function loadExplanations(): Promise<Explanations> {
  return (await import('./generated/explanations.ts')).EXPLANATIONS
}

/** A bundled table in the form of all other tables. */
export function tableOf(bundle: Bundle, { core, subsystems }: BundledTable): ReasonTable {
  const byId: Record<string, Subsystem> = {}
  for (const [id, key] of Object.entries(subsystems)) byId[id] = { name: subsystemOf(key), names: namesOf(bundle, key) }
  return { core: core === null ? {} : namesOf(bundle, core), subsystems: byId }
}

/** `openvswitch/6.6` → `openvswitch`. */
export function subsystemOf(key: string): string {
  const [name = key] = key.split('/', 1)
  return name
}

function namesOf(bundle: Bundle, key: string): NamesByNumber {
  const names: Record<string, string> = {}
  for (const [number, name] of (bundle.lists[key] ?? []).entries()) if (name !== null) names[number] = name
  return names
}
