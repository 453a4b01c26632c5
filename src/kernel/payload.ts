// Tracepoint payloads as libtraceevent and the kernel print them: `key=value`, `key: value`, `key = value,`, and text between (perf.md 2.1, perf 5.10 to 7.2).

import { isNameArgument } from './names.ts'

export interface Argument {
  readonly key: string
  /** latin1. */
  readonly value: string
}

export interface Split {
  readonly args: readonly Argument[]
  /** The arguments hold all of the text. */
  readonly isWhole: boolean
}

/**
 * Keys, in order, of events with thread names in their text: such a value may hold ` pid=`, so these are found from the right. `?`: not in
 * every version.
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
  return (keys === undefined ? undefined : splitByKeys(text, keys)) ?? splitByStyle(event, text)
}

/** Every key at its last place before the next key's. Undefined when one is missing. */
function splitByKeys(text: string, keys: readonly string[]): Split | undefined {
  const args: Argument[] = []
  let end = text.trimEnd().length
  let isWhole = true
  for (const [index, word] of [...keys.entries()].toReversed()) {
    const key = word.replace('?', '')
    const first = index === 0 && text.startsWith(`${key}=`)
    const at = first ? 0 : text.lastIndexOf(` ${key}=`, end - 1)
    if (at < 0 || at >= end) {
      if (word.endsWith('?')) continue
      return undefined
    }
    let value = text.slice(at + key.length + (first ? 1 : 2), end)
    // `==>` stands between the two halves of sched_switch, `[ns]` behind a runtime.
    const bare = value.replace(/ ==>$| \[ns\]$/, '')
    if (bare !== value) {
      isWhole = isWhole && value.endsWith('==>')
      value = bare
    }
    args.unshift({ key, value })
    end = at
  }
  return { args, isWhole: isWhole && end === 0 }
}

/** A key start: a word at the beginning or behind a blank, then `=`, ` = ` or `: `. */
const KEY = /(?:^|(?<=[ ,(]))([A-Za-z_][\w.[\]]*)(=| = |: |:$)/g

function splitByStyle(event: string, text: string): Split {
  const starts = keyStarts(text)
  const args: Argument[] = []
  let isWhole = starts.length > 0 && text.slice(0, starts[0]?.at).trim() === ''
  starts.forEach(({ key, valueAt }, index) => {
    const next = starts[index + 1]
    const raw = text.slice(valueAt, next?.at ?? text.length)
    const value = raw.trim().replace(/[,.]$/, '')
    const bracket = /^(\S+) \[[^\]]*\]$/.exec(value)
    // A number holds no blank: words behind it are text between two arguments, `ifindex=2 qdisc handle=0x0`.
    const bare = isNameArgument(event, key) ? undefined : /^(-?\d+|0x[0-9a-f]+) [A-Za-z]/.exec(value)
    const first = bracket?.[1] ?? bare?.[1]
    if (first !== undefined) isWhole = false
    args.push({ key, value: first ?? value })
  })
  return { args, isWhole }
}

interface KeyStart {
  readonly key: string
  readonly at: number
  readonly valueAt: number
}

/** Not inside `(…)` or `"…"`; a `name:` followed at once by another key is text. */
function keyStarts(text: string): readonly KeyStart[] {
  const starts: KeyStart[] = []
  KEY.lastIndex = 0
  const closed = closedRanges(text)
  for (let match = KEY.exec(text); match !== null; match = KEY.exec(text)) {
    const [whole, key = '', sign] = match
    const at = match.index
    if (closed.some(([start, end]) => at > start && at < end)) continue
    const valueAt = at + whole.length
    if (sign === ': ' && new RegExp(KEY.source, 'y').exec(text.slice(valueAt)) !== null) continue
    starts.push({ key, at, valueAt })
  }
  return starts
}

/** Where parentheses and quotes begin and end; one that does not end closes nothing. */
function closedRanges(text: string): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    const close = c === '"' ? '"' : c === '(' ? ')' : undefined
    const end = close === undefined ? -1 : text.indexOf(close, at + 1)
    if (end > at) {
      ranges.push([at, end])
      at = end
    }
  }
  return ranges
}
