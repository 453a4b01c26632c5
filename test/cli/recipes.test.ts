// The recipes of README.md, as a shell runs them.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAIN, recordsIn, root, scratchFolder } from './program.ts'

const scratch = scratchFolder()
const page = readFileSync(join(root, 'README.md'), 'utf8')
const CURL = join(root, 'fixtures/perf/script/seed-curl/input.txt')

/** The shell text below a line of the page. */
function recipe(title: string): string {
  const [, text = ''] = /```sh\n([\s\S]*?)^```/m.exec(page.slice(page.indexOf(title))) ?? []
  expect(text).not.toBe('')
  return text
}

/** Runs a recipe in a folder of its own, with `tracenorm` and other programs of ours before those of the system. */
function run(
  folder: string,
  text: string,
  programs: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly stdout: Buffer; readonly stderr: string } {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, script] of Object.entries({
    tracenorm: `exec '${process.execPath}' '${MAIN}' "$@"`,
    ...programs,
  })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', text], {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  })
  return { status, stdout, stderr: stderr.toString() }
}

function folder(name: string): string {
  mkdirSync(scratch.in(name))
  return scratch.in(name)
}

function withCaptures(name: string): string {
  const path = folder(name)
  mkdirSync(join(path, 'captures'))
  const capture = readFileSync(CURL)
  writeFileSync(join(path, 'captures/one.txt.gz'), gzipSync(capture))
  writeFileSync(join(path, 'captures/two words.txt.gz'), gzipSync(Buffer.concat([capture, capture])))
  return path
}

describe('the recipe', () => {
  it('of a live pipe gives the drops that it asks for', () => {
    const perf = `case $1 in script) cat >/dev/null; sed 's/NO_SOCKET$/TCP_CSUM/;q' '${CURL}'; cat '${CURL}';; esac`
    const { status, stdout } = run(folder('live'), recipe('A live pipe with a filter:'), { perf })
    expect(status).toBe(0)
    expect(recordsIn(stdout)).toHaveLength(2)
    expect(recordsIn(stdout).map(({ process }) => process?.comm)).toEqual(['curl', 'curl'])
  })

  it('of a folder gives a table for each capture, and goes on after one that is broken', () => {
    const path = withCaptures('folder')
    writeFileSync(join(path, 'captures/broken.txt.gz'), 'no gzip')
    const { status, stderr } = run(path, recipe('A folder of compressed captures to tables:'))
    expect(status).toBe(0)
    expect(stderr).toMatch(/^captures\/broken.txt.gz: status [13]$/m)
    expect(readdirSync(join(path, 'tables')).filter((name) => !name.startsWith('broken'))).toEqual([
      'one.txt.csv',
      'two words.txt.csv',
    ])
    const rows = readFileSync(join(path, 'tables/two words.txt.csv'), 'utf8').split('\r\n')
    expect(rows.map((row) => row.split(',')[1])).toEqual(['kind', 'drop', 'drop', 'drop', 'drop', undefined])
  })

  it('of DuckDB makes its NDJSON, and where DuckDB is installed its answer', () => {
    const path = withCaptures('duckdb')
    const isInstalled = spawnSync('duckdb', ['--version']).status === 0
    if (!isInstalled) console.warn('duckdb is not installed: its answer is not tested')
    const stub = { duckdb: 'grep -c . drops.ndjson' }
    const { status, stdout, stderr } = run(
      path,
      recipe('NDJSON into DuckDB, nanoseconds kept:'),
      isInstalled ? {} : stub,
    )
    expect([status, stderr.split('\n').filter((line) => line.includes('rror'))]).toEqual([0, []])
    expect(stdout.toString()).toMatch(isInstalled ? /NO_SOCKET\D+6\D/ : /^6\n$/)
  })
})
