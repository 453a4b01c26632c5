import { writeFileSync } from 'node:fs'
import { ask, ours, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { kept } from '../captures.ts'
import { LIVE_LINES } from './live-lines.ts'

const NODE = 'node -e 0'
const LINE = 'one line'

/** How long the shortest runs take, beside a program that does nothing. */
export async function start(setting: Setting): Promise<readonly Verdict[]> {
  const line = kept('one-line.txt', (file) => writeFileSync(file, LIVE_LINES[0].line))
  return await ask(setting, {
    title: 'start',
    base: NODE,
    rounds: setting.isQuick ? 5 : 21,
    contenders: [
      { name: NODE, events: 1, command: ['node', '-e', '0'] },
      { name: '--version', events: 1, command: ['node', TRACENORM, '--version'] },
      shell(LINE, 1, `node ${TRACENORM} -q < '${line}'`),
      ours('one line, as CSV', 1, ['--to', 'csv', line]),
      ours('summary of one line', 1, ['summary', line]),
    ],
    aims: [
      { what: LINE, who: LINE, peer: NODE, by: 'wallSeconds', must: 2, aim: 1.3 },
      { what: '--version', who: '--version', peer: NODE, by: 'wallSeconds', must: 2, aim: 1.1 },
    ],
  })
}
