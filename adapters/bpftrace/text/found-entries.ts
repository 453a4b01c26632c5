import type { EntryValue, MapEntry } from '../decode/metric.ts'

/** Entries of a map, as they were found in text. */
export interface FoundEntries {
  /** Several where old versions write them in one line. */
  readonly entries: readonly MapEntry[]
  readonly end: number
  /** Damaged rows of a drawing. */
  readonly damages: readonly DamagedRow[]
  /** Rows of a drawing are missing, or may be missing. */
  readonly isIncomplete: boolean
  /** What a person wrote after the value. */
  readonly note: string | undefined
}

/** Offsets of a damaged line. */
export interface DamagedRow {
  readonly start: number
  readonly end: number
}

/**
 * What is at a place where the entry of a map may begin. `broken`: it begins as an entry and does not end as one.
 * `ambiguous`: its key may end in several places. Undefined: it is not an entry.
 */
export type EntryFinding = FoundEntries | 'pause' | 'broken' | 'ambiguous' | undefined

/** What is before the value of an entry. */
export type EntryHead = Pick<MapEntry, 'name' | 'key'>

/** An entry with a value in its own line. */
export function foundEntry({ name, key }: EntryHead, value: EntryValue, end: number): FoundEntries {
  return foundEntries([{ name, key, value, shows: value.kind === 'stats' ? 'stats' : 'value' }], end)
}

/** Entries that are whole. */
export function foundEntries(entries: readonly MapEntry[], end: number): FoundEntries {
  return { entries, end, damages: [], isIncomplete: false, note: undefined }
}
