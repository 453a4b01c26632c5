// Finds bundled tables by the kernels that they cover.
import type { Bundle, BundledTable, Covers, NumberRange } from './bundle.ts'

export type TableOf<K extends Covers['kind']> = BundledTable & { readonly covers: Extract<Covers, { kind: K }> }

export function tablesOf<K extends Covers['kind']>(bundle: Bundle, kind: K): readonly TableOf<K>[] {
  return bundle.tables.filter((table): table is TableOf<K> => table.covers.kind === kind)
}

/** `release` has one at most. */
export function tablesOfSeries<K extends 'release' | 'stable' | 'ubuntu' | 'debian'>(
  bundle: Bundle,
  kind: K,
  series: string,
): readonly TableOf<K>[] {
  return tablesOf(bundle, kind).filter(({ covers }) => 'series' in covers && covers.series === series)
}

/** The release and its stable updates. */
export function upstreamOf(bundle: Bundle, series: string): readonly BundledTable[] {
  return [...tablesOfSeries(bundle, 'release', series), ...tablesOfSeries(bundle, 'stable', series)]
}

/** All tables with this series' number; RHEL's base versions are not among them. */
export function allOfSeries(bundle: Bundle, series: string): readonly BundledTable[] {
  return bundle.tables.filter(({ covers }) => 'series' in covers && covers.series === series)
}

export function releaseBefore(bundle: Bundle, series: string): BundledTable | undefined {
  return tablesOf(bundle, 'release').findLast(({ id }) => compareVersions(id, series) < 0)
}

export function releaseAfter(bundle: Bundle, series: string): BundledTable | undefined {
  return tablesOf(bundle, 'release').find(({ id }) => compareVersions(id, series) > 0)
}

/** The place of a number among ranges: inside of one, or between two. */
export interface PlaceInRanges {
  readonly inside?: RangeOfTable
  readonly below?: RangeOfTable
  readonly above?: RangeOfTable
}

export interface RangeOfTable {
  readonly range: NumberRange
  readonly table: BundledTable
}

export function placeOf(number: number, ranges: readonly RangeOfTable[]): PlaceInRanges {
  const inside = ranges.find(({ range: [first, last] }) => first <= number && number <= last)
  if (inside !== undefined) return { inside }
  const sorted = [...ranges].sort((a, b) => a.range[0] - b.range[0])
  const below = sorted.findLast(({ range }) => range[1] < number)
  const above = sorted.find(({ range }) => range[0] > number)
  return { ...(below === undefined ? {} : { below }), ...(above === undefined ? {} : { above }) }
}

/** `6.9` before `6.12`, `503` before `503.11.1`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}
