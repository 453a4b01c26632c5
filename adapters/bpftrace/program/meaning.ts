import type { ClockId } from '../../../src/event/words.ts'
import type { Expression } from './ast.ts'
import { type Events, fieldIn } from './events.ts'

/** Where the value of an expression goes in an event. */
export type Target =
  | { readonly to: Place }
  /** A time of day of the kernel: `nsecs` is of the clock that the version of bpftrace says. */
  | { readonly to: 'clock'; readonly clock: ClockId | 'nsecs'; readonly unitNs: number }
  | { readonly to: 'local'; readonly format: string }
  | { readonly to: 'args' }

export type Place =
  | 'comm'
  | 'pid'
  | 'tid'
  | 'cpu'
  | 'skb_addr'
  | 'rx_sk'
  | 'protocol'
  | 'skb_len'
  | 'reason'
  | 'trap'
  | 'trap_group'
  | 'location_address'
  | 'location_symbol'
  | 'device_name'
  | 'ifindex'
  | 'stack'
  | 'probe'

/** What texts and JSON values an expression can have. */
export type Value =
  /** `most`: the greatest value there is. */
  | { readonly type: 'integer'; readonly most?: number }
  | { readonly type: 'pointer' }
  | { readonly type: 'text'; readonly bytes: number }
  | { readonly type: 'kernel_symbol' }
  | { readonly type: 'user_symbol' }
  | { readonly type: 'probe' }
  /** An enumerator where the version knows it, else its number. */
  | { readonly type: 'enum' }
  | { readonly type: 'reason' }
  | { readonly type: 'inet' }
  | { readonly type: 'mac' }
  | { readonly type: 'time'; readonly format: string }
  | { readonly type: 'stack'; readonly raw: boolean }
  /** `bytes`: the length that the program gives. */
  | { readonly type: 'buffer'; readonly bytes: number | undefined }
  | { readonly type: 'words'; readonly texts: readonly string[] }
  | { readonly type: 'tuple'; readonly items: readonly Meaning[] }
  | { readonly type: 'unknown' }

export interface Meaning {
  readonly target: Target
  readonly value: Value
  /** The expression's source, as `args` calls it where it has no place: `args->x` is `x`. */
  readonly key: string
  /** The program itself says it: it tells nothing of the event. */
  readonly isConstant?: true
}

/** What expressions in a clause refer to. */
export interface Scope {
  readonly events: Events
  /** What a variable stands for at this place of the program, where that is sure. */
  variable(name: string): Expression | undefined
  /** A positional parameter (`$1`), when the command line is known. */
  parameter(name: string): string | undefined
  isEnumerator(name: string): boolean
  /** What the values of a map are, where the program says so in one way. */
  map(name: string): Value | undefined
}

const ARGS: Target = { to: 'args' }
const UNKNOWN: Value = { type: 'unknown' }
const INTEGER: Value = { type: 'integer' }

/** Bytes of a thread name, without its NUL. */
export const COMM_BYTES = 15
/** PID_MAX_LIMIT. */
const MOST_PID = 4_194_304
/** NR_CPUS of any distribution. */
const MOST_CPU = 8191
/** Strings without a length of their own: `max_strlen`, 1024 from 0.23 on, unless the program's config says more. */
const STRING_BYTES = 1024

const BUILTINS: Readonly<Record<string, { readonly target: Target; readonly value: Value }>> = {
  comm: { target: { to: 'comm' }, value: { type: 'text', bytes: COMM_BYTES } },
  pid: { target: { to: 'pid' }, value: { type: 'integer', most: MOST_PID } },
  tid: { target: { to: 'tid' }, value: { type: 'integer', most: MOST_PID } },
  cpu: { target: { to: 'cpu' }, value: { type: 'integer', most: MOST_CPU } },
  nsecs: { target: { to: 'clock', clock: 'nsecs', unitNs: 1 }, value: INTEGER },
  elapsed: { target: { to: 'clock', clock: 'relative', unitNs: 1 }, value: INTEGER },
  probe: { target: { to: 'probe' }, value: { type: 'probe' } },
  kstack: { target: { to: 'stack' }, value: { type: 'stack', raw: false } },
  stack: { target: { to: 'stack' }, value: { type: 'stack', raw: false } },
  ustack: { target: ARGS, value: { type: 'stack', raw: false } },
  func: { target: ARGS, value: { type: 'user_symbol' } },
  username: { target: ARGS, value: { type: 'text', bytes: 64 } },
}

/** `nsecs(…)` by what stands in it. */
const CLOCKS: Readonly<Record<string, ClockId>> = {
  boot: 'boottime',
  monotonic: 'monotonic',
  tai: 'tai',
  sw_tai: 'tai',
}

const TEXT_CALLS = ['str', 'strerror', 'cgroup_path', 'path', 'dpath', 'username', 'skb_output', 'kbasename']
const INTEGER_CALLS = [
  'kaddr',
  'uaddr',
  'cgroupid',
  'reg',
  'bswap',
  'strncmp',
  'strcontains',
  'nsecs',
  'len',
  'log2',
  'ppid',
  'uid',
  'gid',
  'rand',
  'cgroup',
  'jiffies',
  'ncpus',
  'numaid',
  'usermode',
]
const INTEGER_NAMES =
  /^(?:uid|gid|cgroup|rand|retval|curtask|ctx|jiffies|ncpus|numaid|usermode|arg\d|sarg\d|kaddr|uaddr)$/

/** What an expression stands for, in the words of the event (formats: bpftrace 0.9 to 0.27). */
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
    case 'unary':
      return isConstant(expression.of)
    default:
      return false
  }
}

interface Sense {
  readonly target: Target
  readonly value: Value
  /** The expression that names it, when it is not the one that was asked about. */
  readonly name?: Expression
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
      return callSense(expression.name, expression.args, scope)
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

/** A variable that stands for an argument of the event has that one's name, any other its own. */
function followed(inner: Sense, value: Expression): Sense {
  return inner.target.to === 'args' && isArgument(value) ? { ...inner, name: inner.name ?? value } : inner
}

function isArgument(expression: Expression): boolean {
  return expression.kind === 'field' && expression.of.kind === 'name' && expression.of.name === 'args'
}

function builtin(name: string, scope: Scope): Sense {
  const known = BUILTINS[name]
  if (known !== undefined) return known
  return { target: ARGS, value: INTEGER_NAMES.test(name) || scope.isEnumerator(name) ? INTEGER : UNKNOWN }
}

function callSense(name: string, args: readonly Expression[], scope: Scope): Sense {
  const [first, second] = args
  if (first === undefined && BUILTINS[name] !== undefined) return builtin(name, scope)
  if (first === undefined) return { target: ARGS, value: INTEGER_CALLS.includes(name) ? INTEGER : UNKNOWN }
  switch (name) {
    case 'nsecs': {
      const clock = CLOCKS[first.text]
      return clock === undefined
        ? builtin('nsecs', scope)
        : { target: { to: 'clock', clock, unitNs: 1 }, value: INTEGER }
    }
    // As the init namespace sees it, or of the current one: the thread is the same.
    case 'pid':
    case 'tid':
      return builtin(name, scope)
    case 'comm':
      return { target: ARGS, value: { type: 'text', bytes: COMM_BYTES } }
    case 'kstack':
    case 'ustack':
    case 'stack': {
      const raw = args.some(({ text }) => text === 'raw' || text === 'build_id')
      return { target: name === 'ustack' ? ARGS : { to: 'stack' }, value: { type: 'stack', raw } }
    }
    case 'ksym': {
      const isPlace = sense(first, scope).target.to === 'location_address'
      return { target: isPlace ? { to: 'location_symbol' } : ARGS, value: { type: 'kernel_symbol' } }
    }
    case 'usym':
      return { target: ARGS, value: { type: 'user_symbol' } }
    case 'ntop':
      return { target: ARGS, value: { type: 'inet' } }
    case 'macaddr':
      return { target: ARGS, value: { type: 'mac' } }
    case 'strftime': {
      const format = first.kind === 'string' ? first.value : undefined
      if (format === undefined) return { target: ARGS, value: UNKNOWN }
      const ofNow = second !== undefined && sense(second, scope).target.to === 'clock'
      return { target: ofNow ? { to: 'local', format } : ARGS, value: { type: 'time', format } }
    }
    case 'buf': {
      const bytes = second === undefined ? undefined : second.kind === 'number' ? Number(second.value) : undefined
      const isComm = sense(first, scope).target.to === 'comm'
      return { target: isComm ? { to: 'comm' } : ARGS, value: { type: 'buffer', bytes } }
    }
    case 'str': {
      if (first.kind === 'positional') return sense(first, scope)
      const { target } = sense(first, scope)
      const isName = ['device_name', 'trap', 'trap_group'].includes(target.to)
      const bytes = second?.kind === 'number' ? Number(second.value) : STRING_BYTES
      return {
        target: isName ? target : ARGS,
        value: { type: 'text', bytes },
        ...(isArgument(first) && { name: first }),
      }
    }
    case 'bswap': {
      const isProtocol = first.kind === 'field' && first.field === 'protocol' && isSkb(first.of, scope)
      return { target: isProtocol ? { to: 'protocol' } : ARGS, value: INTEGER }
    }
    default:
      if (TEXT_CALLS.includes(name)) return { target: ARGS, value: { type: 'text', bytes: STRING_BYTES } }
      return { target: ARGS, value: INTEGER_CALLS.includes(name) ? INTEGER : UNKNOWN }
  }
}

/** A pointer to `struct sk_buff`, by a cast. */
function isSkb(expression: Expression, scope: Scope): boolean {
  const value = expression.kind === 'variable' ? scope.variable(expression.name) : expression
  return value?.kind === 'cast' && /^(?:struct )?sk_buff\*$/.test(value.type)
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

/** Bits that a value must have for a cast to leave it as it is. */
const NEEDED_BITS: Partial<Readonly<Record<Place, number>>> = {
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
    // The cast turns an enum-typed argument into a number, and a pointer too.
    const value: Value = inner.value.type === 'integer' ? inner.value : INTEGER
    return { ...inner, value }
  }
  return { target: ARGS, value: INTEGER }
}

/** The bits of an integer type as bpftrace names it, or C. */
function bitsOf(type: string): number | undefined {
  const [, bits] = /(8|16|32|64)(?:_t)?$/.exec(type) ?? []
  if (bits !== undefined) return Number(bits)
  if (/char|bool/.test(type)) return 8
  if (/short/.test(type)) return 16
  if (/long|size_t|ptr/.test(type)) return 64
  return /int|signed/.test(type) ? 32 : undefined
}

type Binary = Extract<Expression, { readonly kind: 'binary' }>

const TRUTH: Value = { type: 'words', texts: ['true', 'false', '1', '0'] }
const COMPARING = ['==', '!=', '<', '>', '<=', '>=', '&&', '||']

/** A time divided by a power of ten is still a time, of a coarser unit. */
function binarySense({ operator, left, right }: Binary, scope: Scope): Sense {
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

function eitherOf(a: Value, b: Value): Value {
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

/** `args->x` is `x`; anything else is its source, parentheses around it dropped. */
function keyOf({ text }: Expression): string {
  let key = text
  while (key.startsWith('(') && closes(key)) key = key.slice(1, -1)
  return key.replaceAll(/\bargs(?:->|\.)/g, '')
}

/** True when the parenthesis at the start is closed by the one at the end. */
function closes(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at === text.length - 1
  }
  return false
}
