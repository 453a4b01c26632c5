import { execFileSync } from 'node:child_process'
import { ask, ours, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

const WORKERS = 'two workers'
const RUNS = 'two whole runs at once'

/** Two workers on one file, beside two whole runs at once: no more can be had of two cores that share their caches. */
export async function workers(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  if (!execFileSync('node', [TRACENORM, 'convert', '--help'], { encoding: 'utf8' }).includes('--jobs')) {
    console.log('this build has no --jobs: two workers are left out\n')
    return []
  }
  const { path, events } = input
  const run = `node ${TRACENORM} -q --jobs 1 '${path}'`
  return await ask(setting, {
    title: `two workers, ${events} events`,
    base: RUNS,
    contenders: [
      ours('one worker', events, ['--jobs', '1', path]),
      ours(WORKERS, events, ['--jobs', '2', path]),
      shell(RUNS, 2 * events, `${run} & ${run} & wait`),
    ],
    aims: [
      { what: WORKERS, who: WORKERS, peer: RUNS, by: 'wallSeconds', isRate: true, must: 0.75, aim: 0.85 },
      { what: 'peak memory, two workers', who: WORKERS, by: 'peakMiB', must: 128, aim: 80 },
    ],
  })
}
