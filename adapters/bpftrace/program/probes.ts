import { lookUp } from '../../../src/text/look-up.ts'
import type { Probe } from './ast.ts'
import { ProgramError, skipBlanks } from './tokens.ts'

/** Short names of probe types (bpftrace 0.9 to 0.27). */
const SHORT: Readonly<Record<string, string>> = {
  t: 'tracepoint',
  rt: 'rawtracepoint',
  k: 'kprobe',
  kr: 'kretprobe',
  f: 'fentry',
  fr: 'fexit',
  u: 'uprobe',
  ur: 'uretprobe',
  U: 'usdt',
  s: 'software',
  h: 'hardware',
  p: 'profile',
  i: 'interval',
  it: 'iter',
  w: 'watchpoint',
  aw: 'asyncwatchpoint',
  begin: 'BEGIN',
  end: 'END',
}

/** A part of the path of a probe, without quotes. */
const PATH = /(?:\\.|[-_./a-zA-Z0-9#+*$@])+/y

export interface ProbeList {
  readonly probes: readonly Probe[]
  /** Offset of the predicate's `/` or the block's `{`. */
  readonly end: number
}

/** Parses the probes from `start` up to a predicate or block. Throws ProgramError. */
export function parseProbes(source: string, start: number): ProbeList {
  const probes: Probe[] = []
  let at = start
  for (;;) {
    at = skipBlanks(source, at, source.length)
    const word = wordAt(source, at)
    if (word === '') throw new ProgramError('a probe expected', at)
    at = skipBlanks(source, at + word.length, source.length)
    // `name = probe`: the program gives it a name of its own.
    if (source[at] === '=') {
      at++
      continue
    }
    const path: string[] = []
    while (source[at] === ':') {
      const part = partAt(source, skipBlanks(source, at + 1, source.length))
      path.push(part.text)
      at = skipBlanks(source, part.end, source.length)
    }
    probes.push({ type: lookUp(SHORT, word) ?? word, path })
    if (source[at] !== ',') return { probes, end: at }
    at++
  }
}

function wordAt(source: string, at: number): string {
  return /^[A-Za-z_]\w*/.exec(source.slice(at, at + 64))?.[0] ?? ''
}

function partAt(source: string, at: number): { readonly text: string; readonly end: number } {
  let text = ''
  let end = at
  for (;;) {
    if (source[end] === '"') {
      const close = source.indexOf('"', end + 1)
      if (close < 0) throw new ProgramError('unterminated string', end)
      text += source.slice(end + 1, close)
      end = close + 1
      continue
    }
    PATH.lastIndex = end
    const found = PATH.exec(source)?.[0]
    if (found === undefined) return { text, end }
    text += found
    end += found.length
  }
}

/** The name that `probe` prints: `tracepoint:skb:kfree_skb`, `BEGIN`. */
export function probeName(probe: Probe): string {
  return [probe.type, ...probe.path].join(':')
}

/** True for a name of several probes: `tracepoint:net:*`. */
export function isWildcard(probe: Probe): boolean {
  return probe.path.some((part) => part.includes('*'))
}

/** The event of the full name of a probe: `tracepoint:skb:kfree_skb` → `skb:kfree_skb`. Others keep the name. */
export function eventOf(name: string): string {
  return name.startsWith('tracepoint:') ? name.slice('tracepoint:'.length) : name
}
