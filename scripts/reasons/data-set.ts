import type { Bundle } from '../../src/kernel/reasons/bundle.ts'

/** The data set: number → name, and for people the source of each list and the kernels that it applies to. */
export interface DataSet {
  readonly meta: { readonly made: string; readonly newest: string }
  readonly releases: { readonly [release: string]: Entry }
  readonly stable: { readonly [series: string]: readonly StableEntry[] }
  readonly distros: { readonly [key: string]: DistroEntry }
  readonly subsystems: { readonly [name: string]: { readonly tables?: { readonly [since: string]: SubsystemTable } } }
  readonly history: { readonly [name: string]: { readonly first?: string; readonly last?: string } }
  readonly renames: Bundle['renames']
  readonly missing: readonly string[]
}

export interface Entry {
  readonly source: string
  readonly also?: readonly string[]
  readonly evidence?: 'direct' | 'point release' | 'bracket'
  readonly note?: string
  readonly max: number | null
  readonly subsystem_ids: Names | null
  readonly core: Names | null
}

export interface StableEntry extends Entry {
  readonly since: string
  readonly checked_up_to: string
}

export interface DistroEntry extends Entry {
  readonly applies_to: string
  readonly mac80211_unusable?: Names
  readonly mac80211_monitor?: Names
  readonly openvswitch?: Names
}

export interface SubsystemTable {
  readonly releases: readonly string[]
  readonly reasons: Names
}

export interface Names {
  readonly [number: string]: string
}
