import type { TextShape } from './shape.ts'

// Formats of strftime: what they print, and which time that is. In the C locale, as bpftrace never calls setlocale.

/** What a conversion of strftime prints: a template of fixed length, or what an expression matches. */
interface TimeConversion {
  readonly means?:
    | 'year'
    | 'shortYear'
    | 'month'
    | 'monthName'
    | 'day'
    | 'hour'
    | 'hour12'
    | 'half'
    | 'minute'
    | 'second'
    | 'fraction'
    | 'epoch'
    | 'zone'
  /** `0` for a digit. */
  readonly fixed?: string
  readonly expression?: string
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const LONG_MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December'

const PIECES: Readonly<Record<string, TimeConversion>> = {
  Y: { means: 'year', fixed: '0000' },
  y: { means: 'shortYear', fixed: '00' },
  m: { means: 'month', fixed: '00' },
  b: { means: 'monthName', expression: MONTHS.join('|') },
  h: { means: 'monthName', expression: MONTHS.join('|') },
  B: { means: 'monthName', expression: LONG_MONTHS },
  d: { means: 'day', fixed: '00' },
  e: { means: 'day', expression: '[ 0-3][0-9]' },
  H: { means: 'hour', fixed: '00' },
  I: { means: 'hour12', fixed: '00' },
  p: { means: 'half', expression: 'AM|PM' },
  P: { means: 'half', expression: 'am|pm' },
  M: { means: 'minute', fixed: '00' },
  S: { means: 'second', fixed: '00' },
  /** Microseconds, from 0.12 on. */
  f: { means: 'fraction', fixed: '000000' },
  s: { means: 'epoch', expression: '[0-9]{1,11}' },
  z: { means: 'zone', expression: '[+-][0-9]{4}' },
  Z: { expression: '[A-Za-z0-9+-]*' },
  j: { fixed: '000' },
  C: { fixed: '00' },
  u: { fixed: '0' },
  w: { fixed: '0' },
  U: { fixed: '00' },
  V: { fixed: '00' },
  W: { fixed: '00' },
  G: { fixed: '0000' },
  g: { fixed: '00' },
  a: { expression: 'Mon|Tue|Wed|Thu|Fri|Sat|Sun' },
  A: { expression: 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday' },
  // Up to 0.23 hours with a blank, as in the C library; from 0.24 on nanoseconds and milliseconds.
  k: { expression: '[ 0-9][0-9]|[0-9]{9}' },
  l: { expression: '[ 0-9][0-9]|[0-9]{3}' },
}

const COMPOSED: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  c: '%a %b %e %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  r: '%I:%M:%S %p',
  n: '\n',
  t: '\t',
}

/** The conversions of a format, and the literal texts between them. */
function piecesOf(format: string): readonly (TimeConversion | string)[] {
  const composed = format.replaceAll(/%([A-Za-z])/g, (whole, letter: string) => COMPOSED[letter] ?? whole)
  return [...composed.matchAll(/%(.)|[^%]+|%$/gs)].map(([text, letter]) => {
    if (letter === undefined) return text
    return letter === '%' ? '%' : (PIECES[letter] ?? text)
  })
}

/** What bpftrace prints when strftime fails: its result is empty, or longer than the buffer. */
const FAILED = '(?)'

/** What strftime prints of a format. */
export function timeShape(format: string): TextShape {
  const pieces = piecesOf(format)
  const isFixed = pieces.every((piece) => (typeof piece === 'string' ? !/[0X]/.test(piece) : piece.fixed !== undefined))
  if (isFixed) {
    const template = pieces.map((piece) => (typeof piece === 'string' ? piece : (piece.fixed ?? ''))).join('')
    return { kind: 'template', template, other: FAILED }
  }
  return { kind: 'expression', whole: new RegExp(`^(?:${expressionOf(pieces)}|\\(\\?\\))$`), most: 256 }
}

function expressionOf(pieces: readonly (TimeConversion | string)[]): string {
  const seen = new Set<string>()
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
      const inner = piece.expression ?? (piece.fixed ?? '').replaceAll('0', '[0-9]')
      const { means } = piece
      if (means === undefined || seen.has(means)) return `(?:${inner})`
      seen.add(means)
      return `(?<${means}>${inner})`
    })
    .join('')
}

/** A time that strftime printed: local time without a zone, or time since the epoch. */
export type PrintedTime =
  | { readonly local: string }
  /** Nanoseconds since 1970, UTC. */
  | { readonly epochNs: string; readonly resolutionNs: number }

/**
 * A function that reads what strftime printed of a format. Undefined: the format has no date or no time of day, so it
 * does not say when something happened.
 */
export function timeReader(format: string): ((text: string) => PrintedTime | undefined) | undefined {
  const pieces = piecesOf(format)
  const means = new Set(pieces.map((piece) => (typeof piece === 'string' ? undefined : piece.means)))
  const hasDate =
    (means.has('year') || means.has('shortYear')) && (means.has('month') || means.has('monthName')) && means.has('day')
  const hasTime =
    (means.has('hour') || (means.has('hour12') && means.has('half'))) && means.has('minute') && means.has('second')
  if (!means.has('epoch') && !(hasDate && hasTime)) return undefined
  const whole = new RegExp(`^${expressionOf(pieces)}$`)
  // The usual format is almost a local time as events have it.
  const isIso =
    !means.has('zone') &&
    /^%Y-%m-%d[T ]%H:%M:%S(?:\.%f)?$/.test(format.replace('%F', '%Y-%m-%d').replace('%T', '%H:%M:%S'))
  if (isIso) return (text) => (text === FAILED ? undefined : { local: `${text.slice(0, 10)}T${text.slice(11)}` })
  return (text) => {
    const found = whole.exec(text)?.groups
    return found === undefined ? undefined : printedTime(found)
  }
}

function printedTime(found: Readonly<Record<string, string | undefined>>): PrintedTime | undefined {
  const fraction = found.fraction
  const resolutionNs = fraction === undefined ? 1_000_000_000 : 1000
  if (found.epoch !== undefined) {
    return { epochNs: nanoseconds(BigInt(found.epoch), fraction), resolutionNs }
  }
  const year = found.year ?? `20${found.shortYear ?? ''}`
  const month = found.month ?? String(MONTHS.indexOf((found.monthName ?? '').slice(0, 3)) + 1).padStart(2, '0')
  const day = (found.day ?? '').replace(' ', '0')
  const time = `${hourOf(found)}:${found.minute ?? ''}:${found.second ?? ''}`
  const local = `${year}-${month}-${day}T${time}${fraction === undefined ? '' : `.${fraction}`}`
  const [, sign, hours, minutes] = /^([+-])([0-9]{2})([0-9]{2})$/.exec(found.zone ?? '') ?? []
  if (sign === undefined) return { local }
  const seconds = Date.parse(`${year}-${month}-${day}T${time}Z`) / 1000
  if (!Number.isSafeInteger(seconds)) return undefined
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60)
  return { epochNs: nanoseconds(BigInt(seconds - offset), fraction), resolutionNs }
}

function hourOf(found: Readonly<Record<string, string | undefined>>): string {
  if (found.hour !== undefined) return found.hour
  const hour = (Number(found.hour12) % 12) + (/^p/i.test(found.half ?? '') ? 12 : 0)
  return String(hour).padStart(2, '0')
}

function nanoseconds(seconds: bigint, fraction: string | undefined): string {
  return String(seconds * 1_000_000_000n + BigInt(fraction ?? '0') * 1000n)
}
