import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

const SNAPSHOT = 'fixtures/perf/script/snapshot/host.json'

/** Records with `ts`, which a snapshot of the host allows, beside the same records without. */
export async function wallClock(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  return await ask(setting, {
    title: `ts from a snapshot, ${events} events`,
    base: 'without ts',
    contenders: [
      ours('without ts', events, [path]),
      ours('with ts', events, ['--clock', 'perf', '--snapshot', SNAPSHOT, path]),
    ],
    aims: [
      {
        what: 'with ts from a snapshot',
        who: 'with ts',
        peer: 'without ts',
        by: 'cpuSeconds',
        must: 1.25,
        aim: 1.1,
      },
    ],
  })
}
