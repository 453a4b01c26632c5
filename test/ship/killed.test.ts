// A process that is killed at any moment: the next one, with the same spool and the same inputs, goes on.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { EnvelopeName } from '../../src/envelopes/envelope.ts'
import { MAIN, spawned } from '../cli/processes.ts'
import { dropLine, scratchFolder } from '../cli/program.ts'
import { randomOf } from '../kit/random.ts'
import { lineOf, PlatformServer } from './server.ts'

const scratch = scratchFolder()
const ROUNDS = Number(process.env.TRACENORM_ROUNDS ?? 2)
const LINES = 1500 * ROUNDS

let server: PlatformServer | undefined
afterEach(() => server?.close())

/** Runs the program until its platform has got so many requests, and kills it then. */
async function killedAfter(
  requests: number,
  words: readonly string[],
  platform: PlatformServer,
): Promise<NodeJS.Signals | null> {
  const before = platform.requests.length
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: 'ignore' })
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('close', (_, signal: NodeJS.Signals | null) => resolve(signal)),
  )
  platform.heard = () => {
    if (platform.requests.length >= before + requests) child.kill('SIGKILL')
  }
  const signal = await ended
  platform.heard = () => {}
  return signal
}

describe.each<EnvelopeName>(['es-bulk', 'loki'])('%s: ship, killed again and again,', (platform) => {
  it(
    'loses no record, and stores none twice where ids are kept',
    async () => {
      const { below } = randomOf(9)
      let isCalm = false
      const isBad = (line: number): boolean => platform === 'es-bulk' && line % 1000 === 7
      server = await PlatformServer.listen({
        platform,
        fault: () => (isCalm ? undefined : below(5) === 0 ? 'cut before the answer' : 'slow'),
        refuses: ({ event }) => isBad(lineOf(event)),
      })
      const folder = scratch.in(`killed-${platform}`)
      const capture = `${folder}.txt`
      writeFileSync(capture, Array.from({ length: LINES }, (_, at) => dropLine(at)).join(''))
      const dead = `${folder}-dead.ndjson`
      const words = ['ship', '--to', server.to, '--spool', folder, '--spool-max', '1M', '--dead-letter', dead, '-q']
      const all = [...words, '--ts-fallback', 'start', '--batch-records', '100', capture]
      for (let round = 0; round < ROUNDS; round++) expect(await killedAfter(1 + below(5), all, server)).toBe('SIGKILL')
      isCalm = true
      const report = `${folder}-report.json`
      const { status, stderr } = await spawned([...all, '--report', report])
      expect([status, stderr]).toEqual([platform === 'es-bulk' ? 3 : 0, ''])
      const deadLines = deadIn(dead)
      const wanted = Array.from({ length: LINES }, (_, at) => at + 1)
      expect(wanted.filter((line) => !server?.stored.has(line) && !deadLines.has(line))).toEqual([])
      expect([...deadLines].filter((line) => !isBad(line))).toEqual([])
      if (platform === 'es-bulk') expect(Math.max(...server.stored.values())).toBe(1)
      const { shipped } = JSON.parse(readFileSync(report, 'utf8'))
      expect(shipped.found + shipped.read - shipped.known).toBe(shipped.acknowledged + shipped.refused)
      expect(shipped.known + shipped.spooled).toBe(LINES)
    },
    60_000 * ROUNDS,
  )
})

/** Lines of the records in a file of dead letters. */
function deadIn(path: string): ReadonlySet<number> {
  const entries = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return new Set(entries.map((entry) => JSON.parse(JSON.parse(entry).line).capture.line))
}
