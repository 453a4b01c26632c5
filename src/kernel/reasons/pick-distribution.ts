// Kernels of distributions: by ABI number (Ubuntu, Debian before 6.10), by stable update (Debian), by build number
// (RHEL and its rebuilds).
import {
  atMostProbable,
  between,
  type FoundPick,
  found,
  type Pick,
  type ReleaseQuestion,
  unknown,
  unknownBeside,
  withoutReasons,
} from './pick-answer.ts'
import { pickUniform, pickUpstream } from './pick-upstream.ts'
import type { Build, UbuntuFlavour } from './release.ts'
import {
  compareVersions,
  placeOf,
  type RangeOfTable,
  type TableOf,
  tablesOf,
  tablesOfSeries,
  upstreamOf,
} from './shelf.ts'

export function pickUbuntu(question: ReleaseQuestion, { flavour, abi }: Extract<Build, { kind: 'ubuntu' }>): Pick {
  const { bundle, release } = question
  const tables = tablesOfSeries(bundle, 'ubuntu', release.series)
  const ranges = rangesOf(tables, flavour)
  if (abi === undefined || ranges.length === 0) {
    const doubt = `this kind of Ubuntu kernel was not looked at${abi === undefined ? ', and the release does not show the ABI' : ''}`
    return pickUniform(question, [...tables, ...upstreamOf(bundle, release.series)], 'probable', doubt)
  }
  const pick = pickByAbi(question, 'Ubuntu', abi, ranges)
  return flavour === 'lowlatency'
    ? atMostProbable(pick, 'a lowlatency kernel has the numbers of the generic one; itself was not looked at')
    : pick
}

function rangesOf(tables: readonly TableOf<'ubuntu'>[], flavour: UbuntuFlavour): readonly RangeOfTable[] {
  const counted = flavour === 'lowlatency' ? 'main' : flavour
  return tables.flatMap((table) =>
    table.covers.abis.filter((abi) => abi.flavour === counted).map(({ range }) => ({ range, table })),
  )
}

export function pickDebian(question: ReleaseQuestion, abi: number | undefined): Pick {
  const { bundle, release } = question
  const { series } = release
  const tables = tablesOfSeries(bundle, 'debian', series)
  if (abi === undefined) return pickDebianUpdate(question, tables)
  const ranges = tables.flatMap((table) =>
    table.covers.abis === undefined ? [] : [{ range: table.covers.abis, table }],
  )
  if (ranges.length > 0) return pickByAbi(question, 'Debian', abi, ranges)
  // `6.5.0-1-amd64`: the update does not matter where all have the same list.
  return pickUniform(
    question,
    upstreamOf(bundle, series),
    'series',
    `the name does not say which update Debian's ${series}.0-${abi} is`,
  )
}

/** Debian's kernels are stable updates. Its patches did not change the list wherever both were looked at. */
function pickDebianUpdate(question: ReleaseQuestion, tables: readonly TableOf<'debian'>[]): Pick {
  const { point = -1, rc } = question.release
  const candidate = tables.find(({ covers }) => rc !== undefined && covers.rc === rc)
  if (candidate !== undefined) return found(question.bundle, candidate, 'exact', candidate.title)
  const ranges = tables.flatMap((table) =>
    table.covers.points === undefined ? [] : [{ range: table.covers.points, table }],
  )
  const { inside } = placeOf(point, ranges)
  return inside === undefined || rc !== undefined ? pickUpstream(question) : foundInside(question, point, inside)
}

function pickByAbi(
  question: ReleaseQuestion,
  distribution: string,
  abi: number,
  ranges: readonly RangeOfTable[],
): Pick {
  const { bundle, release } = question
  const { inside, below, above } = placeOf(abi, ranges)
  if (inside !== undefined) return foundInside(question, abi, inside)
  if (above === undefined)
    return unknown(question, `${distribution} ${release.series}.0-${below?.range[1]} is the newest that was looked at`)
  // The kernel below the first one is the one that all are made from.
  const [upstream] = tablesOfSeries(bundle, 'release', release.series)
  return between(question, [below?.table ?? upstream, above.table])
}

function foundInside({ bundle }: ReleaseQuestion, number: number, { range, table }: RangeOfTable): FoundPick {
  return found(bundle, table, range.includes(number) ? 'exact' : 'bracket', table.title)
}

/**
 * RHEL and its rebuilds: the minor release decides, not the base version. Without it (CentOS Stream, GA kernels of 8)
 * the build number does.
 */
export function pickEl(question: ReleaseQuestion, { major, minor, build }: Extract<Build, { kind: 'el' }>): Pick {
  const { bundle, release } = question
  if (compareVersions(release.series, '4.0') < 0) {
    return withoutReasons(
      release.series,
      'probable',
      `kernel ${release.series} is older than the drop reasons; RHEL ${major} was not looked at`,
    )
  }
  const base = `${release.series}.${release.point ?? 0}`
  const tables = tablesOf(bundle, 'el').filter(
    ({ covers }) => covers.base === base && (major === undefined || covers.major === major),
  )
  if (minor !== undefined) {
    const own = tables.find(({ covers }) => covers.minor === minor)
    const later = tables.find(({ covers }) => covers.minor > minor)
    return own === undefined
      ? pickElWithout(question, tables, later, `RHEL ${major}.${minor} was not looked at`)
      : pickElMinor(question, own, build)
  }
  const same = tables.find(({ covers }) => mainBuild(covers.builds[0]) === mainBuild(build))
  if (same !== undefined) {
    if (build === same.covers.builds[0]) return found(bundle, same, 'exact', same.title)
    const became = `build ${mainBuild(build)} became RHEL ${same.covers.major}.${same.covers.minor}`
    return found(bundle, same, 'probable', `${became}; the name does not say whether this is it or CentOS Stream`)
  }
  const below = tables.findLast(({ covers }) => compareVersions(covers.builds[1], build) < 0)
  const above = tables.find(({ covers }) => compareVersions(covers.builds[0], build) > 0)
  if (below === undefined || above === undefined)
    return pickElWithout(question, tables, above, `build ${build} of ${base} was not looked at`)
  return between(question, [below, above])
}

function pickElMinor({ bundle }: ReleaseQuestion, own: TableOf<'el'>, build: string): Pick {
  const { major, minor, builds } = own.covers
  const [first, last] = builds
  if (mainBuild(first) !== mainBuild(build))
    return unknownBeside([own], `build ${build} is not a build of RHEL ${major}.${minor} (${first} to ${last})`)
  if (compareVersions(build, first) < 0 || compareVersions(build, last) > 0) {
    return found(
      bundle,
      own,
      'series',
      `all builds of RHEL ${major}.${minor} that were looked at, ${first} to ${last}, have the same list`,
    )
  }
  return found(bundle, own, builds.includes(build) ? 'exact' : 'bracket', own.title)
}

/** A kernel before one without drop reasons has none either. */
function pickElWithout(
  { bundle }: ReleaseQuestion,
  tables: readonly TableOf<'el'>[],
  later: TableOf<'el'> | undefined,
  why: string,
): Pick {
  if (later?.core === null)
    return found(bundle, later, 'series', `older than ${later.title}, which has no drop reasons`)
  return unknownBeside([later ?? tables.at(-1)], why)
}

/** `503.11.1` → `503`: what the minor releases of RHEL branch from. */
function mainBuild(build: string): string {
  return build.split('.', 1)[0] ?? build
}
