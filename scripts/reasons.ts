// The drop reason tables of the package.
//   npx tsx scripts/reasons.ts <tables.json> <explanations.json>   the data set → src/kernel/reasons/*.json, for review
//   npx tsx scripts/reasons.ts --emit                              those → src/kernel/reasons/generated/*.ts
// The first refuses what it does not understand, so that a new kernel is one command and one review of the diff.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AbiRange, Bundle, BundledTable, Covers, Explanations, Range } from '../src/kernel/reasons/bundle.ts'

/** The data set as it comes: number → name, and for people where each list is from and what it applies to. */
interface DataSet {
  readonly meta: { readonly made: string; readonly newest: string }
  readonly releases: { readonly [release: string]: Entry }
  readonly stable: { readonly [series: string]: readonly StableEntry[] }
  readonly distros: { readonly [key: string]: DistroEntry }
  readonly subsystems: { readonly [name: string]: { readonly tables?: { readonly [since: string]: SubsystemTable } } }
  readonly history: { readonly [name: string]: { readonly first?: string; readonly last?: string } }
  readonly renames: Bundle['renames']
  readonly missing: readonly string[]
}

interface Entry {
  readonly source: string
  readonly also?: readonly string[]
  readonly evidence?: 'direct' | 'point release' | 'bracket'
  readonly note?: string
  readonly max: number | null
  readonly subsystem_ids: Names | null
  readonly core: Names | null
}

interface StableEntry extends Entry {
  readonly since: string
  readonly checked_up_to: string
}

interface DistroEntry extends Entry {
  readonly applies_to: string
  readonly mac80211_unusable?: Names
  readonly mac80211_monitor?: Names
  readonly openvswitch?: Names
}

interface SubsystemTable {
  readonly releases: readonly string[]
  readonly reasons: Names
}

interface Names {
  readonly [number: string]: string
}

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

/** The data set as the package holds it. Throws on anything that it does not understand. */
export function bundleOf(data: DataSet): Bundle {
  const lists: Record<string, readonly (string | null)[]> = {}
  for (const [name, { tables }] of Object.entries(data.subsystems)) {
    for (const [since, table] of Object.entries(tables ?? {}))
      lists[`${name}/${since}`] = listOf(table.reasons, `${name}/${since}`)
  }

  const coreKey = (names: Names | null, id: string): string | null => {
    if (names === null) return null
    const list = listOf(names, id)
    if (list.includes(null)) throw new Error(`${id}: the core list has holes`)
    const known = Object.entries(lists).find(([key, other]) => !key.includes('/') && sameList(other, list))
    if (known !== undefined) return known[0]
    lists[id] = list
    return id
  }

  const subsystemKeys = (id: string, entry: DistroEntry | Entry, series: string): { [id: string]: string } => {
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

  const table = (id: string, title: string, covers: Covers, entry: Entry, series: string): BundledTable => {
    const { core, max, source, also = [], evidence, note } = entry
    if (max !== (core === null ? null : Object.keys(core).length))
      throw new Error(`${id}: max ${max} does not fit its list`)
    return {
      id,
      title,
      covers,
      core: coreKey(core, id),
      subsystems: subsystemKeys(id, entry, series),
      ...(evidence === undefined ? {} : { evidence }),
      source,
      ...(also.length === 0 ? {} : { also }),
      ...(note === undefined ? {} : { note }),
    }
  }

  const tables = [
    ...Object.entries(data.releases).map(([series, entry]) =>
      table(series, `Linux ${series}`, { kind: 'release', series }, entry, series),
    ),
    ...Object.entries(data.stable).flatMap(([series, entries]) =>
      entries.map((entry) => {
        const since = pointsIn(entry.since, series)
        const checked = pointsIn(entry.checked_up_to, series)[1]
        // Where only the bounds of the change are known, the table is that of the last update.
        const id = since[0] === since[1] ? `${series}.${since[0]}` : `${series}.${since[1]}`
        return table(
          id,
          `Linux ${series}.y from ${entry.since}`,
          { kind: 'stable', series, since, checked },
          entry,
          series,
        )
      }),
    ),
    ...Object.entries(data.distros).map(([id, entry]) =>
      table(id, entry.applies_to, coversOf(id, entry), entry, seriesOf(id)),
    ),
  ]
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

/** The first two numbers of a distribution's key: `ubuntu-6.8.0-106..146` → `6.8`. */
function seriesOf(id: string): string {
  return /\d+\.\d+/.exec(id)?.[0] ?? ''
}

/** `6.14.7 to 6.14.11 (…)` → 7, 11; `6.12.46` → 46, 46. */
function pointsIn(text: string, series: string): Range {
  const points = [...text.matchAll(/(\d+\.\d+)\.(\d+)\b(?!-)/g)]
    .filter((found) => found[1] === series)
    .map((found) => Number(found[2]))
  if (points.length === 0) throw new Error(`no update of ${series} in "${text}"`)
  return [Math.min(...points), Math.max(...points)]
}

/** "stable updates after: 6.1.192, 6.6.153, …; …": the series that go on. */
function openSeries(data: DataSet): { readonly [series: string]: number } {
  const after = data.missing.find((line) => line.startsWith('stable updates after:'))?.split(';', 1)[0]
  const points = [...(after ?? '').matchAll(/(\d+\.\d+)\.(\d+)/g)].map((found): [string, number] => [
    found[1] ?? '',
    Number(found[2]),
  ])
  if (points.length === 0) throw new Error('the list of what is missing does not say which stable updates')
  return Object.fromEntries(points)
}

/** What a distribution's table applies to, from its key and its sentence. */
function coversOf(id: string, { applies_to: text }: DistroEntry): Covers {
  if (id.startsWith('ubuntu-')) return { kind: 'ubuntu', series: seriesOf(id), abis: abisIn(id, text) }
  if (id.startsWith('debian-')) {
    // debian-12-6.1.170..190: the release of Debian stands before the kernel's.
    const series = seriesOf(id.replace(/^debian-\d+-/, 'debian-'))
    const abis = [...text.matchAll(/\d+\.\d+\.0-(\d+)\b/g)].map((found) => Number(found[1]))
    const rc = /-rc(\d+)/.exec(text)?.[1]
    const points = text.replaceAll(/\d+\.\d+\.0-\d+/g, '')
    return {
      kind: 'debian',
      series,
      ...(abis.length === 0 ? {} : { abis: [Math.min(...abis), Math.max(...abis)] }),
      points: pointsIn(points, series),
      ...(rc === undefined ? {} : { rc: Number(rc) }),
    }
  }
  const el = /\((\d+\.\d+\.\d+)-([\d.]+)\.el(\d+)\w* to \1-([\d.]+)\.el\3\w*\)/.exec(text)
  if (el !== null) {
    const [, base = '', first = '', major = '', last = ''] = el
    return { kind: 'el', major: Number(major), minor: Number(id.split('.').at(-1)), base, builds: [first, last] }
  }
  if (/build number not established/.test(text) || id.includes('development-snapshot')) return { kind: 'none' }
  throw new Error(`${id}: cannot tell what "${text}" applies to`)
}

/** `linux-hwe-6.5 ABI 14 to 45 and linux-oem-6.5 ABI 1003 to 1027`; `kernel 5.15.0-25 (5.15.30) and older`. */
function abisIn(id: string, text: string): readonly AbiRange[] {
  const older = /\d+\.\d+\.0-(\d+) \(.*\) and older/.exec(text)?.[1]
  if (older !== undefined) return [{ flavour: 'main', range: [0, Number(older)] }]
  const abis = [...text.matchAll(/ABI (\d+)(?: to (\d+))?/g)].map(([, first, last = first]): AbiRange => {
    const range: Range = [Number(first), Number(last)]
    return { flavour: range[0] >= 1000 ? 'oem' : 'main', range }
  })
  if (abis.length === 0) throw new Error(`${id}: no ABI in "${text}"`)
  return abis
}

/** The data set's own history must be what the tables say. */
function checkHistory(data: DataSet, tables: readonly BundledTable[], lists: Bundle['lists']): void {
  const releases = tables.filter(({ covers }) => covers.kind === 'release')
  for (const [name, { first, last }] of Object.entries(data.history)) {
    const having = releases.filter(({ core }) => core !== null && lists[core]?.includes(name)).map(({ id }) => id)
    if (having.length > 0 && (having[0] !== first || having.at(-1) !== last))
      throw new Error(`history of ${name}: the tables say ${having[0]} to ${having.at(-1)}`)
  }
}

const DATA = 'src/kernel/reasons'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Writes src/kernel/reasons/generated/{tables,explanations}.ts below `outDir`, from the project's JSON. Part of `npm
 * run generate`.
 */
export function emitReasonTables(outDir: string): void {
  const generated = join(outDir, DATA, 'generated')
  mkdirSync(generated, { recursive: true })
  for (const [file, name, type] of [
    ['tables', 'TABLES', 'Bundle'],
    ['explanations', 'EXPLANATIONS', 'Explanations'],
  ] as const) {
    const { $schema: _, ...data } = JSON.parse(readFileSync(join(ROOT, DATA, `${file}.json`), 'utf8'))
    const text = `// Made by scripts/reasons.ts from ${file}.json.\nimport type { ${type} } from '../bundle.ts'\n\nexport const ${name}: ${type} = ${JSON.stringify(data)}\n`
    writeFileSync(join(generated, `${file}.ts`), text)
  }
}

function takeOver(tablesPath: string, explanationsPath: string): void {
  // Not checked member by member here: what bundleOf cannot use it refuses, and the result is under a schema.
  const data = JSON.parse(readFileSync(tablesPath, 'utf8')) as DataSet
  const reasons = JSON.parse(readFileSync(explanationsPath, 'utf8')) as Explanations['reasons']
  const bundle = bundleOf(data)
  const unexplained = new Set(
    Object.values(bundle.lists)
      .flat()
      .filter((name) => name !== null && reasons[name] === undefined),
  )
  if (unexplained.size > 0) throw new Error(`no explanation of ${[...unexplained].join(', ')}`)
  const files = [
    ['tables.json', bundle],
    ['explanations.json', { made: bundle.made, reasons }],
  ] as const
  for (const [file, content] of files) {
    writeFileSync(
      join(ROOT, DATA, file),
      `${JSON.stringify({ $schema: '../../../schemas/reasons.v1.schema.json', ...content }, undefined, 2)}\n`,
    )
  }
  execFileSync('npx', ['biome', 'format', '--write', ...files.map(([file]) => join(DATA, file))], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  process.stdout.write(
    `${bundle.tables.length} tables, ${new Set(bundle.tables.map(({ core }) => core)).size} core lists; review the diff of ${DATA}\n`,
  )
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [tables, explanations] = process.argv.slice(2)
  if (tables === '--emit') emitReasonTables(ROOT)
  else if (tables !== undefined && explanations !== undefined) takeOver(tables, explanations)
  else {
    process.stderr.write('usage: tsx scripts/reasons.ts <tables.json> <explanations.json> | --emit\n')
    process.exitCode = 2
  }
}
