import type { Expression } from './ast.ts'
import { callSense } from './calls.ts'
import { fieldIn } from './events.ts'
import {
  ARGS,
  builtin,
  type EventPlace,
  INTEGER,
  isArgument,
  type Meaning,
  type Scope,
  type Sense,
  STRING_BYTES,
  UNKNOWN,
  type ValueType,
} from './vocabulary.ts'

/** What an expression means for the event (bpftrace 0.9 to 0.27; docs/formats/bpftrace.md). */
export function meaningOf(expression: Expression, scope: Scope): Meaning {
  const { target, value, name } = sense(expression, scope)
  const meaning = { target, value, key: keyOf(name ?? expression) }
  return isConstant(expression) ? { ...meaning, isConstant: true } : meaning
}

function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'positional':
      return true
    case 'cast':
      return isConstant(expression.of)
    case 'unary':
      return expression.operator === '-' && isConstant(expression.of)
    default:
      return false
  }
}

function sense(expression: Expression, scope: Scope): Sense {
  switch (expression.kind) {
    case 'name':
      return builtin(expression.name, scope)
    case 'variable': {
      const value = scope.variable(expression.name)
      return value === undefined ? { target: ARGS, value: UNKNOWN } : followed(sense(value, scope), value)
    }
    case 'positional': {
      const parameter = scope.parameter(expression.name)
      if (parameter === undefined) return { target: ARGS, value: UNKNOWN }
      return { target: ARGS, value: { type: 'words', texts: [parameter] } }
    }
    case 'number':
      return { target: ARGS, value: INTEGER }
    case 'string':
      return { target: ARGS, value: { type: 'words', texts: [expression.value] } }
    case 'call':
      return callSense(expression.name, expression.args, scope, (inner) => sense(inner, scope))
    case 'field':
      return fieldSense(expression.of, expression.field, scope)
    case 'cast':
      return castSense(expression.type, expression.of, scope)
    case 'unary':
      return { target: ARGS, value: expression.operator === '*' || expression.operator === '&' ? UNKNOWN : INTEGER }
    case 'binary':
      return binarySense(expression, scope)
    case 'choice':
      return { target: ARGS, value: eitherOf(sense(expression.yes, scope).value, sense(expression.no, scope).value) }
    case 'tuple':
      return { target: ARGS, value: { type: 'tuple', items: expression.items.map((item) => meaningOf(item, scope)) } }
    case 'map':
      return { target: ARGS, value: scope.map(expression.name) ?? UNKNOWN }
    case 'index':
    case 'opaque':
      return { target: ARGS, value: UNKNOWN }
  }
}

/** A variable that holds an argument of the event gets the name of the argument. Any other keeps its own. */
function followed(inner: Sense, value: Expression): Sense {
  return inner.target.to === 'args' && isArgument(value) ? { ...inner, name: inner.name ?? value } : inner
}

function fieldSense(of: Expression, field: string, scope: Scope): Sense {
  if (of.kind !== 'name' || of.name !== 'args') return { target: ARGS, value: UNKNOWN }
  switch (fieldIn(scope.events.names, field)) {
    case 'skb.addr':
      return { target: { to: 'skb_addr' }, value: { type: 'pointer' } }
    case 'skb.rx_sk':
      return { target: { to: 'rx_sk' }, value: { type: 'pointer' } }
    case 'skb.protocol':
      return { target: { to: 'protocol' }, value: { type: 'integer', most: 0xffff } }
    case 'skb.len':
      return { target: { to: 'skb_len' }, value: INTEGER }
    case 'location':
      return { target: { to: 'location_address' }, value: { type: 'pointer' } }
    case 'device.name':
      return { target: { to: 'device_name' }, value: UNKNOWN }
    case 'device.ifindex':
      return { target: { to: 'ifindex' }, value: INTEGER }
    case 'drop.reason':
      return { target: { to: 'reason' }, value: { type: 'reason' } }
    case 'drop.trap':
      return { target: { to: 'trap' }, value: UNKNOWN }
    case 'drop.trap_group':
      return { target: { to: 'trap_group' }, value: UNKNOWN }
    case undefined:
      return { target: ARGS, value: UNKNOWN }
  }
}

/** A cast to fewer bits changes the value. */
const NEEDED_BITS: Partial<Readonly<Record<EventPlace, number>>> = {
  pid: 32,
  tid: 32,
  cpu: 16,
  protocol: 16,
  skb_len: 32,
  reason: 32,
  ifindex: 32,
  skb_addr: 64,
  rx_sk: 64,
  location_address: 64,
}

function castSense(type: string, of: Expression, scope: Scope): Sense {
  const inner = sense(of, scope)
  if (type.startsWith('enum ')) {
    return inner.target.to === 'reason'
      ? { ...inner, value: { type: 'reason' } }
      : { target: ARGS, value: { type: 'enum' } }
  }
  if (type.endsWith('*')) return { target: ARGS, value: { type: 'pointer' } }
  const bits = bitsOf(type)
  if (bits === undefined) return { target: ARGS, value: UNKNOWN }
  if (inner.target.to === 'clock') return bits === 64 ? { ...inner, value: INTEGER } : { target: ARGS, value: INTEGER }
  const { to } = inner.target
  const needed = to === 'args' || to === 'local' ? undefined : NEEDED_BITS[to]
  if (needed !== undefined && bits >= needed) {
    // The cast makes a number of an enumerator, and of a pointer.
    const value: ValueType = inner.value.type === 'integer' ? inner.value : INTEGER
    return { ...inner, value }
  }
  return { target: ARGS, value: INTEGER }
}

/** The bits of an integer type, by its name in bpftrace or C. */
function bitsOf(type: string): number | undefined {
  const [, bits] = /(8|16|32|64)(?:_t)?$/.exec(type) ?? []
  if (bits !== undefined) return Number(bits)
  if (/char|bool/.test(type)) return 8
  if (/short/.test(type)) return 16
  if (/long|size_t|ptr/.test(type)) return 64
  return /int|signed/.test(type) ? 32 : undefined
}

type BinaryExpression = Extract<Expression, { readonly kind: 'binary' }>

const TRUTH: ValueType = { type: 'words', texts: ['true', 'false', '1', '0'] }
const COMPARING = ['==', '!=', '<', '>', '<=', '>=', '&&', '||']

/** A time divided by a power of ten is a time in a coarser unit. */
function binarySense({ operator, left, right }: BinaryExpression, scope: Scope): Sense {
  const inner = operator === '/' ? sense(left, scope).target : ARGS
  if (
    inner.to === 'clock' &&
    right.kind === 'number' &&
    /^10*$/.test(String(right.value)) &&
    right.value <= 1_000_000_000n
  ) {
    return { target: { ...inner, unitNs: inner.unitNs * Number(right.value) }, value: INTEGER }
  }
  if (COMPARING.includes(operator)) return { target: ARGS, value: TRUTH }
  const isText = operator === '+' && [left, right].some((side) => sense(side, scope).value.type === 'words')
  return { target: ARGS, value: isText ? { type: 'text', bytes: STRING_BYTES } : INTEGER }
}

function eitherOf(a: ValueType, b: ValueType): ValueType {
  if (a.type === 'words' && b.type === 'words') return { type: 'words', texts: [...a.texts, ...b.texts] }
  if (a.type === 'integer' && b.type === 'integer') return INTEGER
  const bytes = [a, b].map((value) =>
    value.type === 'text'
      ? value.bytes
      : value.type === 'words'
        ? Math.max(...value.texts.map(({ length }) => length))
        : 0,
  )
  if (bytes.every((count) => count > 0)) return { type: 'text', bytes: Math.max(...bytes) }
  return UNKNOWN
}

/** `args->x` is `x`. Any other key is the source without the parentheses around it. */
function keyOf({ text }: Expression): string {
  let key = text
  while (key.startsWith('(') && closes(key)) key = key.slice(1, -1)
  return key.replaceAll(/\bargs(?:->|\.)/g, '')
}

/** True when the last parenthesis closes the first one. */
function closes(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at === text.length - 1
  }
  return false
}
