// The recipes of README.md, as a shell runs them.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAIN } from './processes.ts'
import { recordsIn, root, scratchFolder } from './program.ts'

const scratch = scratchFolder()
const page = readFileSync(join(root, 'README.md'), 'utf8')
const CURL = join(root, 'fixtures/perf/script/seed-curl/input.txt')

/** The shell text below a line of the page. */
function recipe(title: string): string {
  const [, text = ''] = /```sh\n([\s\S]*?)^```/m.exec(page.slice(page.indexOf(title))) ?? []
  expect(text).not.toBe('')
  return text
}

/** A shell's place and environment: `tracenorm` and other programs of ours come before those of the system. */
function shellIn(
  folder: string,
  programs: Readonly<Record<string, string>> = {},
): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, script] of Object.entries({
    tracenorm: `exec '${process.execPath}' '${MAIN}' "$@"`,
    ...programs,
  })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return { cwd: folder, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } }
}

function run(
  folder: string,
  text: string,
  programs?: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly stdout: Buffer; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', text], shellIn(folder, programs))
  return { status, stdout, stderr: stderr.toString() }
}

/** Why no tracepoint can be recorded here. */
function whyNoRecording(): string | undefined {
  if (process.getuid?.() !== 0) return 'recording a tracepoint takes root'
  const words = ['record', '-q', '-e', 'skb:kfree_skb', '-o', '/dev/null', 'true']
  return spawnSync('perf', words).status === 0 ? undefined : 'perf is not installed, or may not record skb:kfree_skb'
}

/** A SYN to a port where nobody listens: the answer is dropped with NO_SOCKET. */
async function refusedConnection(): Promise<void> {
  await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve))
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

  const why = whyNoRecording()
  if (why !== undefined) console.log(`the live recipe is not run on a recording: ${why}`)

  it.skipIf(why !== undefined)('of a live pipe lets drops through while perf is recording', async () => {
    const shell = spawn('sh', ['-c', recipe('A live pipe with a filter:')], {
      ...shellIn(folder('recording')),
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = new Promise((resolve) => shell.on('close', resolve))
    const lines = createInterface({ input: shell.stdout })
    const came = new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line))))
    // perf says nowhere when it has begun to record; and it sends an event on when the next one comes.
    const traffic = setInterval(refusedConnection, 100)
    try {
      expect(await came).toMatchObject({ kind: 'drop', drop: { reason: 'NO_SOCKET' } })
      expect(shell.exitCode).toBeNull()
    } finally {
      clearInterval(traffic)
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGINT')
    }
    await ended
  })

  it('of a folder gives one table, and goes on after a capture that is broken', () => {
    const path = withCaptures('folder')
    writeFileSync(join(path, 'captures/broken.txt.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1]))
    const { status, stderr } = run(path, recipe('A folder of compressed captures to one table'))
    expect(status).toBe(1)
    expect(stderr).toMatch(/captures\/broken\.txt\.gz/)
    const rows = readFileSync(join(path, 'drops.csv'), 'utf8').trimEnd().split('\r\n')
    expect(rows[0]).toMatch(/capture\.path/)
    expect(rows.slice(1).map((row) => /captures\/(one|two words)\.txt\.gz/.exec(row)?.[1])).toEqual([
      ...Array(2).fill('one'),
      ...Array(4).fill('two words'),
    ])
  })

  it('of DuckDB makes its NDJSON, and where DuckDB is installed its answer', () => {
    const path = withCaptures('duckdb')
    const isInstalled = spawnSync('duckdb', ['--version']).status === 0
    if (!isInstalled) console.warn('duckdb is not installed: its answer is not tested')
    const stub = { duckdb: 'grep -c . drops.ndjson' }
    const { status, stdout, stderr } = run(
      path,
      recipe('NDJSON into DuckDB, nanoseconds kept:'),
      isInstalled ? undefined : stub,
    )
    expect([status, stderr.split('\n').filter((line) => line.includes('rror'))]).toEqual([0, []])
    expect(stdout.toString()).toMatch(isInstalled ? /NO_SOCKET\D+6\D/ : /^6\n$/)
  })
})
