// Random faults of a platform: every record is acknowledged, or among the dead letters.
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { EnvelopeName } from '../../src/envelopes/envelope.ts'
import { scratchFolder } from '../cli/program.ts'
import { randomOf } from '../kit/random.ts'
import { FAULTS, lineOf, type PlatformOptions, PlatformServer } from './server.ts'
import { madeLine, madeLines, shipped } from './shipping.ts'

const scratch = scratchFolder()
const ROUNDS = Number(process.env.TRACENORM_ROUNDS ?? 1)

/** What never answers costs this time. */
const TIMEOUT_MS = 60

let server: PlatformServer | undefined
afterEach(() => server?.close())

/** Numbers of at least 0 and less than 1. */
function seeded(seed: number): () => number {
  const { below } = randomOf(seed)
  return () => below(1 << 24) / (1 << 24)
}

async function listen(options: PlatformOptions): Promise<PlatformServer> {
  server = await PlatformServer.listen(options)
  return server
}

describe.each<EnvelopeName>(['es-bulk', 'loki', 'hec', 'otlp'])('%s: of a platform with random faults', (platform) => {
  it(
    'every record is stored, and counted as acknowledged',
    async () => {
      const random = seeded(20261201)
      const platformOfTest = await listen({
        platform,
        fault: () => (random() < 0.5 ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined),
      })
      const lines = madeLines(100 * ROUNDS)
      const { ledger, counts, imbalance, failure } = await shipped({
        to: platformOfTest.to,
        lines,
        random,
        timeoutMs: TIMEOUT_MS,
      })
      expect([failure, imbalance, platformOfTest.complaints]).toEqual([undefined, undefined, []])
      expect([counts.read, ledger.acknowledged, ledger.left]).toEqual([lines.length, lines.length, 0])
      expect([...platformOfTest.stored.keys()].sort((a, b) => a - b)).toEqual(lines.map((_, at) => at + 1))
      if (platform === 'es-bulk') expect(Math.max(...platformOfTest.stored.values())).toBe(1)
      expect(platformOfTest.faults).toBeGreaterThan(10 * ROUNDS)
    },
    60_000 * ROUNDS,
  )

  it(
    'a record that it never takes is among the dead letters, byte by byte',
    async () => {
      const random = seeded(7)
      // Of these two an answer that says nothing is an acknowledgement.
      const isTerse = platform === 'loki' || platform === 'otlp'
      const faults = FAULTS.filter((fault) => !isTerse || fault !== 'says nothing')
      const isBad = (line: number): boolean => line % 13 === 0
      const platformOfTest = await listen({
        platform,
        fault: () => (random() < 0.3 ? faults[Math.floor(random() * faults.length)] : undefined),
        refuses: ({ event }) => isBad(lineOf(event)),
      })
      const lines = Array.from({ length: 60 * ROUNDS }, (_, at) =>
        madeLine(at + 1, isBad(at + 1) ? 'OTHER' : 'NO_SOCKET'),
      )
      const deadLetters = scratch.in(`dead-${platform}.ndjson`)
      const { ledger, imbalance } = await shipped({
        to: platformOfTest.to,
        lines,
        random,
        deadLetters,
        timeoutMs: TIMEOUT_MS,
      })
      const dead = readFileSync(deadLetters, 'utf8').trimEnd().split('\n')
      const deadLines = dead.map((entry): string => `${JSON.parse(entry).line}\n`)
      expect(imbalance).toBeUndefined()
      expect([ledger.refused, ledger.dead]).toEqual([dead.length, dead.length])
      const bad = lines.filter((_, at) => isBad(at + 1))
      expect(deadLines).toEqual(expect.arrayContaining(bad))
      // Where the platform says which record it means, no other one is there.
      if (platform === 'es-bulk' || platform === 'hec') expect(new Set(deadLines)).toEqual(new Set(bad))
      const kept = lines.filter((line, at) => platformOfTest.stored.has(at + 1) || deadLines.includes(line))
      expect(kept).toEqual(lines)
    },
    60_000 * ROUNDS,
  )
})
