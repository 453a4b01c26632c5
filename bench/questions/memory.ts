import { type Aim, ask, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { million, repeated } from '../captures.ts'
import { nothingRepeats } from '../inputs.ts'

const TIMES = 5
const LONG = `${TIMES} times the file`
const UNIQUE = 'nothing repeats'

/** Memory does not grow with the input, nor where nothing repeats. */
export async function memory(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const long = repeated(input, TIMES)
  const unique = nothingRepeats(setting.isQuick ? 50_000 : 600_000)
  return await ask(setting, {
    title: 'memory, from a pipe',
    base: 'the file',
    rounds: 1,
    contenders: [
      shell('the file', input.events, `cat '${input.path}' | node ${TRACENORM} -q`),
      shell(LONG, long.events, `cat '${long.path}' | node ${TRACENORM} -q`),
      shell(UNIQUE, unique.events, `cat '${unique.path}' | node ${TRACENORM} -q`),
    ],
    aims: [LONG, UNIQUE].map((who): Aim => ({ what: `peak memory, ${who}`, who, by: 'peakMiB', must: 128, aim: 80 })),
  })
}
