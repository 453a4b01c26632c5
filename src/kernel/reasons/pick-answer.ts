// The answers to the question which table fits a kernel.
import { type Bundle, type BundledTable, tableOf } from './bundle.ts'
import { EMPTY_TABLE, type NamesByNumber, type ReasonTable, type Subsystem } from './reasons.ts'
import type { Release } from './release.ts'
import { allOfSeries, releaseAfter, releaseBefore } from './shelf.ts'

export interface ReleaseQuestion {
  readonly bundle: Bundle
  readonly release: Release
}

/**
 * How sure a pick is. `exact`: this very kernel was looked at. `bracket`: kernels on both sides of it have the same
 * list. `series`: all kernels of its series that were looked at have this list, but it was not looked at itself.
 * `probable`: the sentence says why.
 */
export type Sureness = 'exact' | 'bracket' | 'series' | 'probable'

export type Pick = FoundPick | UnknownPick

export interface FoundPick {
  readonly kind: 'found'
  /** Of the table, for `decoded_by`; a series (`5.10`) where no kernel of it has drop reasons. */
  readonly id: string
  readonly sure: Sureness
  readonly why: string
  readonly table: ReasonTable
}

/** No names. `nearest`: tables that a person may compare; they are not used. */
export interface UnknownPick {
  readonly kind: 'unknown'
  readonly why: string
  readonly nearest: readonly string[]
}

export function found(bundle: Bundle, table: BundledTable, sure: Sureness, why: string): FoundPick {
  return { kind: 'found', id: table.id, sure, why, table: tableOf(bundle, table) }
}

/** A kernel without drop reasons is a known one, too: it has no names to give. */
export function withoutReasons(series: string, sure: Sureness, why: string): FoundPick {
  return { kind: 'found', id: series, sure, why, table: EMPTY_TABLE }
}

export function atMostProbable(pick: Pick, why: string): Pick {
  return pick.kind === 'unknown' ? pick : { ...pick, sure: 'probable', why: `${pick.why}; ${why}` }
}

/** `nearest` has the tables of its series, or else the releases next to it. */
export function unknown({ bundle, release: { series } }: ReleaseQuestion, why: string): UnknownPick {
  const own = allOfSeries(bundle, series)
  return unknownBeside(own.length > 0 ? own : [releaseBefore(bundle, series), releaseAfter(bundle, series)], why)
}

export function unknownBeside(tables: readonly (BundledTable | undefined)[], why: string): UnknownPick {
  return { kind: 'unknown', why, nearest: tables.filter((table) => table !== undefined).map(({ id }) => id) }
}

/** A kernel between others that were looked at: found where all of these have the same core list. */
export function between({ bundle, release }: ReleaseQuestion, tables: readonly (BundledTable | undefined)[]): Pick {
  const known = tables.filter((table) => table !== undefined)
  const [first] = known
  if (first === undefined || known.length < tables.length || known.some(({ core }) => core !== first.core)) {
    return unknownBeside(known, `${release.text} was not looked at, and the lists before and after it differ`)
  }
  const why = `${known.map(({ id }) => id).join(' and ')}, on both sides of it, have the same list`
  return {
    kind: 'found',
    id: first.id,
    sure: 'bracket',
    why: `${why}${cautionOf(known)}`,
    table: commonOf(bundle, known),
  }
}

/** The common part of tables with the same core list: subsystem ids and names only where all agree. */
export function commonOf(bundle: Bundle, tables: readonly BundledTable[]): ReasonTable {
  return tables
    .map((table) => tableOf(bundle, table))
    .reduce((a, b) => {
      const subsystems: Record<string, Subsystem> = {}
      for (const [id, { name, names }] of Object.entries(a.subsystems)) {
        const other = b.subsystems[id]
        if (other?.name === name) subsystems[id] = { name, names: commonNames(names, other.names) }
      }
      return { core: commonNames(a.core, b.core), subsystems }
    })
}

/** The end of a sentence where the tables differ in their subsystems. */
export function cautionOf(tables: readonly BundledTable[]): string {
  const different = new Set(tables.map(({ subsystems }) => JSON.stringify(subsystems))).size > 1
  return different ? '; numbers of subsystems get a name only where all agree' : ''
}

function commonNames(a: NamesByNumber, b: NamesByNumber): NamesByNumber {
  return Object.fromEntries(Object.entries(a).filter(([number, name]) => b[number] === name))
}
