// What docs/scale.md shows is run: by bash and GNU parallel, in the environment of Slurm and Kubernetes, by DuckDB.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DROPWATCH } from '../../scripts/bundle/samples.ts'
import { MAIN } from '../cli/processes.ts'
import { dropLine, root, scratchFolder, tracenorm } from '../cli/program.ts'
import { openDuckDb } from '../platforms/duckdb.ts'

const page = readFileSync(join(root, 'docs/scale.md'), 'utf8')
const scratch = scratchFolder()
const hasParallel = spawnSync('parallel', ['--version']).status === 0
if (!hasParallel) console.warn('no GNU parallel: its example is left out (Debian: apt-get install parallel)')

/** The example under this mark: `sh parallel`. */
function example(mark: string): string {
  const [, text] = new RegExp(`^\`\`\`${mark}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page) ?? []
  if (text === undefined) throw new Error(`no example ${mark} in docs/scale.md`)
  return text
}

const DIFFERING = /,"times":\{[^}]*\}|"options_sha256":"[0-9a-f]*",/g

/** What is in the folder of results, without times, and without the options: `--on-reject` is one. */
function results(): ReadonlyMap<string, string> {
  const folder = scratch.in('results')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ndjson'))
  const kept = files.filter((name) => !name.includes('-of-')).sort()
  return new Map(kept.map((name) => [name, readFileSync(join(folder, name), 'utf8').replace(DIFFERING, '')]))
}

function bash(script: string, env: NodeJS.ProcessEnv = {}): string {
  const { stderr } = spawnSync('bash', ['-c', script], {
    cwd: scratch.path,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${scratch.in('bin')}:${process.env.PATH}`, ...env },
  })
  return stderr
}

async function merge(): Promise<void> {
  const { status, stderr } = await tracenorm(['batch', '--merge-manifests', '--out', 'results/'], { cwd: scratch.path })
  expect([status, stderr]).toEqual([0, ''])
}

let quiet: ReadonlyMap<string, string>

beforeAll(async () => {
  mkdirSync(scratch.in('night/web'), { recursive: true })
  mkdirSync(scratch.in('bin'))
  symlinkSync(MAIN, scratch.in('bin/tracenorm'))
  for (let file = 0; file < 10; file++)
    writeFileSync(scratch.in(`night/${file % 2 === 0 ? 'web/' : ''}perf-${file}.txt`), dropLine(file).repeat(file + 1))
  writeFileSync(scratch.in('night/dropwatch.txt'), DROPWATCH)
  await tracenorm(['batch', 'night/', '--out', 'results/', '-q', '--jobs', '1'], { cwd: scratch.path })
  quiet = results()
  expect(quiet.size).toBe(12)
})

beforeEach(() => rmSync(scratch.in('results'), { recursive: true, force: true }))

describe('shards', () => {
  it.skipIf(!hasParallel)(
    'by GNU parallel make what one machine makes',
    () => {
      expect(bash(example('sh parallel'))).not.toMatch(/tracenorm: /)
      expect(results()).toEqual(quiet)
    },
    300_000,
  )

  it('by Slurm make what one machine makes', async () => {
    for (const task of ['1', '2']) {
      const env = { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '1' }
      expect(bash(example('sh slurm').replace('--jobs 4', '--jobs 1'), env)).toBe('')
    }
    await merge()
    expect(results()).toEqual(quiet)
  }, 300_000)

  it('by Kubernetes make what one machine makes', async () => {
    const job = example('yaml kubernetes')
    const words: readonly string[] = JSON.parse(/args: (\[.*\])/.exec(job)?.[1] ?? '[]')
    const completions = Number(/completions: (\d+)/.exec(job)?.[1])
    for (let index = 0; index < completions; index++) {
      const env = { JOB_COMPLETION_INDEX: String(index) }
      const { status, stderr } = await tracenorm([...words, '--jobs', '1'], { cwd: scratch.path, env })
      expect([status, stderr]).toEqual([0, ''])
    }
    await merge()
    expect(results()).toEqual(quiet)
  })
})

it('DuckDB has views of the results, with nanoseconds, and of the manifest', async () => {
  const cwd = scratch.path
  const flags = ['night/', '--out', 'results/', '-q', '--jobs', '1', '--timezone', 'Europe/Prague']
  await tracenorm(['batch', ...flags], { cwd })
  const database = await openDuckDb()
  const rows = (sql: string): Promise<readonly (readonly unknown[])[]> =>
    database.rows(sql.replaceAll("'results/", `'${scratch.in('results/')}`))
  try {
    await rows(example('sql json'))
    const [[reason, place, packets] = []] = await rows(example('sql question'))
    expect([reason, place, Number(packets)]).toEqual(['NO_SOCKET', 'tcp_v4_rcv', 56])
    const timed = await rows('SELECT epoch_ns(ts)::VARCHAR FROM events WHERE ts IS NOT NULL')
    expect(timed).toEqual([[`${Date.UTC(2023, 1, 23, 17, 3, 36) / 1000}370138884`]])
    const counted = await rows('SELECT max(clock.ns)::VARCHAR FROM events')
    expect(counted).toEqual([['3466000009000']])
    const [[status, files] = []] = await rows(example('sql manifest'))
    expect([status, Number(files)]).toEqual(['done', 11])
  } finally {
    database.close()
  }
})
