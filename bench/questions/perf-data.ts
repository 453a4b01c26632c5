import { ask, ours, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { recordingOfDrops } from '../recordings.ts'

const PEER = 'perf script'
const FILE = 'the recording'

/** The recording itself, beside perf that prints it as text. */
export async function perfData(setting: Setting): Promise<readonly Verdict[]> {
  const recording = recordingOfDrops(setting.isQuick)
  if (recording === undefined) return []
  const { data, text } = recording
  const { events } = text
  return await ask(setting, {
    title: `a recording of ${events} events`,
    base: PEER,
    rounds: 3,
    contenders: [
      { name: PEER, events, command: ['perf', 'script', '-i', data] },
      ours(FILE, events, [data]),
      shell('perf script | tracenorm', events, `perf script -i '${data}' | node ${TRACENORM} -q`),
    ],
    aims: [
      { what: FILE, who: FILE, peer: PEER, by: 'cpuSeconds', must: 0.8, aim: 0.7 },
      { what: `peak memory, ${FILE}`, who: FILE, by: 'peakMiB', must: 128, aim: 80 },
    ],
  })
}
