// The drop reason tables of the package, from the data set.
import type { Bundle, BundledTable, Covers } from '../../src/kernel/reasons/bundle.ts'
import { coversOf, openSeries, pointsIn, seriesOf } from './covers.ts'
import type { DataSet, DistroEntry, Entry, Names } from './data-set.ts'

/** Subsystem lists that are not those of the table's own release, with the note of the data set that says so. */
const OTHER_LISTS: { readonly [id: string]: { readonly [subsystem: string]: string } } = {
  // "Linux 6.6.120 contains a backport": probable; 1 to 17 are the same in all lists.
  '6.6.153': { mac80211_unusable: '6.6.120' },
  // "also 6.14.11 (Ubuntu 6.14.0-37)"
  '6.14.11': { mac80211_unusable: '6.15' },
  'ubuntu-6.14.0-37': { mac80211_unusable: '6.15' },
  // "only DEFRAG_OVERFLOW was added at the end; Ubuntu 7.0.0-44 has it too"
  'ubuntu-7.0.0-28..44': { mac80211_unusable: '7.2' },
}

/** The data set in the form of the package. Throws for anything that it does not understand. */
export function bundleOf(data: DataSet): Bundle {
  const lists = subsystemLists(data)
  const tables = tablesOf(data, lists)
  checkHistory(data, tables, lists)
  return {
    made: data.meta.made,
    newest: data.meta.newest,
    open: openSeries(data),
    lists,
    tables,
    renames: data.renames,
  }
}

/** The lists of names, by their keys: `mac80211_unusable/6.15`, and for core the first table that has the list. */
type Lists = Record<string, NameList>

type NameList = readonly (string | null)[]

function subsystemLists(data: DataSet): Lists {
  const lists: Lists = {}
  for (const [name, { tables }] of Object.entries(data.subsystems)) {
    for (const [since, table] of Object.entries(tables ?? {}))
      lists[`${name}/${since}`] = listOf(table.reasons, `${name}/${since}`)
  }
  return lists
}

/** Adds the core lists of the tables to `lists`. */
function tablesOf(data: DataSet, lists: Lists): readonly BundledTable[] {
  const table = (id: string, title: string, covers: Covers, entry: Entry, series: string): BundledTable =>
    tableOf(data, lists, { id, title, covers }, entry, series)
  return [
    ...Object.entries(data.releases).map(([series, entry]) =>
      table(series, `Linux ${series}`, { kind: 'release', series }, entry, series),
    ),
    ...Object.entries(data.stable).flatMap(([series, entries]) =>
      entries.map((entry) => {
        const since = pointsIn(entry.since, series)
        const checked = pointsIn(entry.checked_up_to, series)[1]
        // Where only the bounds of the change are known, the table is that of the last update.
        const id = `${series}.${since[1]}`
        const covers: Covers = { kind: 'stable', series, since, checked }
        return table(id, `Linux ${series}.y from ${entry.since}`, covers, entry, series)
      }),
    ),
    ...Object.entries(data.distros).map(([id, entry]) =>
      table(id, entry.applies_to, coversOf(id, entry), entry, seriesOf(id)),
    ),
  ]
}

function tableOf(
  data: DataSet,
  lists: Lists,
  { id, title, covers }: Pick<BundledTable, 'id' | 'title' | 'covers'>,
  entry: Entry | DistroEntry,
  series: string,
): BundledTable {
  const { core, max, source, also = [], evidence, note } = entry
  if (max !== (core === null ? null : Object.keys(core).length))
    throw new Error(`${id}: max ${max} does not fit its list`)
  return {
    id,
    title,
    covers,
    core: coreKey(lists, core, id),
    subsystems: subsystemKeys(data, lists, id, entry, series),
    ...(evidence === undefined ? {} : { evidence }),
    source,
    ...(also.length === 0 ? {} : { also }),
    ...(note === undefined ? {} : { note }),
  }
}

/** The key of a core list, which is added to `lists` where no table before has the same. */
function coreKey(lists: Lists, names: Names | null, id: string): string | null {
  if (names === null) return null
  const list = listOf(names, id)
  if (list.includes(null)) throw new Error(`${id}: the core list has holes`)
  const known = Object.entries(lists).find(([key, other]) => !key.includes('/') && sameList(other, list))
  if (known !== undefined) return known[0]
  lists[id] = list
  return id
}

function subsystemKeys(
  data: DataSet,
  lists: Lists,
  id: string,
  entry: DistroEntry | Entry,
  series: string,
): { [id: string]: string } {
  const keys: Record<string, string> = {}
  for (const [number, name] of Object.entries(entry.subsystem_ids ?? {})) {
    if (number === '0') continue
    const own = 'applies_to' in entry ? ownList(entry, name) : undefined
    const key =
      own === undefined
        ? listOfSeries(data, id, name, series)
        : Object.keys(lists).find((other) => sameReasons(lists, other, name, own))
    if (key === undefined) throw new Error(`${id}: no list for ${name}`)
    keys[number] = key
  }
  return keys
}

/** Index is number; null below the first. Refuses gaps. */
function listOf(names: Names, where: string): readonly (string | null)[] {
  const numbers = Object.keys(names).map(Number)
  const list = Array.from({ length: Math.max(...numbers) + 1 }, (_, number) => names[number] ?? null)
  if (numbers[0] === undefined || numbers[0] > 1 || list.slice(numbers[0]).includes(null))
    throw new Error(`${where}: numbers have gaps`)
  if (new Set(list).size !== list.length) throw new Error(`${where}: a name occurs twice`)
  return list
}

function sameList(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  return a.length === b.length && a.every((name, number) => name === b[number])
}

/** A distribution's own list has no number 0: that is the bare name of the subsystem. */
function sameReasons(lists: Bundle['lists'], key: string, subsystem: string, own: Names): boolean {
  return key.startsWith(`${subsystem}/`) && sameList((lists[key] ?? []).slice(1), listOf(own, key).slice(1))
}

function ownList(entry: DistroEntry, subsystem: string): Names | undefined {
  if (subsystem === 'mac80211_unusable' || subsystem === 'mac80211_monitor' || subsystem === 'openvswitch')
    return entry[subsystem]
  return undefined
}

function listOfSeries(data: DataSet, id: string, subsystem: string, series: string): string | undefined {
  const other = OTHER_LISTS[id]?.[subsystem]
  const tables = data.subsystems[subsystem]?.tables ?? {}
  const since = other ?? Object.keys(tables).find((key) => tables[key]?.releases.includes(series))
  return since === undefined || tables[since] === undefined ? undefined : `${subsystem}/${since}`
}

/** Throws where the history in the data set differs from the tables. */
function checkHistory(data: DataSet, tables: readonly BundledTable[], lists: Bundle['lists']): void {
  const releases = tables.filter(({ covers }) => covers.kind === 'release')
  for (const [name, { first, last }] of Object.entries(data.history)) {
    const having = releases.filter(({ core }) => core !== null && lists[core]?.includes(name)).map(({ id }) => id)
    if (having.length > 0 && (having[0] !== first || having.at(-1) !== last))
      throw new Error(`history of ${name}: the tables say ${having[0]} to ${having.at(-1)}`)
  }
}
