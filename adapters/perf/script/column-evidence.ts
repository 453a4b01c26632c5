// How surely a line with a run of columns is a sample, where nobody named the columns.
import { dropNamed } from '../../../src/kernel/drop-line.ts'
import type { ColumnRun } from './column-run.ts'
import type { Layout } from './fields.ts'

/**
 * What the columns of a run say together. `full`: PID or TID, [cpu] and time. They are longer than any comm, so the
 * leftmost run is the right one. `weak`: any text may look like it, unless the comm is in its column.
 */
type Rank = 'full' | 'timed' | 'named' | 'weak'

/** The surest first. */
export const STRONG: readonly Rank[] = ['full', 'timed', 'named']

export function rankOf({ pid, id, cpu, tod, time, event, isUnnamed }: ColumnRun): Rank {
  if (pid === undefined && id === undefined) return 'weak'
  if (hasTime({ time, tod })) return cpu === undefined ? 'timed' : 'full'
  return isUnnamed || (event !== undefined && TRACEPOINT.test(event)) ? 'named' : 'weak'
}

export function hasNumber(run: ColumnRun): boolean {
  return run.id !== undefined || run.pid !== undefined || hasTime(run)
}

export function hasTime({ time, tod }: Pick<ColumnRun, 'time' | 'tod'>): boolean {
  return time !== undefined || tod !== undefined
}

const TRACEPOINT = /^[A-Za-z_][\w-]*:[\w.-]+(?::[ukhpPGHSDIeW]+)?$/
/** `java  3244 cpu-clock: `, with nothing after it. */
const LONE_HEAD = /^\S(?:.{0,30}\S)? +-?\d{1,10} +(?:\d{1,20} +)?[A-Za-z_][\w/,=:.-]{0,63}: *$/

export function isLoneHead(line: string): boolean {
  return line.length < 160 && LONE_HEAD.test(line)
}

/** Systems of tracepoints with which a line may begin without any other column. No event has such a name. */
const SYSTEM =
  /^(?:skb|net|tcp|udp|sock|napi|qdisc|icmp|fib|fib6|neigh|bridge|xdp|devlink|sched|irq|printk|syscalls|raw_syscalls|probe)(?=:|$)/
/** True for `system:name`. An event with a modifier is not one: `page-faults:k`. */
export function isTracepoint(event: string): boolean {
  return /^[\w-]+:(?![ukhpPGHSDIeWb]{1,6}$)[^\s/]/.test(event)
}

/** True for the name of a system whose event was lost. */
export function isCutName(event: string): boolean {
  return SYSTEM.exec(event)?.[0] === event
}

/** True for a tracepoint of a well-known system. */
export function isSystem(event: string): boolean {
  return SYSTEM.test(event)
}

/** What `perf evlist` prints after an event: its attributes, or the names of its fields. */
const LISTED = /(?:type: \d|size: \d|config: |sample_(?:freq|period)[=:]|\{ sample_period|trace_fields: )/y

/**
 * The run with its only number as the period, where the number is in a column of ten that begins at `from` (`%10u`).
 */
export function withPeriod(run: ColumnRun | undefined, from: number, layout: Layout): ColumnRun | undefined {
  if (run?.id === undefined || layout.isGiven) return run
  const { cpu, period, id, start } = run
  const isAlone = cpu === undefined && period === undefined && !hasTime(run)
  return isAlone && start > from && start + id.length === from + PERIOD_WIDTH
    ? { ...run, id: undefined, period: id }
    : run
}

const PERIOD_WIDTH = 10

/**
 * True where the first number of the line is right-aligned in its column, after at most one blank, or there is no
 * number.
 */
export function isInColumn({ pid, id, start }: ColumnRun, from: number): boolean {
  const first = pid ?? id
  return first === undefined || start === from || [5, 6, 7, 8].includes(start - from + first.length)
}

/** True for a line without a comm that only perf prints. */
export function isSample(line: string, run: ColumnRun): boolean {
  if (hasTime(run)) return true
  const { id, pid, period, event, isUnnamed, end } = run
  if (isUnnamed) return dropNamed(line) !== undefined
  if (event === undefined || !(SYSTEM.test(event) || event === 'kfree_skb')) return false
  // A thread's number alone does not begin a line: a name may be before it.
  if ((id !== undefined || pid !== undefined) && period === undefined) return false
  LISTED.lastIndex = end
  if (LISTED.test(line)) return false
  return !/kfree_skb|devlink_trap_report/.test(event) || dropNamed(line) !== undefined
}
