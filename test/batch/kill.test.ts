// Batches that are killed, or interrupted, and go on: processes of the built program.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { MAIN, spawned, until } from '../cli/processes.ts'
import { scratchFolder } from '../cli/program.ts'
import { randomOf } from '../kit/random.ts'
import { drops, filesBelow, hashOfTree, plant } from './trees.ts'

const ROUNDS = Number(process.env.TRACENORM_ROUNDS ?? 4)
const TIMEOUT_MS = 60_000 + 20_000 * ROUNDS
const scratch = scratchFolder()

/** Captures that take a second, small and larger ones, and an archive. */
function planted(): string {
  const files = Array.from({ length: 40 }, (_, at) => [
    `in/h${at % 7}/c${at}.txt`,
    drops(at * 1000, at % 9 === 0 ? 3000 : 40),
  ])
  const cwd = plant(scratch.path, Object.fromEntries(files))
  execFileSync('tar', ['-czf', 'all.tar.gz', '-C', 'in', 'h1', 'h2'], { cwd })
  mkdirSync(`${cwd}/in/archives`, { recursive: true })
  execFileSync('mv', ['all.tar.gz', 'in/archives/'], { cwd })
  return cwd
}

it('a batch that is killed at any moment goes on to what one quiet run makes', { timeout: TIMEOUT_MS }, async () => {
  const cwd = planted()
  const began = Date.now()
  const quiet = await spawned(['batch', 'in', '--out', 'quiet', '--jobs', '2', '-q'], { cwd })
  const quietMs = Date.now() - began
  expect([quiet.status, quiet.stderr]).toEqual([0, ''])
  const whole = hashOfTree(`${cwd}/quiet`)
  const random = randomOf(20)
  let killed = 0
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 5 === 0) rmSync(`${cwd}/out`, { recursive: true, force: true })
    const child = spawn(process.execPath, [MAIN, 'batch', 'in', '--out', 'out', '--jobs', '2', '-q'], {
      cwd,
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await Promise.race([setTimeout(random.below(Math.ceil(quietMs))), ended])
    if (child.exitCode === null) killed++
    child.kill('SIGKILL')
    await ended
    if (round % 5 !== 4 && round !== ROUNDS - 1) continue
    expect((await spawned(['batch', 'in', '--out', 'out', '--jobs', '2', '-q'], { cwd })).status).toBe(0)
    expect(hashOfTree(`${cwd}/out`)).toBe(whole)
  }
  expect(killed).toBeGreaterThan(0)
  // By one thread, too.
  expect((await spawned(['batch', 'in', '--out', 'one', '--jobs', '1', '-q'], { cwd })).status).toBe(0)
  expect(hashOfTree(`${cwd}/one`)).toBe(whole)
})

it('a batch that is interrupted leaves nothing half written, and goes on', { timeout: TIMEOUT_MS }, async () => {
  const cwd = plant(scratch.in('interrupted'), { 'in/large.txt': drops(1, 30_000), 'in/small.txt': drops(1, 3) })
  const words = ['batch', 'in', '--out', 'out', '--jobs', '2', '-q']
  const child = spawn(process.execPath, [MAIN, ...words], { cwd, stdio: 'ignore' })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => resolve(signal)))
  const isAtWork = (): boolean =>
    existsSync(`${cwd}/out/in`) && filesBelow(`${cwd}/out`).some((name) => name.includes('.partial-'))
  await until(() => child.exitCode !== null || isAtWork())
  const signalled = Date.now()
  child.kill('SIGINT')
  expect(await ended).toBe('SIGINT')
  expect(Date.now() - signalled).toBeLessThan(10_000)
  expect(filesBelow(`${cwd}/out`).filter((name) => name.includes('.partial-'))).toEqual([])
  expect((await spawned(words, { cwd })).status).toBe(0)
  expect(readFileSync(`${cwd}/out/in/large.txt.ndjson`, 'latin1').split('\n')).toHaveLength(30_001)
})
