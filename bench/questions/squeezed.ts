import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { mixed, squeezed } from '../inputs.ts'
import { naive } from '../peers.ts'

/** perf text as chats and wikis leave it: each run of blanks is one, so no column has its width. */
export async function perfTextSqueezed(setting: Setting): Promise<readonly Verdict[]> {
  const whole = mixed(setting.isQuick ? 200_000 : 1_000_000)
  const input = squeezed(whole)
  return await ask(setting, {
    title: `perf text with squeezed blanks, ${input.events} events`,
    base: 'naive script',
    contenders: [
      ours('tracenorm', input.events, [input.path]),
      naive(input),
      ours('tracenorm, blanks as printed', whole.events, [whole.path]),
    ],
    aims: [
      {
        what: 'squeezed blanks',
        who: 'tracenorm',
        peer: 'naive script',
        by: 'cpuSeconds',
        isRate: true,
        must: 1,
        aim: 2,
      },
    ],
  })
}
