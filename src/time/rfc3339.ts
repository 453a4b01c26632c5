// Wall-clock time as records have it: `2023-02-23T18:03:36.370138884Z`, UTC, years 0000 to 9999, always nine fraction
// digits.

const NS_PER_SECOND = 1_000_000_000n
/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const FIRST_SECOND = -62_167_219_200
const LAST_SECOND = 253_402_300_799

/** `000` to `999`, and the same with the end of a time. */
const THOUSAND: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))
const THOUSAND_Z: readonly string[] = THOUSAND.map((digits) => `${digits}Z`)

/** `00.` to `59.` */
const SIXTY: readonly string[] = Array.from({ length: 60 }, (_, n) => `${String(n).padStart(2, '0')}.`)

/**
 * Writes times that are mostly in order: it keeps the text up to the minute, and up to the second. It takes half the
 * time of `BigInt`.
 */
export class TimeText {
  private minute = Number.NaN
  private upToMinute = ''
  private second = Number.NaN
  private upToSecond = ''

  /** Whole seconds since 1970, and 0 to 999,999,999 ns on top. Undefined outside the years that RFC 3339 can write. */
  of(seconds: number, nanoseconds: number): string | undefined {
    if (seconds !== this.second) {
      if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return undefined
      let inMinute = seconds - this.minute
      if (!(inMinute >= 0 && inMinute < 60)) {
        this.minute = Math.floor(seconds / 60) * 60
        this.upToMinute = new Date(this.minute * 1000).toISOString().slice(0, 17)
        inMinute = seconds - this.minute
      }
      this.upToSecond = this.upToMinute + SIXTY[inMinute]
      this.second = seconds
    }
    const milliseconds = Math.trunc(nanoseconds / 1_000_000)
    const below = nanoseconds - milliseconds * 1_000_000
    const microseconds = Math.trunc(below / 1000)
    // The short strings first: V8 copies up to 12 characters, and links what is longer.
    const fraction = `${THOUSAND[milliseconds]}${THOUSAND[microseconds]}`
    return this.upToSecond + (fraction + THOUSAND_Z[below - microseconds * 1000])
  }
}

/** Nanoseconds since 1970 as text; for single times. Undefined outside the years 0000 to 9999. */
export function rfc3339Of(ns: bigint): string | undefined {
  const { seconds, nanoseconds } = splitNs(ns)
  return new TimeText().of(seconds, nanoseconds)
}

/** Whole seconds, and the nanoseconds on top: 0 to 999,999,999, also before 1970. */
export function splitNs(ns: bigint): { readonly seconds: number; readonly nanoseconds: number } {
  const nanoseconds = ((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND
  return { seconds: Number((ns - nanoseconds) / NS_PER_SECOND), nanoseconds: Number(nanoseconds) }
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/

/**
 * Nanoseconds since 1970 of RFC 3339 text with `Z` or an offset; a blank may replace the `T`. Undefined for anything
 * else, a day or hour that no calendar has and a leap second included.
 */
export function parseRfc3339(text: string): bigint | undefined {
  const [, date, time, fraction = '', zone] = RFC3339.exec(text) ?? []
  if (date === undefined || time === undefined || zone === undefined) return undefined
  const local = secondsOfLocal(`${date}T${time}`)
  const offset = /^[Zz]$/.test(zone) ? 0 : offsetSeconds(zone)
  if (local === undefined || offset === undefined) return undefined
  return BigInt(local - offset) * NS_PER_SECOND + BigInt(fraction.padEnd(9, '0'))
}

/** Seconds east of Greenwich of `+05:45`. */
export function offsetSeconds(text: string): number | undefined {
  if (!/^[+-]([01]\d|2[0-3]):[0-5]\d$/.test(text)) return undefined
  const seconds = Number(text.slice(1, 3)) * 3600 + Number(text.slice(4)) * 60
  return text.startsWith('-') ? -seconds : seconds
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * The clock face at the beginning of `2023-02-23T18:03:36…` as if it were UTC: seconds since 1970. Undefined for a day
 * or time that no calendar has (February 30, 24:00:00, second 60). The text after the seconds is ignored.
 */
export function secondsOfLocal(text: string): number | undefined {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && isLeap ? 29 : DAYS_IN_MONTH[month - 1]
  if (days === undefined || !(year >= 0 && day >= 1 && day <= days)) return undefined
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined
  return daysFrom1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

/** Proleptic Gregorian; a year is counted from March, so that the leap day is its last. */
function daysFrom1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  const monthDays = Math.floor((153 * ((month + 9) % 12) + 2) / 5)
  return y * 365 + leapDays + monthDays + day - 719_469
}

/** NaN when there is a character other than a digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** What follows the seconds of a local time (`2023-02-23T18:03:36.370138884`), as nanoseconds. */
export function fractionNs(local: string): number {
  let ns = 0
  for (let at = 20; at < 29; at++) {
    const digit = local.charCodeAt(at) - 48
    ns = ns * 10 + (digit >= 0 && digit <= 9 ? digit : 0)
  }
  return ns
}
