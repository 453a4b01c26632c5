// What packs an output, and what is left of it: test/output/open.test.ts has the bytes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { type OpenOutput, openOutput } from '../../src/output/open.ts'

const folder = mkdtempSync(join(tmpdir(), 'tracenorm-discarded-'))
afterAll(() => rmSync(folder, { recursive: true }))

function opened(name: string, zstd?: string): Promise<OpenOutput> {
  const path = join(folder, name)
  return openOutput({ kind: 'replaced', name: path, path, old: undefined, identity: undefined }, { zstd })
}

const ZSTD = '/usr/bin/zstd'
const hasZstd = ((): boolean => {
  try {
    return execFileSync(ZSTD, ['--version']).length > 0
  } catch {
    return false
  }
})()

it.runIf(hasZstd)('ends the program that packs', async () => {
  const given = await opened('ended.zst', ZSTD)
  given.write('one line\n')
  await given.flush()
  given.discard()
  await expect
    .poll(() => execFileSync('ps', ['--ppid', String(process.pid), '-o', 'comm=']).toString(), { timeout: 5000 })
    .not.toContain('zstd')
})

it('is waited for as often as need be', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', warn)
  const given = await opened('long.gz')
  for (let blocks = 0; blocks < 20; blocks++) {
    given.write('a line\n'.repeat(10_000))
    await given.flush()
  }
  await given.end()
  given.discard()
  await setTimeout(10)
  process.off('warning', warn)
  expect(warnings).toEqual([])
})
