import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { TRACENORM, type Verdict } from '../ask.ts'
import { median } from '../measure.ts'
import { LIVE_LINES } from './live-lines.ts'

const ROUNDS = 20

/** How long after its line was written into a pipe a record leaves. */
export async function firstEvent(): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { who, words, line } of LIVE_LINES) {
    const child = spawn('node', [TRACENORM, '-q', ...words], { stdio: ['pipe', 'pipe', 'ignore'] })
    const delays: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const start = process.hrtime.bigint()
      child.stdin.write(line)
      await once(child.stdout, 'data')
      // The first one waits for the program to start.
      if (round > 0) delays.push(Number(process.hrtime.bigint() - start) / 1e6)
      await setTimeout(20)
    }
    child.stdin.end()
    await once(child, 'exit')
    const [middle, most] = [median(delays), Math.max(...delays)]
    console.log(
      `${who}: a record leaves ${middle.toFixed(1)} ms after its line (median of ${ROUNDS}; most ${most.toFixed(1)} ms)`,
    )
    const aim = { what: `${who}, a line of a live pipe`, who, by: 'wallSeconds', must: 0.05, aim: 0.005 } as const
    verdicts.push({ aim, measured: middle / 1000 })
  }
  console.log()
  return verdicts
}
