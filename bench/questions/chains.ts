import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { withChains } from '../inputs.ts'
import { recordingWithChains } from '../recordings.ts'

/** Call chains, as after `perf record -g`: perf printing them, and tracenorm reading what it printed. */
export async function callChains(setting: Setting): Promise<readonly Verdict[]> {
  const stored = withChains(setting.isQuick ? 20_000 : 100_000)
  const recording = recordingWithChains(setting.isQuick)
  return await ask(setting, {
    title: 'call chains',
    base: recording === undefined ? 'cat' : 'perf script',
    contenders: [
      ours('57 made chains', stored.events, [stored.path]),
      { name: 'cat', events: stored.events, command: ['cat', stored.path] },
      ...(recording === undefined
        ? []
        : [
            {
              name: 'perf script',
              events: recording.text.events,
              command: ['perf', 'script', '-i', recording.data],
            } as const,
            ours('what perf script printed', recording.text.events, [recording.text.path]),
          ]),
    ],
    aims: [
      {
        what: 'call chains',
        who: 'what perf script printed',
        peer: 'perf script',
        by: 'cpuSeconds',
        must: 0.5,
        aim: 0.25,
      },
    ],
  })
}
