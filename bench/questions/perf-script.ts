import { ask, ours, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { recordingOfDrops } from '../recordings.ts'

/** The pipe that most users type. */
export async function perfScript(setting: Setting): Promise<readonly Verdict[]> {
  const recording = recordingOfDrops(setting.isQuick)
  if (recording === undefined) return []
  const { data, text } = recording
  const { path, events } = text
  return await ask(setting, {
    title: `perf script printing ${events} events into a pipe`,
    base: 'perf script | cat',
    contenders: [
      { name: 'perf script', events, command: ['perf', 'script', '-i', data] },
      shell('perf script | cat', events, `perf script -i '${data}' | cat`),
      shell('perf script | tracenorm', events, `perf script -i '${data}' | node ${TRACENORM} -q`),
      ours('tracenorm on the text as a file', events, [path]),
    ],
    aims: [
      {
        what: 'perf script | tracenorm',
        who: 'perf script | tracenorm',
        peer: 'perf script | cat',
        by: 'wallSeconds',
        must: 1.25,
        aim: 1.1,
      },
    ],
  })
}
