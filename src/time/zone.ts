import { offsetSeconds } from './rfc3339.ts'

const HOUR = 3600
const DAY = 86_400

/** The offset that a clock face has in a zone. Offsets are seconds east of Greenwich. */
export type Occurrence = Once | Twice | Never

export interface Once {
  readonly kind: 'once'
  readonly offset: number
}

/** In the hour that the clocks are set back. */
export interface Twice {
  readonly kind: 'twice'
  readonly first: number
  readonly second: number
  /** The clock face, seconds, at which it is set back to `end - (first - second)`. */
  readonly end: number
}

/** In the hour that the clocks skip. */
export interface Never {
  readonly kind: 'never'
}

export interface Zone {
  /** As the user or the snapshot wrote it: `Asia/Kathmandu`, `+05:45`. */
  readonly name: string
  /** `local`: a clock face as if it were UTC, whole seconds since 1970. */
  place(local: number): Occurrence
}

/**
 * A zone by its IANA name or `±HH:MM`. Undefined for anything else, abbreviations that are no IANA name included: `IST`
 * is three zones, and ICU takes it for one of them.
 */
export function zoneOf(name: string): Zone | undefined {
  const offset = offsetSeconds(name)
  if (offset !== undefined) {
    const place: Once = { kind: 'once', offset }
    return { name, place: () => place }
  }
  if (!/^[A-Za-z0-9_+/-]{1,64}$/.test(name) || isAbbreviation(name)) return undefined
  try {
    return new NamedZone(name, clockFaceFormat(name))
  } catch {
    // RangeError: ICU knows no such zone.
    return undefined
  }
}

/** ICU's own names, which are not of IANA: three letters, and `SystemV/…`. */
function isAbbreviation(name: string): boolean {
  if (/^systemv\//i.test(name)) return true
  return name.length === 3 && !IANA_THREE_LETTERS.has(name.toUpperCase())
}

const IANA_THREE_LETTERS: ReadonlySet<string> = new Set(
  'CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '),
)

/** An hour of the clock face, with one change of the offset or none. */
type Hour = Once | { readonly kind: 'change'; readonly at: number; readonly before: Once; readonly after: Once }

/** Hours kept at a time. A day's capture has 24. */
const HOURS_KEPT = 4096

class NamedZone implements Zone {
  readonly name: string
  private readonly format: Intl.DateTimeFormat
  private readonly hours = new Map<number, Hour>()
  private lastNumber = Number.NaN
  private last: Hour = { kind: 'once', offset: 0 }

  constructor(name: string, format: Intl.DateTimeFormat) {
    this.name = name
    this.format = format
  }

  place(local: number): Occurrence {
    const number = Math.floor(local / HOUR)
    if (number !== this.lastNumber) {
      this.last = this.hour(number)
      this.lastNumber = number
    }
    const hour = this.last
    if (hour.kind === 'once') return hour
    const { at, before, after } = hour
    const isBefore = local - before.offset < at
    const isAfter = local - after.offset >= at
    if (isBefore && isAfter) {
      return { kind: 'twice', first: before.offset, second: after.offset, end: at + before.offset }
    }
    return isBefore ? before : isAfter ? after : NEVER
  }

  private hour(number: number): Hour {
    let hour = this.hours.get(number)
    if (hour === undefined) {
      if (this.hours.size >= HOURS_KEPT) this.hours.clear()
      hour = this.look(number * HOUR)
      this.hours.set(number, hour)
    }
    return hour
  }

  /**
   * No two changes of one zone are nearer than four days (tzdata 2026b: Africa/Freetown, 1939): with a day on either
   * side of the hour there is one at most.
   */
  private look(start: number): Hour {
    let from = start - DAY
    let to = start + HOUR + DAY
    const before: Once = { kind: 'once', offset: this.offsetAt(from) }
    const after: Once = { kind: 'once', offset: this.offsetAt(to) }
    if (before.offset === after.offset) return before
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2)
      if (this.offsetAt(middle) === before.offset) from = middle
      else to = middle
    }
    return { kind: 'change', at: to, before, after }
  }

  /** The offset at an instant, seconds since 1970. */
  private offsetAt(seconds: number): number {
    const face: Record<string, string> = {}
    for (const { type, value } of this.format.formatToParts(seconds * 1000)) face[type] = value
    const year = face.era === 'BC' ? 1 - Number(face.year) : Number(face.year)
    const date = new Date(0)
    date.setUTCFullYear(year, Number(face.month) - 1, Number(face.day))
    date.setUTCHours(Number(face.hour), Number(face.minute), Number(face.second))
    return date.getTime() / 1000 - seconds
  }
}

const NEVER: Never = { kind: 'never' }

function clockFaceFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}
