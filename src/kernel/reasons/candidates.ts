import { type Bundle, type BundledTable, subsystemOf } from './bundle.ts'
import { CORE } from './reasons.ts'

/** What a number means on some of the kernels that are known. */
export interface Candidate {
  readonly name: string
  readonly subsystem: string
  /** Ids of the tables that have this name, in the order of the bundle. */
  readonly tables: readonly string[]
}

/**
 * All names that a number has in the bundled tables, the most frequent first. The report lists them for a code that got
 * no name.
 */
export function candidates(bundle: Bundle, code: number): readonly Candidate[] {
  const byName = new Map<string, { name: string; subsystem: string; tables: string[] }>()
  for (const table of bundle.tables) {
    const list = listOf(table, code)
    const name = list === undefined ? undefined : bundle.lists[list]?.[code & 0xffff]
    if (list === undefined || name === undefined || name === null) continue
    const subsystem = list === table.core ? CORE : subsystemOf(list)
    const known = byName.get(name)
    if (known === undefined) byName.set(name, { name, subsystem, tables: [table.id] })
    else known.tables.push(table.id)
  }
  return [...byName.values()].sort((a, b) => b.tables.length - a.tables.length)
}

function listOf(table: BundledTable, code: number): string | undefined {
  if (!Number.isInteger(code) || code < 0 || code > 0xffffffff) return undefined
  const id = code >>> 16
  return id === 0 ? (table.core ?? undefined) : table.subsystems[id]
}

/** Table ids for people: releases in a row become one, `6.2 to 6.13, 6.12.46, ubuntu-6.8.0-31..101`. */
export function describeTables(bundle: Bundle, ids: readonly string[]): string {
  const wanted = new Set(ids)
  const runs: string[][] = []
  let run: string[] | undefined
  const others: string[] = []
  for (const { id, covers } of bundle.tables) {
    if (covers.kind !== 'release') {
      if (wanted.has(id)) others.push(id)
    } else if (!wanted.has(id)) {
      run = undefined
    } else if (run === undefined) {
      run = [id]
      runs.push(run)
    } else {
      run.push(id)
    }
  }
  return [...runs.map((row) => (row.length === 1 ? row.join() : `${row[0]} to ${row.at(-1)}`)), ...others].join(', ')
}
