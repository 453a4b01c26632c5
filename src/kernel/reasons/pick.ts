import { type Bundle, type BundledTable, type Covers, type Range, tableOf } from './bundle.ts'
import {
  EMPTY_TABLE,
  type NamesByNumber,
  NO_REASONS,
  type Reasons,
  type ReasonTable,
  reasonsOf,
  type Subsystem,
} from './reasons.ts'
import { type Build, parseRelease, type Release } from './release.ts'

/**
 * How sure a pick is. `exact`: this very kernel was looked at. `bracket`: kernels on both sides of it have the same list. `series`: all kernels
 * of its series that were looked at have this list, itself was not. `probable`: as the sentence says.
 */
export type Sureness = 'exact' | 'bracket' | 'series' | 'probable'

export type Pick =
  | {
      readonly kind: 'found'
      readonly id: string
      readonly sure: Sureness
      readonly why: string
      readonly table: ReasonTable
    }
  /** No names. `nearest`: tables to look at, never to use unseen. */
  | { readonly kind: 'unknown'; readonly why: string; readonly nearest: readonly string[] }

/**
 * The table of the kernel `release`: `6.12`, `6.12.97`, or all of `uname -r`; or the id of a table. Never a guess: where the kernels next to it differ,
 * the answer is unknown. The rules are in docs/reasons.md.
 */
export function pickTable(bundle: Bundle, release: string, distro?: string): Pick {
  const byId = bundle.tables.find(({ id }) => id === release)
  if (byId !== undefined && !isOf('release')(byId) && !isOf('stable')(byId))
    return found(bundle, byId, 'exact', `table ${byId.id} was asked for by its name`)
  const parsed = parseRelease(release, distro)
  if (parsed === undefined) return { kind: 'unknown', why: `"${release}" is no kernel release`, nearest: [] }
  const { build } = parsed
  switch (build.kind) {
    case 'upstream':
      return pickUpstream(bundle, parsed)
    case 'custom':
      return atMostProbable(
        pickUpstream(bundle, parsed),
        `"${build.suffix}" is somebody's own build, taken as made from the unchanged source`,
      )
    case 'numbered':
      return uniform(bundle, parsed, ofSeries(bundle, parsed.series), `"${build.suffix}" counts in a way of its own`)
    case 'development':
      return pickDevelopment(bundle, parsed)
    case 'ubuntu':
      return pickUbuntu(bundle, parsed, build)
    case 'debian':
      return pickDebian(bundle, parsed, build.abi)
    case 'el':
      return pickEl(bundle, parsed, build)
    case 'vendor':
      return unknown(bundle, parsed, `kernels of ${build.name} carry changes of their own and were not looked at`)
  }
}

/** What `pickTable` finds, ready for lookup; an unknown kernel gives no names. */
export function reasonsOfPick(pick: Pick): Reasons {
  return pick.kind === 'found' ? reasonsOf(pick.table, `kernel:${pick.id}`) : NO_REASONS
}

function pickUpstream(bundle: Bundle, release: Release): Pick {
  const { series, point, rc } = release
  const own = tablesOf(bundle, 'release', series)[0]
  const updates = tablesOf(bundle, 'stable', series)
  if (own === undefined && updates.length === 0) {
    if (compareSeries(series, FIRST_SERIES) < 0)
      return withoutReasons(
        series,
        'series',
        `no kernel before ${FIRST_SERIES} has drop reasons, but for updates of 5.15`,
      )
    return unknown(bundle, release, `no table for ${series}`)
  }
  const none = withoutReasons(series, 'bracket', `${series} got its drop reasons with ${updates[0]?.id ?? 'no update'}`)
  const base = (sure: Sureness, why: string): Pick =>
    own === undefined ? { ...none, sure, why } : found(bundle, own, sure, why)

  if (rc !== undefined)
    return atMostProbable(base('probable', `a candidate of ${series}; the list is that of the release`))
  if (point === undefined || point === 0) {
    const later =
      updates.length === 0 ? '' : `; its updates from ${firstOf(updates)} on have another list: give all of uname -r`
    const sure = later !== '' && point === undefined ? 'series' : own?.evidence === 'bracket' ? 'bracket' : 'exact'
    return base(sure, `the release ${series} itself${later}`)
  }

  const next = updates.find(({ covers }) => covers.since[1] > point)
  const last = updates.findLast(({ covers }) => covers.since[1] <= point)
  if (next !== undefined && point >= next.covers.since[0]) return between(bundle, release, last ?? own, next)
  if (last !== undefined) {
    const { since, checked } = last.covers
    if (next === undefined && point > checked)
      return unknown(
        bundle,
        release,
        `${series}.${checked} is the last update of ${series} that was looked at, and its updates do change the list`,
      )
    return found(
      bundle,
      last,
      point === since[1] || point === checked ? 'exact' : 'bracket',
      `from ${last.id} to ${next === undefined ? `${series}.${checked}` : `before ${next.id}`} the list is the same`,
    )
  }
  if (next !== undefined) return base('bracket', `before ${firstOf(updates)} the list is that of ${series}`)
  const checked = bundle.open[series]
  if (checked === undefined)
    return base(
      'series',
      `no update of ${series} is known to change the list; ${series}.${point} itself was not looked at`,
    )
  if (point > checked)
    return unknown(bundle, release, `${series}.${checked} is the last update of ${series} that was looked at`)
  return base(point === checked ? 'exact' : 'bracket', `${series} and ${series}.${checked} have the same list`)
}

/** A tree between two releases is called by the older, and may hold the list of the newer already. */
function pickDevelopment(bundle: Bundle, release: Release): Pick {
  const { series, point = 0 } = release
  if (compareSeries(series, '5.15') < 0) return pickUpstream(bundle, release)
  const releases = bundle.tables.filter(isOf('release'))
  const own = releases.find(({ id }) => id === series)
  const next = releases.find(({ id }) => compareSeries(id, series) > 0)
  if (own === undefined || next === undefined || point > 0)
    return unknown(bundle, release, 'a git tree: what was changed on top of the release is not known')
  return atMostProbable(between(bundle, release, own, next), 'a git tree between two releases')
}

function pickUbuntu(bundle: Bundle, release: Release, { flavour, abi }: Extract<Build, { kind: 'ubuntu' }>): Pick {
  if (flavour === 'lowlatency')
    return atMostProbable(
      pickUbuntu(bundle, release, { kind: 'ubuntu', flavour: 'main', ...(abi === undefined ? {} : { abi }) }),
      'a lowlatency kernel has the numbers of the generic one; itself was not looked at',
    )
  const { series } = release
  const all = tablesOf(bundle, 'ubuntu', series)
  const upstream = [...tablesOf(bundle, 'release', series), ...tablesOf(bundle, 'stable', series)]
  if (all.length === 0 && upstream.length === 0) return pickUpstream(bundle, { ...release, point: 0 })

  const ranges =
    flavour === 'derived'
      ? []
      : rangesOf(all, ({ abis }) => abis.filter((one) => one.flavour === flavour).map((one) => one.range))
  if (abi !== undefined && ranges.length > 0) {
    const inside = ranges.find(({ range }) => range[0] <= abi && abi <= range[1])
    const name = `${series}.0-${abi}`
    if (inside !== undefined)
      return found(bundle, inside.table, inside.range.includes(abi) ? 'exact' : 'bracket', inside.table.title)
    const above = ranges.find(({ range }) => range[0] > abi)
    if (above === undefined)
      return unknown(bundle, release, `Ubuntu ${series}.0-${ranges.at(-1)?.range[1]} is the newest that was looked at`)
    const below = ranges.findLast(({ range }) => range[1] < abi)?.table ?? tablesOf(bundle, 'release', series)[0]
    return between(bundle, release, below, above.table, name)
  }
  return uniform(
    bundle,
    release,
    [...all, ...upstream],
    `this kind of Ubuntu kernel was not looked at${abi === undefined ? ', and the release does not tell the ABI' : ''}`,
  )
}

function pickDebian(bundle: Bundle, release: Release, abi: number | undefined): Pick {
  const { series, point, rc } = release
  const tables = tablesOf(bundle, 'debian', series)
  if (abi === undefined) {
    // Debian's kernels are stable updates with patches that left the list alone wherever both were looked at.
    const own = tables.find(({ covers }) => (rc === undefined ? contains(covers.points, point) : covers.rc === rc))
    if (own === undefined) return pickUpstream(bundle, release)
    return found(
      bundle,
      own,
      rc !== undefined || own.covers.points?.includes(point ?? -1) === true ? 'exact' : 'bracket',
      own.title,
    )
  }
  const ranges = rangesOf(tables, ({ abis }) => (abis === undefined ? [] : [abis]))
  const upstream = [...tablesOf(bundle, 'release', series), ...tablesOf(bundle, 'stable', series)]
  if (upstream.length === 0) return pickUpstream(bundle, { ...release, point: 0 })
  // `6.5.0-1-amd64` counts updates in its own way: which one it is does not matter where all have the same list.
  if (ranges.length === 0)
    return uniform(
      bundle,
      release,
      upstream,
      `which update Debian's ${series}.0-${abi} is, its name does not tell`,
      'series',
    )
  const inside = ranges.find(({ range }) => range[0] <= abi && abi <= range[1])
  if (inside !== undefined)
    return found(bundle, inside.table, inside.range.includes(abi) ? 'exact' : 'bracket', inside.table.title)
  const above = ranges.find(({ range }) => range[0] > abi)
  if (above === undefined)
    return unknown(bundle, release, `Debian's ${series}.0-${ranges.at(-1)?.range[1]} is the newest that was looked at`)
  return between(bundle, release, ranges.findLast(({ range }) => range[1] < abi)?.table ?? upstream[0], above.table)
}

/** RHEL and its rebuilds: the minor release decides, not the base version. Without it (CentOS Stream, GA kernels of 8) the build number does. */
function pickEl(bundle: Bundle, release: Release, { major, minor, build }: Extract<Build, { kind: 'el' }>): Pick {
  const base = `${release.series}.${release.point ?? 0}`
  if (compareSeries(release.series, '4.0') < 0)
    return withoutReasons(
      release.series,
      'probable',
      `kernel ${release.series} is older than the drop reasons; RHEL ${major} was not looked at`,
    )
  const tables = bundle.tables
    .filter(isOf('el'))
    .filter(({ covers }) => covers.base === base && (major === undefined || covers.major === major))
  if (minor !== undefined) {
    const own = tables.find(({ covers }) => covers.minor === minor)
    const later = tables.find(({ covers }) => covers.minor > minor)
    if (own === undefined && later?.core === null)
      return found(bundle, later, 'series', `older than ${later.title}, which has no drop reasons`)
    if (own === undefined) return elUnknown(tables, `RHEL ${major}.${minor} was not looked at`)
    const [first, last] = own.covers.builds
    if (mainBuild(first) !== mainBuild(build))
      return elUnknown([own], `build ${build} is none of RHEL ${major}.${minor} (${first} to ${last})`)
    if (compareBuilds(build, first) < 0 || compareBuilds(build, last) > 0)
      return found(
        bundle,
        own,
        'series',
        `all builds of RHEL ${major}.${minor} that were looked at, ${first} to ${last}, have the same list`,
      )
    return found(bundle, own, build === first || build === last ? 'exact' : 'bracket', own.title)
  }
  const same = tables.find(({ covers }) => mainBuild(covers.builds[0]) === mainBuild(build))
  if (same !== undefined) {
    const first = same.covers.builds[0]
    if (build === first) return found(bundle, same, 'exact', same.title)
    return found(
      bundle,
      same,
      'probable',
      `build ${mainBuild(build)} became RHEL ${same.covers.major}.${same.covers.minor}; the name does not tell whether this is it or CentOS Stream`,
    )
  }
  const below = tables.findLast(({ covers }) => compareBuilds(covers.builds[1], build) < 0)
  const above = tables.find(({ covers }) => compareBuilds(covers.builds[0], build) > 0)
  if (above === undefined) return elUnknown(tables, `newer than every build of ${base} that was looked at`)
  // The first kernel of the base had none either, when the oldest that was looked at has none.
  if (below === undefined && above.core === null)
    return found(bundle, above, 'series', `older than ${above.title}, which has no drop reasons`)
  return between(bundle, release, below, above)
}

function elUnknown(tables: readonly BundledTable[], why: string): Pick {
  return { kind: 'unknown', why, nearest: tables.slice(-1).map(({ id }) => id) }
}

/** The table that both neighbours share; subsystem ids and names stay only where they agree. Unknown where the core lists differ. */
function between(
  bundle: Bundle,
  release: Release,
  below: BundledTable | undefined,
  above: BundledTable,
  name = release.text,
): Pick {
  if (below === undefined || below.core !== above.core) {
    return {
      kind: 'unknown',
      why: `${name} was not looked at, and the lists before and after it differ`,
      nearest: [...(below === undefined ? [] : [below.id]), above.id],
    }
  }
  const table = agreeing(tableOf(bundle, below), tableOf(bundle, above))
  const less =
    JSON.stringify(below.subsystems) === JSON.stringify(above.subsystems)
      ? ''
      : '; numbers of subsystems get a name only where both agree'
  return {
    kind: 'found',
    id: below.id,
    sure: 'bracket',
    why: `${below.id} and ${above.id}, on both sides of it, have the same list${less}`,
    table,
  }
}

/** For kernels whose place within their series is not known: found where all that is known of the series agrees, and the series is at its end. */
function uniform(
  bundle: Bundle,
  release: Release,
  tables: readonly BundledTable[],
  doubt: string,
  sure: Sureness = 'probable',
): Pick {
  const { series } = release
  const [first] = tables
  // A series without a release of its own here (5.15) began without drop reasons.
  if (first === undefined)
    return compareSeries(series, FIRST_SERIES) < 0
      ? pickUpstream(bundle, { ...release, point: 0 })
      : unknown(bundle, release, `no table for ${series}`)
  if (bundle.open[series] !== undefined) return unknown(bundle, release, `${doubt}, and ${series} goes on`)
  if (!tables.some(isOf('release')) || tables.some(({ core }) => core !== first.core))
    return unknown(bundle, release, `${doubt}, and the kernels of ${series} differ`)
  const table = tables.map((one) => tableOf(bundle, one)).reduce(agreeing)
  return {
    kind: 'found',
    id: first.id,
    sure,
    why: `${doubt}, but all kernels of ${series} that were looked at have the same list`,
    table,
  }
}

function agreeing(a: ReasonTable, b: ReasonTable): ReasonTable {
  const subsystems: Record<string, Subsystem> = {}
  for (const [id, { name, names }] of Object.entries(a.subsystems)) {
    const other = b.subsystems[id]
    if (other?.name === name) subsystems[id] = { name, names: agreeingNames(names, other.names) }
  }
  return { core: agreeingNames(a.core, b.core), subsystems }
}

function agreeingNames(a: NamesByNumber, b: NamesByNumber): NamesByNumber {
  return Object.fromEntries(Object.entries(a).filter(([number, name]) => b[number] === name))
}

const FIRST_SERIES = '5.17'

function found(bundle: Bundle, table: BundledTable, sure: Sureness, why: string): Pick {
  return { kind: 'found', id: table.id, sure, why, table: tableOf(bundle, table) }
}

function withoutReasons(series: string, sure: Sureness, why: string): Extract<Pick, { kind: 'found' }> {
  return { kind: 'found', id: series, sure, why, table: EMPTY_TABLE }
}

function atMostProbable(pick: Pick, why?: string): Pick {
  return pick.kind === 'unknown'
    ? pick
    : { ...pick, sure: 'probable', why: why === undefined ? pick.why : `${pick.why}; ${why}` }
}

/** The tables of its series, or else the releases next to it. */
function unknown(bundle: Bundle, { series }: Release, why: string): Pick {
  const own = ofSeries(bundle, series)
  const releases = bundle.tables.filter(isOf('release'))
  const below = releases.findLast(({ id }) => compareSeries(id, series) < 0)
  const above = releases.find(({ id }) => compareSeries(id, series) > 0)
  const nearest = own.length > 0 ? own : [below, above].filter((table) => table !== undefined)
  return { kind: 'unknown', why, nearest: nearest.map(({ id }) => id) }
}

type TableOf<K extends Covers['kind']> = BundledTable & { readonly covers: Extract<Covers, { kind: K }> }

function isOf<K extends Covers['kind']>(kind: K): (table: BundledTable) => table is TableOf<K> {
  return (table): table is TableOf<K> => table.covers.kind === kind
}

function tablesOf<K extends 'release' | 'stable' | 'ubuntu' | 'debian'>(
  bundle: Bundle,
  kind: K,
  series: string,
): readonly TableOf<K>[] {
  return ofSeries(bundle, series).filter(isOf(kind))
}

/** Tables of releases, updates and distributions that carry this series' number; RHEL's base versions are not among them. */
function ofSeries(bundle: Bundle, series: string): readonly BundledTable[] {
  return bundle.tables.filter(({ covers }) => 'series' in covers && covers.series === series)
}

/** Each range with its table, in the order of the ranges. */
function rangesOf<T extends BundledTable>(
  tables: readonly T[],
  ranges: (covers: T['covers']) => readonly Range[],
): readonly { readonly range: Range; readonly table: T }[] {
  return tables
    .flatMap((table) => ranges(table.covers).map((range) => ({ range, table })))
    .sort((a, b) => a.range[0] - b.range[0])
}

function contains(range: Range | undefined, number: number | undefined): boolean {
  return range !== undefined && number !== undefined && range[0] <= number && number <= range[1]
}

function firstOf(updates: readonly TableOf<'stable'>[]): string {
  const [first] = updates
  return first === undefined ? '' : `${first.covers.series}.${first.covers.since[0]}`
}

function compareSeries(a: string, b: string): number {
  return compareBuilds(a, b)
}

/** `503.11.1` → `503`: what the minor releases of RHEL branch from. */
function mainBuild(build: string): string {
  return build.split('.', 1)[0] ?? build
}

/** Numbers with dots, part by part; a missing part is before any other. */
function compareBuilds(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}
