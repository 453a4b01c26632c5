// Tracepoint payloads as libtraceevent and the kernel print them: `key=value`, `key: value`, `key = value,`, and text
// between. docs/formats/perf.md, "Payload"; perf 5.10 to 7.2.

import { trimmed, trimmedEnd } from '../text/blank.ts'
import { isElided } from '../text/pasted.ts'
import { withoutX } from './pointer.ts'
import { isNameArgument } from './text-arguments.ts'

export interface Argument {
  readonly key: string
  /** latin1. */
  readonly value: string
}

export interface Split {
  readonly args: readonly Argument[]
  /** The arguments hold all of the text, but for what separates them. */
  readonly isWhole: boolean
  /** Not as any kernel prints it. */
  readonly isReformatted: boolean
}

/**
 * Keys, in order, of events with thread names in their text. A name may hold ` pid=`, so the keys are found from the
 * right. `?`: the key is not in every version.
 */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['sched:sched_switch', ['prev_comm', 'prev_pid', 'prev_prio', 'prev_state', 'next_comm', 'next_pid', 'next_prio']],
  ['sched:sched_wakeup', ['comm', 'pid', 'prio', 'success?', 'target_cpu']],
  ['sched:sched_wakeup_new', ['comm', 'pid', 'prio', 'success?', 'target_cpu']],
  ['sched:sched_waking', ['comm', 'pid', 'prio', 'success?', 'target_cpu']],
  ['sched:sched_migrate_task', ['comm', 'pid', 'prio', 'orig_cpu', 'dest_cpu']],
  ['sched:sched_process_fork', ['comm', 'pid', 'child_comm', 'child_pid']],
  ['sched:sched_process_exit', ['comm', 'pid', 'prio', 'group_dead?']],
  ['sched:sched_process_free', ['comm', 'pid', 'prio']],
  ['sched:sched_process_wait', ['comm', 'pid', 'prio']],
  ['sched:sched_stat_runtime', ['comm', 'pid', 'runtime', 'vruntime?']],
  ['task:task_newtask', ['pid', 'comm', 'clone_flags', 'oom_score_adj']],
  ['task:task_rename', ['pid', 'oldcomm', 'newcomm', 'oom_score_adj']],
  ['oom:mark_victim', ['pid', 'comm?']],
])

/** The arguments in an event's text (latin1). */
export function splitPayload(event: string, text: string): Split {
  const keys = KEYS.get(event)
  return (keys === undefined ? undefined : splitByKeys(event, text, keys)) ?? splitByStyle(event, text)
}

/** Every key at its last place before the next key's. Undefined when one is missing. */
function splitByKeys(event: string, text: string, keys: readonly string[]): Split | undefined {
  const values: Argument[] = []
  let end = trimmedEnd(text).length
  for (const [index, word] of [...keys.entries()].toReversed()) {
    const key = word.replace('?', '')
    const first = index === 0 && text.startsWith(`${key}=`)
    const at = first ? 0 : text.lastIndexOf(` ${key}=`, end - 1)
    if (at < 0 || at >= end) {
      if (word.endsWith('?')) continue
      return undefined
    }
    // `==>` is between the two halves of sched_switch.
    const value = text.slice(at + key.length + (first ? 1 : 2), end).replace(/ ==>$/, '')
    values.push({ key, value })
    end = at
  }
  return gathered(event, values.toReversed(), end === 0)
}

const NAME = String.raw`([A-Za-z_][\w.[\]]*)(=| = |: |:$)`
/** A key start: a word at the beginning or after a blank, then `=`, ` = ` or `: `. */
const KEY = new RegExp(`(?:^|(?<=[ ,(]))${NAME}`, 'g')
const KEY_HERE = new RegExp(NAME, 'y')

function splitByStyle(event: string, text: string): Split {
  const starts = keyStarts(text)
  const [first] = starts
  const values = starts.map(({ key, valueAt }, index): Argument => {
    const next = starts[index + 1]
    const value = trimmed(text.slice(valueAt, next?.at ?? text.length))
    // A comma separates two arguments.
    return { key, value: next !== undefined && value.endsWith(',') ? value.slice(0, -1) : value }
  })
  return gathered(event, values, first !== undefined && trimmed(text.slice(0, first.at)) === '')
}

/** The arguments, without text that is not part of their values. */
function gathered(event: string, values: readonly Argument[], isWholeSoFar: boolean): Split {
  const args: Argument[] = []
  let isWhole = isWholeSoFar
  let isReformatted = false
  for (const { key, value: printed } of values) {
    const value = bareValue(event, key, printed)
    isWhole &&= value === printed
    if (isElided(value)) {
      isWhole = false
      isReformatted = true
      continue
    }
    const bare = withoutX(value)
    isReformatted ||= bare !== value
    args.push({ key, value: bare })
  }
  return { args, isWhole, isReformatted }
}

/**
 * A value without a final comma or dot, its unit or name in brackets (`517179 [ns]`), and words after a number
 * (`ifindex=2 qdisc handle=0x0`): a number holds no blank.
 */
function bareValue(event: string, key: string, printed: string): string {
  const value = isElided(printed) ? printed : printed.replace(/[,.]$/, '')
  const [, bracketed] = /^([^ ]+) \[[^\]]*\]$/.exec(value) ?? []
  if (bracketed !== undefined) return bracketed
  if (isNameArgument(event, key) || HEX_BYTES.test(value)) return value
  const [, number] = NUMBER_AND_TEXT.exec(value) ?? []
  return number ?? value
}

const NUMBER_AND_TEXT = /^(-?\d+|0x[0-9a-f]+)[,.]? +(?:[A-Za-z<(#]|--|\.\.\.)/
/** `28 00 ff`, of `__print_hex`. */
const HEX_BYTES = /^(?:[0-9a-f]{2} )+[0-9a-f]{2}$/

interface KeyStart {
  readonly key: string
  readonly at: number
  readonly valueAt: number
}

/** Not inside `(…)` or `"…"`; a `name:` followed at once by another key is text. */
function keyStarts(text: string): readonly KeyStart[] {
  const starts: KeyStart[] = []
  const closed = closedRanges(text)
  let range = 0
  for (const match of text.matchAll(KEY)) {
    const [whole, key = '', sign] = match
    const at = match.index
    while (range < closed.length && (closed[range]?.end ?? 0) <= at) range++
    const within = closed[range]
    if (within !== undefined && at > within.start) continue
    const valueAt = at + whole.length
    if (sign === ': ' && beginsKey(text, valueAt)) continue
    starts.push({ key, at, valueAt })
  }
  return starts
}

function beginsKey(text: string, at: number): boolean {
  KEY_HERE.lastIndex = at
  return KEY_HERE.test(text)
}

interface ClosedRange {
  readonly start: number
  readonly end: number
}

/** Where parentheses and quotes begin and end, in order; one that does not end closes nothing. */
function closedRanges(text: string): readonly ClosedRange[] {
  const ranges: ClosedRange[] = []
  const lastClose = text.lastIndexOf(')')
  for (let start = 0; start < text.length; start++) {
    const c = text[start]
    const end =
      c === '"' ? text.indexOf('"', start + 1) : c === '(' && start < lastClose ? text.indexOf(')', start) : -1
    if (end < 0) continue
    ranges.push({ start, end })
    start = end
  }
  return ranges
}
