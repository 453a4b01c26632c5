// The time that a platform files a record under. A record without `ts` stays without one: the envelope says where its
// time is from.
import type { EventRecord } from '../event/record.ts'
import type { Unfit } from '../event/unfit.ts'
import { rfc3339Of, secondsOfLocal } from '../time/rfc3339.ts'

/**
 * Where the time of a record is from. `ts`: it has one. `inherited`: the last `ts` before it in the same capture; only
 * a record without any time of its own has this one. `start`: when the run began. `now`: when it was encoded.
 */
export type TimeSource = 'ts' | 'inherited' | 'start' | 'now'

/** When a record happened, as far as it is known. */
export interface FilingTime {
  readonly source: TimeSource
  /** RFC 3339 with nine fraction digits and `Z`. */
  readonly ts: string
  /** Seconds since 1970, decimal. */
  readonly seconds: string
  /** Nanoseconds on top of them: nine digits. */
  readonly fraction: string
}

/** What time a record gets that has none: that of `start` (nanoseconds since 1970), the clock's, or none. */
export type Fallback = { readonly as: 'reject' | 'now' } | { readonly as: 'start'; readonly ns: bigint }

/** The last second that date_nanos of Elasticsearch and the int64 of Loki can hold nanoseconds of. */
const LAST_SECOND = 9_223_372_035

/**
 * Finds the time of each record, in the order in which they are sent. `now` is the wall clock in nanoseconds since
 * 1970.
 */
export class RecordTimes {
  private readonly fallback: Fallback
  private readonly now: () => bigint
  /** Of the last record that had a `ts`, and where it was captured. */
  private last: FilingTime | undefined
  private lastPath: unknown
  private second = ''
  private seconds: string | undefined

  constructor(fallback: Fallback, now: () => bigint) {
    this.fallback = fallback
    this.now = now
  }

  of(record: EventRecord): FilingTime | Unfit {
    const ts = record.ts?.value()
    const path = record.capture?.get('path')
    if (typeof ts === 'string') {
      const time = this.timeOf(ts, 'ts')
      if (time === undefined) return { unfit: `ts ${ts}: platforms keep nanoseconds of 1970 to 2262 only` }
      this.last = time
      this.lastPath = path
      return time
    }
    const { last } = this
    if (record.clock === undefined && last !== undefined && path === this.lastPath)
      return { ...last, source: 'inherited' }
    return this.fallbackTime() ?? UNTIMED
  }

  /** Records were sent without being shown here; the last of them had this time, in this capture. */
  saw(ts: string, path: unknown): void {
    this.last = this.timeOf(ts, 'ts')
    this.lastPath = path
  }

  private fallbackTime(): FilingTime | undefined {
    const { fallback } = this
    if (fallback.as === 'reject') return undefined
    const ts = rfc3339Of(fallback.as === 'start' ? fallback.ns : this.now())
    return ts === undefined ? undefined : this.timeOf(ts, fallback.as)
  }

  private timeOf(ts: string, source: TimeSource): FilingTime | undefined {
    const second = ts.slice(0, 19)
    if (second !== this.second) {
      this.second = second
      const seconds = secondsOfLocal(second) ?? -1
      this.seconds = seconds >= 0 && seconds <= LAST_SECOND ? String(seconds) : undefined
    }
    const { seconds } = this
    return seconds === undefined ? undefined : { source, ts, seconds, fraction: ts.slice(20, 29) }
  }
}

const UNTIMED: Unfit = {
  unfit:
    'no ts, and none before it in its capture: give what makes one (--timezone, --clock, --boot-time, --snapshot), or --ts-fallback',
}

/** Nanoseconds since 1970, decimal. Digits are joined: a number would lose some. */
export function nanosecondsOf({ seconds, fraction }: FilingTime): string {
  return seconds === '0' ? String(Number(fraction)) : seconds + fraction
}
