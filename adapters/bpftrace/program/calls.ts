import type { ClockId } from '../../../src/event/words.ts'
import { COMM_BYTES } from '../../../src/kernel/limits.ts'
import { lookUp } from '../../../src/text/look-up.ts'
import type { Expression } from './ast.ts'
import {
  ARGS,
  BUILTINS,
  builtin,
  INTEGER,
  isArgument,
  type Scope,
  type Sense,
  STRING_BYTES,
  UNKNOWN,
} from './vocabulary.ts'

/** The clock of `nsecs(…)` by its argument. */
const CLOCKS: Readonly<Record<string, ClockId>> = {
  boot: 'boottime',
  monotonic: 'monotonic',
  tai: 'tai',
  sw_tai: 'tai',
}

/** The least digits of a bare address: in a kernel of 32 bits; in a program that is loaded low. */
const KERNEL_ADDRESS_DIGITS = 8
const USER_ADDRESS_DIGITS = 5

const TEXT_CALLS = ['strerror', 'cgroup_path', 'path', 'dpath', 'username', 'kbasename']
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

/** A call with one argument at least. */
interface CallWithArgs {
  readonly name: string
  readonly first: Expression
  readonly second: Expression | undefined
  readonly args: readonly Expression[]
  readonly scope: Scope
  /** What an argument means. */
  sense(expression: Expression): Sense
}

/** What calls of functions with a rule of their own mean (bpftrace 0.9 to 0.27). */
const SENSES: Readonly<Record<string, (call: CallWithArgs) => Sense>> = {
  nsecs: nsecsSense,
  // The pid in the init namespace, or in the current one: it is the same thread.
  pid: ({ name, scope }) => builtin(name, scope),
  tid: ({ name, scope }) => builtin(name, scope),
  comm: () => ({ target: ARGS, value: { type: 'text', bytes: COMM_BYTES } }),
  kstack: stackSense,
  ustack: stackSense,
  stack: stackSense,
  ksym({ first, sense }) {
    const isLocation = sense(first).target.to === 'location_address'
    return { target: isLocation ? { to: 'location_symbol' } : ARGS, value: { type: 'kernel_symbol' } }
  },
  usym: () => ({ target: ARGS, value: { type: 'user_symbol' } }),
  ntop: () => ({ target: ARGS, value: { type: 'inet' } }),
  macaddr: () => ({ target: ARGS, value: { type: 'mac' } }),
  strftime: strftimeSense,
  buf({ first, second, sense }) {
    const bytes = second?.kind === 'number' ? Number(second.value) : undefined
    const isComm = sense(first).target.to === 'comm'
    return { target: isComm ? { to: 'comm' } : ARGS, value: { type: 'buffer', bytes } }
  },
  str: strSense,
  bswap({ first, scope }) {
    const isProtocol = first.kind === 'field' && first.field === 'protocol' && isSkb(first.of, scope)
    return { target: isProtocol ? { to: 'protocol' } : ARGS, value: INTEGER }
  },
}

/** What a call means: of a builtin with its parentheses, or of a function. */
export function callSense(
  name: string,
  args: readonly Expression[],
  scope: Scope,
  sense: (expression: Expression) => Sense,
): Sense {
  const [first, second] = args
  if (first === undefined && lookUp(BUILTINS, name) !== undefined) return builtin(name, scope)
  const own = first === undefined ? undefined : lookUp(SENSES, name)
  if (own !== undefined && first !== undefined) return own({ name, first, second, args, scope, sense })
  if (first !== undefined && TEXT_CALLS.includes(name))
    return { target: ARGS, value: { type: 'text', bytes: STRING_BYTES } }
  return { target: ARGS, value: INTEGER_CALLS.includes(name) ? INTEGER : UNKNOWN }
}

function nsecsSense({ first, scope }: CallWithArgs): Sense {
  const clock = lookUp(CLOCKS, first.text)
  return clock === undefined ? builtin('nsecs', scope) : { target: { to: 'clock', clock, unitNs: 1 }, value: INTEGER }
}

function stackSense({ name, args }: CallWithArgs): Sense {
  const isRaw = args.some(({ text }) => text === 'raw' || text === 'build_id')
  const isUser = name === 'ustack'
  const rawDigits = isRaw ? (isUser ? USER_ADDRESS_DIGITS : KERNEL_ADDRESS_DIGITS) : 0
  return { target: isUser ? ARGS : { to: 'stack' }, value: { type: 'stack', rawDigits } }
}

function strftimeSense({ first, second, sense }: CallWithArgs): Sense {
  const format = first.kind === 'string' ? first.value : undefined
  if (format === undefined) return { target: ARGS, value: UNKNOWN }
  const isOfClock = second !== undefined && sense(second).target.to === 'clock'
  return { target: isOfClock ? { to: 'local', format } : ARGS, value: { type: 'time', format } }
}

function strSense({ first, second, sense }: CallWithArgs): Sense {
  if (first.kind === 'positional') return sense(first)
  const { target } = sense(first)
  const isName = ['device_name', 'trap', 'trap_group'].includes(target.to)
  const bytes = second?.kind === 'number' ? Number(second.value) : STRING_BYTES
  return {
    target: isName ? target : ARGS,
    value: { type: 'text', bytes },
    ...(isArgument(first) && { name: first }),
  }
}

/** A pointer to `struct sk_buff`, by a cast. */
function isSkb(expression: Expression, scope: Scope): boolean {
  const value = expression.kind === 'variable' ? scope.variable(expression.name) : expression
  return value?.kind === 'cast' && /^(?:struct )?sk_buff\*$/.test(value.type)
}
