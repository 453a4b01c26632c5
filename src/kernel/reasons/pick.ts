import type { Bundle } from './bundle.ts'
import { atMostProbable, found, type Pick, type ReleaseQuestion, unknown } from './pick-answer.ts'
import { pickDebian, pickEl, pickUbuntu } from './pick-distribution.ts'
import { pickDevelopment, pickUniform, pickUpstream } from './pick-upstream.ts'
import { NO_REASONS, type Reasons, reasonsOf } from './reasons.ts'
import { parseRelease } from './release.ts'
import { allOfSeries } from './shelf.ts'

/**
 * The table of the kernel `release`: `6.12`, `6.12.97`, or all of `uname -r`; or the id of a table. `distro`: the
 * distribution, where the release does not show it. It does not guess: where the kernels next to it differ, the answer
 * is unknown. docs/reasons.md has the rules and their sources.
 */
export function pickTable(bundle: Bundle, release: string, distro?: string): Pick {
  const byId = bundle.tables.find(
    ({ id, covers }) => id === release && covers.kind !== 'release' && covers.kind !== 'stable',
  )
  if (byId !== undefined) return found(bundle, byId, 'exact', `table ${byId.id} was asked for by its name`)
  const parsed = parseRelease(release, distro)
  if (parsed === undefined) return { kind: 'unknown', why: `"${release}" is no kernel release`, nearest: [] }
  const question: ReleaseQuestion = { bundle, release: parsed }
  const { build } = parsed
  switch (build.kind) {
    case 'upstream':
      return pickUpstream(question)
    case 'custom':
      return atMostProbable(
        pickUpstream(question),
        `"${build.suffix}" is a private build, and is taken as made from the unchanged source`,
      )
    case 'numbered':
      return pickNumbered(question, build.suffix)
    case 'development':
      return pickDevelopment(question)
    case 'ubuntu':
      return pickUbuntu(question, build)
    case 'debian':
      return pickDebian(question, build.abi)
    case 'el':
      return pickEl(question, build)
    case 'vendor':
      return unknown(question, `kernels of ${build.name} carry changes of their own and were not looked at`)
  }
}

/** Vendors put new things into old kernels: the beginning of a series says nothing about them. */
function pickNumbered(question: ReleaseQuestion, suffix: string): Pick {
  const tables = allOfSeries(question.bundle, question.release.series)
  const doubt = `"${suffix}" is a private count of builds`
  return tables.length === 0 ? unknown(question, doubt) : pickUniform(question, tables, 'probable', doubt)
}

/** What `pickTable` finds, ready for lookup; an unknown kernel gives no names. */
export function reasonsOfPick(pick: Pick): Reasons {
  return pick.kind === 'found' ? reasonsOf(pick.table, `kernel:${pick.id}`) : NO_REASONS
}
