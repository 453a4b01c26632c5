import { lineOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import { parseRfc3339 } from '../time/rfc3339.ts'
import { type Stage, Unjudged } from './stage.ts'

/** A text of 64 bits without sign is at most this, digit by digit. */
const MOST_UINT64 = '18446744073709551615'
/** The whole years of 64 bits of nanoseconds around 1970. */
const FIRST_YEAR = '1678'
const YEAR_AFTER = '2262'

/** Half of a character, as an escape of JSON that no backslash precedes. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

/** Rejects records that a column of nanoseconds or of 64 bits cannot hold, or whose texts are no Unicode. */
export const storableStage: Stage = {
  cause: 'where',
  take(record) {
    const fault = faultIn(record)
    if (fault !== undefined) throw new Unjudged(fault)
    return record
  },
}

function faultIn(record: EventRecord): string | undefined {
  const { ts, clock, isPublished } = record
  const time = ts?.value()
  if (typeof time === 'string' && !isTime(time, isPublished))
    return `ts is no time of the years ${FIRST_YEAR} to 2261: ${time}`
  const ns = clock?.get('ns')
  if (typeof ns === 'string' && ns.length >= MOST_UINT64.length && ns > MOST_UINT64)
    return `clock.ns is more than 64 bits hold: ${ns}`
  if (!isPublished) return undefined
  const line = lineOf(record)
  if (!/\\u[dD][89a-fA-F]/.test(line)) return undefined
  return LONE_SURROGATE.test(JSON.stringify(JSON.parse(line))) ? 'a text holds half a character' : undefined
}

/** What a reader of ours made is a day of the calendar. */
function isTime(time: string, isForeign: boolean): boolean {
  return time >= FIRST_YEAR && time < YEAR_AFTER && (!isForeign || parseRfc3339(time) !== undefined)
}
