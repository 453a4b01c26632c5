import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { nothingRepeats } from '../inputs.ts'
import { handMade, naive } from '../peers.ts'

/** perf text where no thread, place, time or address repeats: remembered values do not help. */
export async function perfTextUnique(setting: Setting): Promise<readonly Verdict[]> {
  const input = nothingRepeats(setting.isQuick ? 50_000 : 600_000)
  return await ask(setting, {
    title: `perf text in which nothing repeats, ${input.events} events`,
    base: 'naive script',
    contenders: [ours('tracenorm', input.events, [input.path]), naive(input), handMade(input)],
    aims: [
      {
        what: 'nothing repeats',
        who: 'tracenorm',
        peer: 'naive script',
        by: 'cpuSeconds',
        isRate: true,
        must: 1,
        aim: 4,
      },
    ],
  })
}
