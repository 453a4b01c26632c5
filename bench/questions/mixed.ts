import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { mixed } from '../inputs.ts'
import { handMade, naive, REFERENCE } from '../peers.ts'

/** The same of a busy host: 400 threads, 64 cpus, 57 combinations of protocol, place and reason. */
export async function perfTextMixed(setting: Setting): Promise<readonly Verdict[]> {
  const input = mixed(setting.isQuick ? 200_000 : 1_000_000)
  return await ask(setting, {
    title: `perf text, ${input.events} events of 400 threads on 64 cpus`,
    base: 'hand-made loop',
    contenders: [ours('tracenorm', input.events, [input.path]), handMade(input), naive(input)],
    aims: [
      {
        what: 'perf text, mixed',
        who: 'tracenorm',
        peer: 'hand-made loop',
        by: 'cpuSeconds',
        must: 0.7 * REFERENCE,
        aim: 0.3 * REFERENCE,
      },
    ],
  })
}
