import { intern } from '../../../src/text/intern.ts'
import { digitsEnd, uint } from '../../../src/text/scan.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** The length of `Thu Feb 23 18:03:36 2023`: asctime's layout, the day padded with a blank. */
const ASCTIME_BYTES = 24
const NANOSECONDS_START = ASCTIME_BYTES + 1
const NANOSECONDS_END = NANOSECONDS_START + 9
/** The length of `Thu Feb 23 18:03:36 2023 370138884 nsec`. Years have four digits. */
export const TIMESTAMP_BYTES = NANOSECONDS_END + ' nsec'.length

/**
 * asctime's text as the beginning of a local time, up to the point before the nanoseconds: `2023-02-23T18:03:36.`.
 * Undefined for a date that does not exist or has another weekday: such a line is damaged. A leap second (`:60`) is
 * refused, too: Linux's clock never shows it.
 */
export function localPrefix(asctime: string): string | undefined {
  const month = MONTHS.indexOf(asctime.slice(4, 7)) + 1
  const day = uint(asctime, asctime[8] === ' ' ? 9 : 8, 10)
  const hour = uint(asctime, 11, 13)
  const minute = uint(asctime, 14, 16)
  const second = uint(asctime, 17, 19)
  const year = uint(asctime, 20, 24)
  if (day === undefined || hour === undefined || minute === undefined || second === undefined || year === undefined) {
    return undefined
  }
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const weekday = WEEKDAYS[date.getUTCDay()] ?? ''
  const exists = month > 0 && day > 0 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  const time = asctime.slice(11, 19)
  if (!exists || asctime !== `${weekday} ${asctime.slice(4, 7)} ${pad(day, ' ')} ${time} ${asctime.slice(20)}`)
    return undefined
  if (time[2] !== ':' || time[5] !== ':') return undefined
  return `${asctime.slice(20)}-${pad(month, '0')}-${pad(day, '0')}T${time}.`
}

/** By asctime's text. The packets of a second share it. */
const prefixes = intern(localPrefix)

/**
 * The local time at `start`. Undefined: there is none. It is CLOCK_REALTIME at the drop, in the zone of the
 * dropwatch process, which is printed nowhere.
 */
export function localTime(text: string, start: number): string | undefined {
  const nanoseconds = start + NANOSECONDS_START
  if (text.charCodeAt(nanoseconds - 1) !== 32 || digitsEnd(text, nanoseconds) !== start + NANOSECONDS_END)
    return undefined
  if (!text.startsWith(' nsec', start + NANOSECONDS_END)) return undefined
  const prefix = prefixes.of(text, start, start + ASCTIME_BYTES)
  return prefix === undefined ? undefined : prefix + text.slice(nanoseconds, nanoseconds + 9)
}

function pad(value: number, fill: string): string {
  return String(value).padStart(2, fill)
}
