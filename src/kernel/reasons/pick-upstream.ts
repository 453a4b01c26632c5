// kernel.org's own releases and updates, and kernels that are made from them.
import type { BundledTable } from './bundle.ts'
import {
  atMostProbable,
  between,
  cautionOf,
  commonOf,
  found,
  type Pick,
  type ReleaseQuestion,
  type Sureness,
  unknown,
  withoutReasons,
} from './pick-answer.ts'
import { compareVersions, releaseAfter, releaseBefore, type TableOf, tablesOfSeries } from './shelf.ts'

/** The first release with drop reasons; 5.15 got them by an update. */
const FIRST_SERIES = '5.17'

/** Decides by series and update alone, as for kernel.org's own. */
export function pickUpstream(question: ReleaseQuestion): Pick {
  const { bundle, release } = question
  const { series, point, rc } = release
  const [own] = tablesOfSeries(bundle, 'release', series)
  const updates = tablesOfSeries(bundle, 'stable', series)
  const [firstUpdate] = updates
  if (own === undefined && firstUpdate === undefined) return withoutTable(question)
  // A candidate holds what the release before it has, or the release's own list, or something between.
  if (rc !== undefined)
    return atMostProbable(between(question, [releaseBefore(bundle, series), own]), `a candidate of ${series}`)

  const atFirst = (sure: Sureness, why: string): Pick =>
    own === undefined ? withoutReasons(series, sure, why) : found(bundle, own, sure, why)
  if (point === undefined || point === 0) {
    const hint =
      firstUpdate === undefined
        ? ''
        : `; its updates from ${sinceOf(firstUpdate)} on have another list: give all of uname -r`
    const sure = hint !== '' && point === undefined ? 'series' : own?.evidence === 'bracket' ? 'bracket' : 'exact'
    return atFirst(sure, `the release ${series} itself${hint}`)
  }
  const next = updates.find(({ covers }) => covers.since[1] > point)
  const last = updates.findLast(({ covers }) => covers.since[1] <= point)
  if (next !== undefined && point >= next.covers.since[0]) return between(question, [last ?? own, next])
  if (last !== undefined) return pickUpdate(question, point, last, next)
  if (next !== undefined) return atFirst('bracket', `before ${sinceOf(next)} the list is that of ${series}`)

  const checked = bundle.open[series]
  if (checked === undefined)
    return atFirst(
      'series',
      `no update of ${series} is known to change the list; ${series}.${point} itself was not looked at`,
    )
  if (point > checked)
    return unknown(question, `${series}.${checked} is the last update of ${series} that was looked at`)
  return atFirst(point === checked ? 'exact' : 'bracket', `${series} and ${series}.${checked} have the same list`)
}

function pickUpdate(
  question: ReleaseQuestion,
  point: number,
  last: TableOf<'stable'>,
  next: TableOf<'stable'> | undefined,
): Pick {
  const { series, since, checked } = last.covers
  if (next === undefined && point > checked) {
    return unknown(
      question,
      `${series}.${checked} is the last update of ${series} that was looked at, and its updates do change the list`,
    )
  }
  const end = next === undefined ? `${series}.${checked}` : `before ${next.id}`
  return found(
    question.bundle,
    last,
    point === since[1] || point === checked ? 'exact' : 'bracket',
    `from ${last.id} to ${end} the list is the same`,
  )
}

/** A git tree has the name of the last tag. It may hold the list of the next release already, as net-next did. */
export function pickDevelopment(question: ReleaseQuestion): Pick {
  const { bundle, release } = question
  const { series, point = 0, rc } = release
  if (compareVersions(series, '5.15') < 0) return withoutTable(question)
  const [own] = tablesOfSeries(bundle, 'release', series)
  if (own === undefined || point > 0)
    return unknown(question, 'a git tree: what was changed on top of the release is not known')
  const around = [...(rc === undefined ? [] : [releaseBefore(bundle, series)]), own, releaseAfter(bundle, series)]
  return atMostProbable(between(question, around), 'a git tree between two releases')
}

/**
 * For kernels whose place within their series is not known. It finds a table where all known lists of the series agree,
 * and the series has ended.
 */
export function pickUniform(
  question: ReleaseQuestion,
  tables: readonly BundledTable[],
  sure: Sureness,
  doubt: string,
): Pick {
  const { bundle, release } = question
  const { series } = release
  const [first] = tables
  if (first === undefined) return withoutTable(question)
  if (bundle.open[series] !== undefined) return unknown(question, `${doubt}, and ${series} goes on`)
  // A series without a release of its own here (5.15) began without drop reasons.
  const differ =
    !tables.some(({ covers }) => covers.kind === 'release') || tables.some(({ core }) => core !== first.core)
  if (differ) return unknown(question, `${doubt}, and the kernels of ${series} differ`)
  const why = `${doubt}, but all kernels of ${series} that were looked at have the same list${cautionOf(tables)}`
  return { kind: 'found', id: first.id, sure, why, table: commonOf(bundle, tables) }
}

/** A series of which there is no table at all. */
function withoutTable(question: ReleaseQuestion): Pick {
  const { series } = question.release
  if (compareVersions(series, FIRST_SERIES) > 0) return unknown(question, `no table for ${series}`)
  return withoutReasons(series, 'series', `no kernel before ${FIRST_SERIES} has drop reasons, but for updates of 5.15`)
}

/** `6.12.46`; the earliest where only bounds are known. */
function sinceOf({ covers }: TableOf<'stable'>): string {
  return `${covers.series}.${covers.since[0]}`
}
