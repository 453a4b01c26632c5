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

/** `nsecs(…)` by what stands in it. */
const CLOCKS: Readonly<Record<string, ClockId>> = {
  boot: 'boottime',
  monotonic: 'monotonic',
  tai: 'tai',
  sw_tai: 'tai',
}

/** Of a bare address, at least: the kernel's on 32 bits; a program's that is loaded low. */
const KERNEL_ADDRESS_DIGITS = 8
const USER_ADDRESS_DIGITS = 5

const TEXT_CALLS = ['str', 'strerror', 'cgroup_path', 'path', 'dpath', 'username', 'kbasename']
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

/** What a call stands for: of a builtin with its parentheses, of a function (bpftrace 0.9 to 0.27). */
export function callSense(
  name: string,
  args: readonly Expression[],
  scope: Scope,
  sense: (expression: Expression) => Sense,
): Sense {
  const [first, second] = args
  if (first === undefined && lookUp(BUILTINS, name) !== undefined) return builtin(name, scope)
  if (first === undefined) return { target: ARGS, value: INTEGER_CALLS.includes(name) ? INTEGER : UNKNOWN }
  switch (name) {
    case 'nsecs': {
      const clock = lookUp(CLOCKS, first.text)
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
      const isRaw = args.some(({ text }) => text === 'raw' || text === 'build_id')
      const isUser = name === 'ustack'
      const rawDigits = isRaw ? (isUser ? USER_ADDRESS_DIGITS : KERNEL_ADDRESS_DIGITS) : 0
      return { target: isUser ? ARGS : { to: 'stack' }, value: { type: 'stack', rawDigits } }
    }
    case 'ksym': {
      const isPlace = sense(first).target.to === 'location_address'
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
      const ofNow = second !== undefined && sense(second).target.to === 'clock'
      return { target: ofNow ? { to: 'local', format } : ARGS, value: { type: 'time', format } }
    }
    case 'buf': {
      const bytes = second === undefined ? undefined : second.kind === 'number' ? Number(second.value) : undefined
      const isComm = sense(first).target.to === 'comm'
      return { target: isComm ? { to: 'comm' } : ARGS, value: { type: 'buffer', bytes } }
    }
    case 'str': {
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
