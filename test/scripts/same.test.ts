// scripts/same.ts, on builds that are small scripts.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root } from '../source-text.ts'

const scratch = mkdtempSync(join(tmpdir(), 'tracenorm-same-test-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** A build that writes a record a file, with a word in it, and a report with a hint. */
function build(name: string, word: string, hint: string): string {
  const main = join(scratch, `${name}.mjs`)
  const text = `
    import { writeFileSync } from 'node:fs'
    const words = process.argv.slice(2)
    const after = (flag) => words[words.indexOf(flag) + 1]
    const files = words.slice(words.indexOf('--') + 1)
    writeFileSync(after('-o'), files.map((file) => file.includes('b.txt') ? '${word}\\n' : 'record\\n').join(''))
    writeFileSync(after('--quarantine'), '')
    writeFileSync(after('--report'), JSON.stringify({ records: files.length, hints: ['${hint}'] }))`
  writeFileSync(main, text)
  return main
}

function same(old: string, now: string): { readonly status: number | null; readonly stdout: string } {
  const corpus = mkdtempSync(join(scratch, 'corpus-'))
  for (const name of ['a.txt', 'b.txt']) writeFileSync(join(corpus, name), name)
  const words = ['--import', 'tsx', 'scripts/same.ts', old, corpus, '--new', now]
  return spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' })
}

const old = build('old', 'record', 'a hint')

it('passes builds that write the same, in whatever words their reports give hints', () => {
  const { status, stdout } = same(old, build('same', 'record', 'other words'))
  expect(stdout).toContain('2 files, 42 bytes of records: nothing differs')
  expect(status).toBe(0)
})

it('names the capture and the line that differ', () => {
  const { status, stdout } = same(old, build('other', 'RECORD', 'a hint'))
  expect(stdout).toContain('b.txt: records; line 1\n  - record\n  + RECORD\n')
  expect(stdout).not.toContain('a.txt')
  expect(status).toBe(1)
})
