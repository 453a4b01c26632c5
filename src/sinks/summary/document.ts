import type { Summary } from './collect.ts'
import type { Count, Ranking } from './value-counts.ts'

/** What could not be read, over all inputs. */
export interface Unread {
  /** Units that were rejected. */
  readonly rejected: number
  /** Lines of output of a program that nobody gave. */
  readonly undecoded: number
  /** Lines that fit several readings. */
  readonly ambiguous: number
  /** Lines that are no reader's. */
  readonly foreign: number
  /** Why inputs could not be read to their end. */
  readonly failures: readonly string[]
}

/** `--json`. */
export interface SummaryDocument extends Omit<Summary, 'by'> {
  readonly v: 1
  readonly by?: Omit<Ranking, 'top'> & {
    readonly fields: readonly string[]
    readonly top: readonly ({ readonly values: readonly unknown[] } & Count)[]
  }
  readonly unread: Unread
}

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

/** The same in sentences. */
export function unreadSentences({ rejected, undecoded, ambiguous, foreign, failures }: Unread): readonly string[] {
  return [
    ...(rejected > 0 ? [`${rejected} ${rejected === 1 ? 'unit was' : 'units were'} rejected`] : []),
    ...(undecoded > 0
      ? [`${undecoded} ${undecoded === 1 ? 'line is' : 'lines are'} output of a program that nobody gave`]
      : []),
    ...(ambiguous > 0
      ? [`${ambiguous} ${ambiguous === 1 ? 'line fits' : 'lines fit'} several readings, and none was taken`]
      : []),
    ...(foreign > 0 ? [`${foreign} ${foreign === 1 ? 'line is' : 'lines are'} text of others`] : []),
    ...failures,
  ]
}
