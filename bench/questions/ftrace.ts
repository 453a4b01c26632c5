import { type Aim, ask, ours, type Setting, type Verdict } from '../ask.ts'
import { fill, kept, million } from '../captures.ts'

const FTRACE = 'ftrace text'
const PERF = 'perf text, no shapes'
/** A stage that leaves nothing out: each line is read. */
const NO_SHAPES = ['--limit', '1000000000']

/** The same drops as the kernel's own text has them: comm-TID, flags, pointers without 0x, sizes of functions. */
const AS_TRACE_PIPE = String.raw`{
  comm = substr($0, 1, 16); rest = substr($0, 17); at = match(rest, /\[[0-9]+\]/)
  tid = substr(rest, 1, at - 1) + 0; cpu = substr(rest, at, RLENGTH); rest = substr(rest, at + RLENGTH + 1)
  sub(/^ +/, "", rest); at = index(rest, ": "); time = substr(rest, 1, at - 1); event = substr(rest, at + 2)
  sub(/^ *skb:/, "", event); gsub(/=0x/, "=", event); gsub(/\(nil\)/, "0000000000000000", event)
  sub(/\+0x[0-9a-f]+/, "&/0x1630", event)
  printf "%s-%-7d %s ..s1. %12s: %s\n", comm, tid, cpu, time, event
}`

/** The kernel's trace text beside perf text of the same drops, both line by line. */
export async function ftrace(setting: Setting): Promise<readonly Verdict[]> {
  const perf = million(setting.isQuick)
  if (perf === undefined) return []
  const name = `${perf.path.slice(perf.path.lastIndexOf('/') + 1)}.trace_pipe`
  const path = kept(name, (file) => fill(file, ['awk', AS_TRACE_PIPE, perf.path]))
  return await ask(setting, {
    title: 'trace_pipe, the million drops',
    base: PERF,
    rounds: 3,
    contenders: [ours(PERF, perf.events, [...NO_SHAPES, perf.path]), ours(FTRACE, perf.events, [...NO_SHAPES, path])],
    aims: [
      { what: FTRACE, who: FTRACE, peer: PERF, by: 'cpuSeconds', isRate: true, must: 0.6, aim: 0.8 } satisfies Aim,
    ],
  })
}
