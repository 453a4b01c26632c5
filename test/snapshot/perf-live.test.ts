// A refused connection, recorded by perf on this machine: its drop has to get the wall clock of the moment.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownMachine } from '../../src/commands/snapshot.ts'
import { takeSnapshot } from '../../src/snapshot/take.ts'
import { secondsToNs } from '../../src/text/scan.ts'
import { pairsOf, timekeeper } from '../../src/time/clock.ts'
import { parseRfc3339 } from '../../src/time/rfc3339.ts'
import { tracenorm } from '../cli/program.ts'

const why = whyNot()
if (why !== undefined) console.log(`skipped: ${why}`)

function whyNot(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'recording a tracepoint takes root on Linux'
  try {
    execFileSync('perf', ['record', '-q', '-e', 'skb:kfree_skb', '-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'perf is not installed, or may not record skb:kfree_skb'
  }
}

/** The name of this thread: which one it is hangs on Node's version. */
const comm = why === undefined ? readFileSync('/proc/thread-self/comm', 'utf8').trimEnd() : ''

const NEAR_NS = 100_000_000n

describe.skipIf(why !== undefined)('a drop that perf recorded here', () => {
  let folder = ''
  let before = 0n
  let after = 0n

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tracenorm-perf-'))
    const words = ['record', '-e', 'skb:kfree_skb', '-a', '-o', join(folder, 'perf.data'), '--', 'sleep', '30']
    const perf = spawn('perf', words, { stdio: 'ignore' })
    const ended = new Promise((resolve) => perf.on('close', resolve))
    await until(() => recorded() !== undefined)
    before = BigInt(Date.now()) * 1_000_000n
    await refusedConnection()
    after = BigInt(Date.now() + 1) * 1_000_000n
    perf.kill('SIGINT')
    await ended
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** The size of the recording, once perf has begun it. */
  function recorded(): number | undefined {
    try {
      return execFileSync('stat', ['-c', '%s', join(folder, 'perf.data')], { stdio: ['ignore', 'pipe', 'ignore'] })
        .length
    } catch {
      return undefined
    }
  }

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
    const { clocks } = takeSnapshot(ownMachine(), { takenBy: 'a test', tools: false })
    const time = timekeeper({ pairs: pairsOf(clocks) })
    const times = script('--ns')
      .split('\n')
      .filter((line) => line.trimStart().startsWith(`${comm} `) && line.endsWith(' NO_SOCKET'))
      .map((line) => / (\d+\.\d{9}): skb:kfree_skb: /.exec(line)?.[1] ?? '')
      .map((seconds) => time.tsOf('perf', secondsToNs(seconds, 0, seconds.length) ?? '0'))
    expect(times.filter(isOfThatMoment), `of ${times.join()} between ${before} and ${after}`).not.toEqual([])
  })

  it.each([
    ['--clock perf', ['--ns'], ['--clock', 'perf']],
    ['a header', ['--header'], []],
  ])('gets it from tracenorm --snapshot self with %s', async (_, words, flags) => {
    const { records, stderr } = await tracenorm(['convert', '--snapshot', 'self', ...flags], {
      input: script(...words),
    })
    const drops = records.filter(({ kind, process }) => kind === 'drop' && process?.comm === comm)
    expect(
      drops.filter(({ ts }) => isOfThatMoment(ts)),
      stderr,
    ).not.toEqual([])
  })
})

async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !isSo(); attempt++) await pause(50)
  // perf has made its file; its events are on a moment later.
  await pause(500)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Port 1 of this host: nobody listens there. */
async function refusedConnection(): Promise<void> {
  await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve).on('connect', resolve))
}
