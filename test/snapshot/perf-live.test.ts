// A refused connection, recorded by perf on this machine: its drop has to get the wall clock of the moment.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownMachine } from '../../src/commands/snapshot.ts'
import { takeSnapshot } from '../../src/snapshot/take.ts'
import { secondsToNs } from '../../src/text/scan.ts'
import { pairsOf, timekeeper } from '../../src/time/clock.ts'
import { parseRfc3339 } from '../../src/time/rfc3339.ts'
import { spawned } from '../cli/processes.ts'
import { REFUSED, whyNoRecording } from '../kit/perf-here.ts'

const why = whyNoRecording()
if (why !== undefined) console.log(`skipped: ${why}`)

/** Between two looks at the wall clock. */
const TIMED = `date +%s%N; ${REFUSED}; date +%s%N`

const NEAR_NS = 100_000_000n

describe.skipIf(why !== undefined)('a drop that perf recorded here', () => {
  let folder = ''
  let before = 0n
  let after = 0n

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracenorm-perf-'))
    // perf starts its command when its events are on, and ends with it: there is nothing to wait for.
    const words = ['record', '-q', '-e', 'skb:kfree_skb', '-a', '-o', join(folder, 'perf.data')]
    const times = execFileSync('perf', [...words, '--', 'bash', '-c', TIMED], { encoding: 'utf8', stdio: 'pipe' })
    ;[before = 0n, after = 0n] = times.trim().split('\n').map(BigInt)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function script(...words: readonly string[]): string {
    return execFileSync('perf', ['script', '-i', join(folder, 'perf.data'), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  function isOfThatMoment(ts: string | undefined): boolean {
    const ns = ts === undefined ? undefined : parseRfc3339(ts)
    return ns !== undefined && ns >= before - NEAR_NS && ns <= after + NEAR_NS
  }

  it('has its wall clock by the pair of perf’s own clock in a snapshot', () => {
    const { clocks } = takeSnapshot(ownMachine(process.env), { takenBy: 'a test', tools: false })
    const time = timekeeper({ pairs: pairsOf(clocks) })
    const times = script('--ns')
      .split('\n')
      .filter((line) => line.trimStart().startsWith('bash ') && line.endsWith(' NO_SOCKET'))
      .map((line) => / (\d+\.\d{9}): skb:kfree_skb: /.exec(line)?.[1] ?? '')
      .map((seconds) => time.tsOf('perf', secondsToNs(seconds, 0, seconds.length) ?? '0'))
    expect(times.filter(isOfThatMoment), `of ${times.join()} between ${before} and ${after}`).not.toEqual([])
  })

  it.each([
    ['--clock perf', ['--ns'], ['--clock', 'perf']],
    ['a header', ['--header'], []],
  ])('gets it from tracenorm --snapshot self with %s', async (_, words, flags) => {
    const { records, stderr } = await spawned(['convert', '--snapshot', 'self', ...flags], {
      input: script(...words),
    })
    const drops = records.filter(({ kind, process }) => kind === 'drop' && process?.comm === 'bash')
    expect(
      drops.filter(({ ts }) => isOfThatMoment(ts)),
      stderr,
    ).not.toEqual([])
  })
})
