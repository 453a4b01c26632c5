import type { ClockId } from '../../../src/event/words.ts'
import { COMM_BYTES, MOST_CPUS, MOST_PID } from '../../../src/kernel/limits.ts'
import { lookUp } from '../../../src/text/look-up.ts'
import type { Expression } from './ast.ts'
import type { Events } from './events.ts'

/** Where the value of an expression goes in an event. */
export type Target =
  | { readonly to: EventPlace }
  /** A time of a clock of the kernel. The clock of `nsecs` depends on the version of bpftrace. */
  | { readonly to: 'clock'; readonly clock: ClockId | 'nsecs'; readonly unitNs: number }
  | { readonly to: 'local'; readonly format: string }
  | { readonly to: 'args' }

export type EventPlace =
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

/** Which texts and JSON values an expression can have. */
export type ValueType =
  /** `most`: the greatest value that it can have. */
  | { readonly type: 'integer'; readonly most?: number }
  | { readonly type: 'pointer' }
  | { readonly type: 'text'; readonly bytes: number }
  | { readonly type: 'kernel_symbol' }
  | { readonly type: 'user_symbol' }
  | { readonly type: 'probe' }
  /** The name of an enumerator, or its number where the version of bpftrace does not know the name. */
  | { readonly type: 'enum' }
  | { readonly type: 'reason' }
  | { readonly type: 'inet' }
  | { readonly type: 'mac' }
  | { readonly type: 'time'; readonly format: string }
  | { readonly type: 'stack'; readonly rawDigits: number }
  /** `bytes`: the length, if the program gives it. */
  | { readonly type: 'buffer'; readonly bytes: number | undefined }
  | { readonly type: 'words'; readonly texts: readonly string[] }
  | { readonly type: 'tuple'; readonly items: readonly Meaning[] }
  | { readonly type: 'unknown' }

export interface Meaning {
  readonly target: Target
  readonly value: ValueType
  /** Its name in `args`, if it goes there: the source, with `x` for `args->x`. */
  readonly key: string
  /** It is a constant of the program: it says nothing of the event. */
  readonly isConstant?: true
}

/** What expressions in a clause refer to. */
export interface Scope {
  readonly events: Events
  /** The value of a variable at this place of the program, if it is sure. */
  variable(name: string): Expression | undefined
  /** A positional parameter (`$1`), if the command line is known. */
  parameter(name: string): string | undefined
  isEnumerator(name: string): boolean
  /** What the values of a map are, if all parts of the program agree. */
  map(name: string): ValueType | undefined
}

export const ARGS: Target = { to: 'args' }
export const UNKNOWN: ValueType = { type: 'unknown' }
export const INTEGER: ValueType = { type: 'integer' }

/** The length of strings without one of their own: `max_strlen`, 1024 from 0.23 on, if the program sets no other. */
export const STRING_BYTES = 1024

export const BUILTINS: Readonly<Record<string, { readonly target: Target; readonly value: ValueType }>> = {
  comm: { target: { to: 'comm' }, value: { type: 'text', bytes: COMM_BYTES } },
  pid: { target: { to: 'pid' }, value: { type: 'integer', most: MOST_PID } },
  tid: { target: { to: 'tid' }, value: { type: 'integer', most: MOST_PID } },
  cpu: { target: { to: 'cpu' }, value: { type: 'integer', most: MOST_CPUS - 1 } },
  nsecs: { target: { to: 'clock', clock: 'nsecs', unitNs: 1 }, value: INTEGER },
  elapsed: { target: { to: 'clock', clock: 'relative', unitNs: 1 }, value: INTEGER },
  probe: { target: { to: 'probe' }, value: { type: 'probe' } },
  kstack: { target: { to: 'stack' }, value: { type: 'stack', rawDigits: 0 } },
  stack: { target: { to: 'stack' }, value: { type: 'stack', rawDigits: 0 } },
  ustack: { target: ARGS, value: { type: 'stack', rawDigits: 0 } },
  func: { target: ARGS, value: { type: 'user_symbol' } },
  username: { target: ARGS, value: { type: 'text', bytes: 64 } },
}

const INTEGER_NAMES =
  /^(?:uid|gid|cgroup|rand|retval|curtask|ctx|jiffies|ncpus|numaid|usermode|arg\d|sarg\d|kaddr|uaddr)$/

/** What an expression means, before it has a key. */
export interface Sense {
  readonly target: Target
  readonly value: ValueType
  /** The expression that gives the key, if it is another one. */
  readonly name?: Expression
}

/** What a builtin or an enumerator means. */
export function builtin(name: string, scope: Scope): Sense {
  const known = lookUp(BUILTINS, name)
  if (known !== undefined) return known
  return { target: ARGS, value: INTEGER_NAMES.test(name) || scope.isEnumerator(name) ? INTEGER : UNKNOWN }
}

/** True for `args->x`. */
export function isArgument(expression: Expression): boolean {
  return expression.kind === 'field' && expression.of.kind === 'name' && expression.of.name === 'args'
}
