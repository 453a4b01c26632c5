import type { FieldType } from '../../event/generated/fields.ts'
import { spendText } from './budget.ts'
import { ExpressionError, type SyntaxNode } from './expression.ts'
import { compilePattern, PatternFault } from './pattern.ts'
import { type CelValue, intOf, isList, isNumber, isObject } from './value.ts'

type Compute = (subject: CelValue | undefined, argument: CelValue | undefined) => CelValue | undefined

/** A method: `subject.name(argument)`. */
export interface Callable {
  readonly type: FieldType
  /** `constant` is the argument when it is the same for all records. Throws ExpressionError. */
  prepare(constant: CelValue | undefined, argument: SyntaxNode | undefined, expression: string): Compute
}

/** `matches` reads no more characters of a text. */
const LONGEST_SUBJECT = 4096

/** The methods that are offered, by name. */
export const METHODS: Readonly<Record<string, Callable | undefined>> = {
  contains: onTexts('bool', (text, part) => text.includes(part)),
  startsWith: onTexts('bool', (text, part) => text.startsWith(part)),
  endsWith: onTexts('bool', (text, part) => text.endsWith(part)),
  lowerAscii: onText((text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  upperAscii: onText((text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  trim: onText((text) => text.trim()),
  matches: { type: 'bool', prepare: prepareMatches },
}

/** A function of one argument, `name(argument)`; undefined when no function has that name. */
export function callOf(
  name: string,
  type: FieldType,
): { readonly type: FieldType; readonly compute: Compute } | undefined {
  switch (name) {
    case 'size':
      return { type: 'int', compute: sizeOf }
    case 'int':
      return { type: 'int', compute: toInt }
    case 'double':
      return { type: 'double', compute: toDouble }
    case 'string':
      return { type: 'string', compute: type === 'double' ? doubleToText : toText }
    default:
      return undefined
  }
}

function onTexts(type: FieldType, compute: (text: string, argument: string) => CelValue): Callable {
  const both: Compute = (subject, argument) =>
    typeof subject === 'string' && typeof argument === 'string' ? compute(subject, argument) : undefined
  return { type, prepare: () => priced(both) }
}

function onText(compute: (text: string) => string): Callable {
  const one: Compute = (subject) => (typeof subject === 'string' ? compute(subject) : undefined)
  return { type: 'string', prepare: () => priced(one) }
}

/** Takes the steps for the text from the budget first. */
function priced(compute: Compute): Compute {
  return (subject, argument) => {
    if (typeof subject === 'string') spendText(subject.length)
    return compute(subject, argument)
  }
}

function prepareMatches(pattern: CelValue | undefined, argument: SyntaxNode | undefined, expression: string): Compute {
  if (argument === undefined) throw new ExpressionError(expression.length, 'matches() takes a pattern')
  if (typeof pattern !== 'string' || argument.op !== 'value')
    throw new ExpressionError(argument.start, 'the pattern of matches() must be a text in quotes')
  const compiled = compilePattern(pattern)
  if (compiled instanceof PatternFault) {
    const literal = expression.slice(argument.start, argument.end)
    throw new ExpressionError(argument.start + offsetIn(literal, compiled.at), compiled.why)
  }
  return (subject) => {
    if (typeof subject !== 'string') return undefined
    const text = subject.length > LONGEST_SUBJECT ? subject.slice(0, LONGEST_SUBJECT) : subject
    spendText(text.length)
    return compiled.test(text)
  }
}

/** The offset in a literal, as typed, of the character `at` of its text. */
function offsetIn(literal: string, at: number): number {
  const [opening = '', raw = ''] = /^([rR]?)(?:"""|'''|["'])/.exec(literal) ?? []
  if (raw !== '') return opening.length + at
  let offset = opening.length
  let count = 0
  for (const [written] of literal.slice(opening.length).matchAll(/\\(?:u.{4}|U.{8}|[xX]..|[0-7]{3}|.)|./gsu)) {
    if (count >= at) break
    // `\U` and eight digits may give one character of two UTF-16 units.
    count +=
      written.startsWith('\\U') && Number.parseInt(written.slice(2), 16) > 0xffff
        ? 2
        : written[0] === '\\'
          ? 1
          : written.length
    offset += written.length
  }
  return offset
}

/** The characters of a text (not its UTF-16 units), the elements of a list, or the members of an object. */
function sizeOf(value: CelValue | undefined): number | undefined {
  if (typeof value === 'string') {
    spendText(value.length)
    let size = 0
    for (const _ of value) size++
    return size
  }
  if (isList(value)) return value.length
  return isObject(value) ? Object.keys(value).length : undefined
}

function toInt(value: CelValue | undefined): CelValue | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isFinite(value) ? intOf(BigInt(Math.trunc(value))) : undefined
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? intOf(BigInt(value)) : undefined
}

function toDouble(value: CelValue | undefined): number | undefined {
  if (isNumber(value)) return Number(value)
  return typeof value === 'string' && /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(value)
    ? Number(value)
    : undefined
}

function toText(value: CelValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value) ? String(value) : undefined
}

function doubleToText(value: CelValue | undefined): string | undefined {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : toText(value)
}
