import type { Summary } from './collect.ts'
import type { Count, Ranking } from './value-counts.ts'

/** What could not be read, over all inputs. */
export interface Unread {
  /** Units that were rejected. */
  readonly rejected: number
  /** Lines of output of a program that was not given. */
  readonly undecoded: number
  /** Lines that fit several readings. */
  readonly ambiguous: number
  /** Lines that no reader knows. */
  readonly foreign: number
  /** Why inputs could not be read to their end. */
  readonly failures: readonly string[]
}

/** The document of `--json`. */
export interface SummaryDocument extends Omit<Summary, 'by'> {
  readonly v: 1
  readonly by?: Omit<Ranking, 'top'> & {
    readonly fields: readonly string[]
    readonly top: readonly ({ readonly values: readonly unknown[] } & Count)[]
  }
  readonly unread: Unread
}

/** The document of a summary. `fields` are those of `--by`, as typed. */
export function documentOf({ by, ...summary }: Summary, fields: readonly string[], unread: Unread): SummaryDocument {
  return {
    v: 1,
    ...summary,
    ...(by !== undefined && {
      by: { ...by, fields, top: by.top.map(({ value, ...count }) => ({ values: JSON.parse(value), ...count })) },
    }),
    unread,
  }
}

/** What could not be read, in sentences. */
export function unreadSentences({ rejected, undecoded, ambiguous, foreign, failures }: Unread): readonly string[] {
  return [
    ...(rejected > 0 ? [`${rejected} ${rejected === 1 ? 'unit was' : 'units were'} rejected`] : []),
    ...(undecoded > 0
      ? [`${undecoded} ${undecoded === 1 ? 'line is' : 'lines are'} output of a program that was not given`]
      : []),
    ...(ambiguous > 0
      ? [`${ambiguous} ${ambiguous === 1 ? 'line fits' : 'lines fit'} several readings, and none was taken`]
      : []),
    ...(foreign > 0 ? [`${foreign} ${foreign === 1 ? 'line is' : 'lines are'} of no known tool`] : []),
    ...failures,
  ]
}
