import type { Meaning } from '../program/vocabulary.ts'
import { type ConversionSpec, segmentsOf } from './conversion.ts'
import type { Segment } from './segment.ts'

/** A format as a version of bpftrace parses it: literal texts, and conversions in the order of the arguments. */
type ParsedFormat = readonly (string | ConversionSpec)[]

const OLD = /%(-?)([0-9]*)(?:\.([0-9]+))?(?:(rx|rh|s|r|c)|(hh|h|ll|l|j|z|t)?([duoxXp]))/g
const NEW = /%(-?)(\+?)( ?)(#?)(0?)(\*|[0-9]+)?(?:\.(\*|[0-9]+))?([hlLjzt]*)([diouxXcspn%]|gr|rh|rx|r)/g

/**
 * What a printf prints, once for each way in which versions of bpftrace print it: they differ in how they print `%%`,
 * and in which texts are conversions (up to 0.23, and from 0.24 on). Empty: the arguments fit the format in no
 * version.
 */
export function printfVariants(format: string, args: readonly Meaning[]): readonly (readonly Segment[])[] {
  const parsed = [parseNew(format), parseOld(format, 'converted'), parseOld(format, 'doubled')]
  const fitting = parsed.filter(
    (one) => one.filter((part) => typeof part !== 'string' || part === SWALLOWED).length === args.length,
  )
  return distinct(fitting.map((one) => toSegments(one, args)))
}

/** The lists of segments without repetitions. */
export function distinct(lists: readonly (readonly Segment[])[]): readonly (readonly Segment[])[] {
  const byText = new Map(
    lists.map((list) => [JSON.stringify(list, (_, value) => (value instanceof RegExp ? value.source : value)), list]),
  )
  return [...byText.values()]
}

function toSegments(parsed: ParsedFormat, args: readonly Meaning[]): readonly Segment[] {
  let index = 0
  return joinLiterals(
    parsed.flatMap((part): readonly Segment[] => {
      if (part === SWALLOWED) index++
      if (typeof part === 'string') return part === SWALLOWED ? [] : [{ kind: 'literal', text: part }]
      const meaning = args[index++]
      return meaning === undefined ? [] : segmentsOf(part, meaning)
    }),
  )
}

/** Joins adjacent literals, and drops empty ones. */
export function joinLiterals(segments: readonly Segment[]): readonly Segment[] {
  const joined: Segment[] = []
  for (const segment of segments) {
    const last = joined[joined.length - 1]
    if (segment.kind === 'literal' && last?.kind === 'literal')
      joined[joined.length - 1] = { kind: 'literal', text: last.text + segment.text }
    else if (segment.kind === 'capture' || segment.text !== '') joined.push(segment)
  }
  return joined
}

/** An argument that a version consumes and does not print. */
const SWALLOWED = '\0swallowed'

function parseNew(format: string): ParsedFormat {
  return split(format, NEW, (match) => {
    const [, left, plus, , alternate, zero, width, cut, length = '', type = ''] = match
    if (type === '%') return '%'
    return {
      left: left !== '',
      plus: plus !== '',
      alternate: alternate !== '',
      zero: zero !== '',
      width: numberOf(width),
      precision: type === 's' && cut !== '*' && cut !== undefined ? Number(cut) : undefined,
      length,
      type,
    }
  })
}

/**
 * Parses a format as versions up to 0.23 do, where `%%` is not a conversion. `doubled`: 0.11 to 0.14 print it as it
 * is. `converted`: 0.15 to 0.23 give a literal to snprintf together with the next conversion, which makes `%` of it.
 * After the last conversion it stays `%%`.
 */
function parseOld(format: string, percent: 'converted' | 'doubled'): ParsedFormat {
  const parts = split(format, OLD, ([, left, widthText = '', precision, word, length = '', letter]) => ({
    left: left !== '',
    plus: false,
    alternate: false,
    zero: widthText.startsWith('0'),
    width: numberOf(widthText),
    precision: precision === undefined ? undefined : Number(precision),
    length,
    type: word ?? letter ?? '',
  }))
  if (percent === 'doubled') return parts
  return parts.flatMap((part, index): readonly (string | ConversionSpec)[] => {
    const next = parts[index + 1]
    if (typeof part !== 'string') {
      const before = parts[index - 1]
      return typeof before === 'string' && endsInLonePercent(before) ? [sourceOf(part), SWALLOWED] : [part]
    }
    return [next === undefined || typeof next === 'string' ? part : part.replaceAll('%%', '%')]
  })
}

/** True for `100%` before `%d`: snprintf sees `%%` and then text. */
function endsInLonePercent(text: string): boolean {
  let at = text.length
  while (text[at - 1] === '%') at--
  return (text.length - at) % 2 === 1
}

function sourceOf({ left, width, precision, length, type }: ConversionSpec): string {
  return `${left ? '-' : ''}${width === 0 ? '' : width}${precision === undefined ? '' : `.${precision}`}${length}${type}`
}

function split(
  format: string,
  conversion: RegExp,
  read: (match: RegExpExecArray) => string | ConversionSpec,
): ParsedFormat {
  const parts: (string | ConversionSpec)[] = []
  let literal = ''
  let at = 0
  for (const match of format.matchAll(conversion)) {
    literal += format.slice(at, match.index)
    const part = read(match)
    if (typeof part === 'string') literal += part
    else {
      if (literal !== '') parts.push(literal)
      literal = ''
      parts.push(part)
    }
    at = match.index + match[0].length
  }
  literal += format.slice(at)
  return literal === '' ? parts : [...parts, literal]
}

/** A width or precision. From 0.24 on `*` is accepted and ignored, and consumes no argument. */
function numberOf(text: string | undefined): number {
  return text === undefined || text === '' || text === '*' ? 0 : Number(text)
}
