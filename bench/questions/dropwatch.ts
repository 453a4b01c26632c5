import { ask, nameBefore, ours, type Setting, type Verdict } from '../ask.ts'
import { capture, million, repeated } from '../captures.ts'

const EVENTS = 24_000
const TIMES = 50
const PACKETS = 'dropwatch packets'
const PERF = 'perf text'

/** dropwatch's packets, a dozen lines each, beside perf text. */
export async function dropwatch(setting: Setting): Promise<readonly Verdict[]> {
  const perf = million(setting.isQuick)
  const packets = capture('corpus', 'dropwatch/k612-45-large-20k/stdout.txt')
  if (perf === undefined || packets === undefined) return []
  const { path, events } = repeated({ path: packets, events: EVENTS }, setting.isQuick ? 2 : TIMES)
  return await ask(setting, {
    title: 'dropwatch packets',
    base: PERF,
    rounds: 3,
    contenders: [ours(PERF, perf.events, [perf.path]), ours(PACKETS, events, [path])],
    aims: [
      { what: PACKETS, who: PACKETS, peer: PERF, by: 'cpuSeconds', isRate: true, must: 0.4, aim: 0.6 },
      { what: PACKETS, who: PACKETS, peer: nameBefore(PACKETS), by: 'cpuSeconds', must: 0.6, aim: 0.3 },
    ],
  })
}
