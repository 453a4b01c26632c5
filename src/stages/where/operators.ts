// The operators of expressions. All of them take missing values too.
import type { FieldType } from '../../event/generated/fields.ts'
import type { EventRecord } from '../../event/record.ts'
import { spend, spendText } from './budget.ts'
import type { Evaluate } from './members.ts'
import {
  type Arithmetic,
  type CelValue,
  compare,
  computeDoubles,
  computeInts,
  equal,
  isList,
  isNumber,
  isObject,
} from './value.ts'

/** A compiled term of an expression. */
export interface CompiledTerm {
  readonly type: FieldType
  readonly evaluate: Evaluate
  /** The value, when it is the same for all records. */
  readonly constant?: CelValue
}

type Ordering = '<' | '<=' | '>' | '>='

/** The operators of two terms. */
export type BinaryOperator = '&&' | '||' | '==' | '!=' | 'in' | Ordering | Arithmetic

/** A term that has the same value for all records. */
export function constant(type: FieldType, value: CelValue): CompiledTerm {
  return { type, evaluate: () => value, constant: value }
}

/** A term that is true or false. */
export function truth(evaluate: (record: EventRecord) => boolean): CompiledTerm {
  return { type: 'bool', evaluate }
}

/** `!term`. A term that is not true counts as false, also a missing one. */
export function negation({ evaluate }: CompiledTerm): CompiledTerm {
  return truth((record) => evaluate(record) !== true)
}

/** `-term`. */
export function minus({ type, evaluate, constant: value }: CompiledTerm): CompiledTerm {
  const negative = (of: CelValue | undefined): CelValue | undefined => {
    if (!isNumber(of)) return undefined
    return type === 'double' ? -Number(of) : computeInts('-', 0, of)
  }
  const whole = negative(value)
  return whole === undefined ? { type, evaluate: (record) => negative(evaluate(record)) } : constant(type, whole)
}

/** `condition ? yes : no`. */
export function choice(condition: CompiledTerm, yes: CompiledTerm, no: CompiledTerm): CompiledTerm {
  const { evaluate: test } = condition
  const { evaluate: a } = yes
  const { evaluate: b } = no
  return { type: yes.type, evaluate: (record) => (test(record) === true ? a(record) : b(record)) }
}

/** `left op right`. */
export function binary(op: BinaryOperator, left: CompiledTerm, right: CompiledTerm): CompiledTerm {
  const { evaluate: a } = left
  const { evaluate: b } = right
  switch (op) {
    case '&&':
      return truth((record) => a(record) === true && b(record) === true)
    case '||':
      return truth((record) => a(record) === true || b(record) === true)
    case '==':
    case '!=':
      return equality(op, left, right)
    case 'in':
      return membership(left, right)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return order(op, left, right)
    default:
      return arithmetic(op, left, right)
  }
}

function equality(op: '==' | '!=', left: CompiledTerm, right: CompiledTerm): CompiledTerm {
  const { evaluate: a } = left
  const { evaluate: b } = right
  const wanted = op === '=='
  // The usual case, a member and a literal, needs one call less.
  const { constant: literal } = right
  if (typeof literal === 'string' || (typeof literal === 'number' && !Number.isNaN(literal)))
    return truth((record) => {
      const x = a(record)
      return x !== undefined && (x === literal) === wanted
    })
  return truth((record) => {
    const x = a(record)
    const y = b(record)
    return x !== undefined && y !== undefined && equal(x, y) === wanted
  })
}

function order(op: Ordering, left: CompiledTerm, right: CompiledTerm): CompiledTerm {
  const { evaluate: a } = left
  const { evaluate: b } = right
  const accepted = ACCEPTED[op]
  return truth((record) => {
    const sign = compare(a(record), b(record))
    return sign !== undefined && accepted.includes(sign)
  })
}

/** The results of `compare` for which an operator is true. */
const ACCEPTED: Readonly<Record<Ordering, readonly number[]>> = {
  '<': [-1],
  '<=': [-1, 0],
  '>': [1],
  '>=': [0, 1],
}

function membership(left: CompiledTerm, right: CompiledTerm): CompiledTerm {
  const { evaluate: a } = left
  const { evaluate: b, constant: list } = right
  if (isList(list) && list.every((item) => typeof item === 'string' || Number.isSafeInteger(item))) {
    const set: ReadonlySet<CelValue> = new Set(list)
    return truth((record) => {
      const x = a(record)
      return x !== undefined && set.has(x)
    })
  }
  return truth((record) => {
    const x = a(record)
    const y = b(record)
    if (x === undefined) return false
    if (isList(y)) {
      spend(y.length)
      return y.some((item) => equal(item, x))
    }
    return isObject(y) && typeof x === 'string' && Object.hasOwn(y, x)
  })
}

function arithmetic(op: Arithmetic, left: CompiledTerm, right: CompiledTerm): CompiledTerm {
  const { evaluate: a } = left
  const { evaluate: b } = right
  const isDouble = left.type === 'double' || right.type === 'double'
  const compute = (x: CelValue | undefined, y: CelValue | undefined): CelValue | undefined => {
    if (isNumber(x) && isNumber(y)) {
      if (isDouble || isFraction(x) || isFraction(y)) return computeDoubles(op, Number(x), Number(y))
      return computeInts(op, x, y)
    }
    if (op !== '+') return undefined
    if (typeof x === 'string' && typeof y === 'string') {
      spendText(x.length + y.length)
      return x + y
    }
    if (!isList(x) || !isList(y)) return undefined
    spend(x.length + y.length)
    return [...x, ...y]
  }
  const type = isDouble ? 'double' : left.type === 'dyn' ? right.type : left.type
  return { type, evaluate: (record) => compute(a(record), b(record)) }
}

/** Whether a number is not a whole number. A member of unknown type may be one. */
function isFraction(value: number | bigint): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value)
}
