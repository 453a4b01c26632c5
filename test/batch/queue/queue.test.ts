// A batch over a queue, with everything that may happen to its processes and to its server.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { dropLine, scratchFolder, tracenorm } from '../../cli/program.ts'
import { randomOf } from '../../kit/random.ts'
import { type Part, Persistent, POISONED_THREAD, THREAD } from './chaos.ts'
import { hasNatsServer, NatsServer } from './nats-server.ts'

const ROUNDS = Number(process.env.TRACENORM_ROUNDS ?? 3)
const isLong = ROUNDS >= 20
const LEASE_MS = 1500
const AWAY_MS = isLong ? 10_000 : 1000
const POISON = { leaseMs: 300, deliveries: 2, filings: 1 }

const scratch = scratchFolder()
let server: NatsServer | undefined
let processes: Persistent[] = []

afterEach(async () => {
  for (const one of processes) one.stop()
  await Promise.all(processes.map(({ ended }) => ended))
  processes = []
  await server?.end()
  server = undefined
})

if (!hasNatsServer) console.warn('no nats-server: tests of queues are left out (Debian: apt-get install nats-server)')

/** Captures, one of them with a damaged line, and a file that is no capture. */
function makeTree(name: string, files: number, lines: number): void {
  mkdirSync(scratch.in(`${name}/deep`), { recursive: true })
  for (let file = 0; file < files; file++) {
    const text = Array.from({ length: file % 5 === 0 ? lines * 20 : lines }, (_, line) => dropLine(file * 7 + line))
    writeFileSync(scratch.in(`${name}/${file % 2 === 0 ? 'deep/' : ''}perf-${file}.txt`), text.join(''))
  }
  writeFileSync(scratch.in(`${name}/none.txt`), 'nothing that a tool prints\n')
  writeFileSync(scratch.in(`${name}/damaged.txt`), `${dropLine(1)}${dropLine(2).slice(0, 50)}\n${dropLine(3)}`)
}

/** All files below a folder with their SHA-256; of the manifest, without its times. */
function treeHash(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return new Map(
    files.map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      const kept = name === 'manifest.ndjson' ? text.replace(/,"times":\{[^}]*\}/g, '') : text
      return [name, createHash('sha256').update(kept).digest('hex')]
    }),
  )
}

async function quietly(tree: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const { status, stderr } = await tracenorm(['batch', tree, '--out', folder, '--jobs', '1', '-q'], {
    cwd: scratch.path,
  })
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' })
  return treeHash(scratch.in(folder))
}

function begin(words: readonly string[], enough: readonly number[], unlike: Partial<Part> = {}): Persistent {
  const part: Part = {
    words,
    leaseMs: LEASE_MS,
    deliveries: 4,
    filings: 4,
    thread: THREAD,
    cwd: scratch.path,
    ...unlike,
  }
  const one = new Persistent(part, enough)
  processes.push(one)
  return one
}

describe.skipIf(!hasNatsServer)('a batch over a queue', () => {
  it('makes of a tree what one machine makes of it, as one command', async () => {
    server = await NatsServer.started()
    makeTree('small', 12, 3)
    const quiet = await quietly('small', 'small-quiet')
    const words = ['small', '--out', 'small-queue', '-q', '--jobs', '2', '--queue', server.address('one')]
    const one = begin(words, [0, 1, 2, 3, 70])
    expect({ status: await one.ended, stderr: one.stderr }).toEqual({ status: 3, stderr: '' })
    expect(treeHash(scratch.in('small-queue'))).toEqual(quiet)
  }, 300_000)

  it(`survives ${ROUNDS} kills of workers, coordinators and the server, a stop, and a server that is away`, async () => {
    const seed = Number(process.env.TRACENORM_SEED ?? Date.now() % 1e6)
    const random = randomOf(seed)
    server = await NatsServer.started()
    makeTree('night', isLong ? 120 : 40, 400)
    const quiet = await quietly('night', 'night-quiet')
    const queue = ['--out', 'night-queue', '-q', '--jobs', '1', '--queue', server.address('night')]
    const filing = begin(['night', '--enqueue', ...queue], [0])
    const workers = [0, 1].map(() => begin(['--work', ...queue], []))
    const collecting = begin(['--collect', ...queue], [3])
    let isDone = false
    void collecting.ended.then(() => {
      isDone = true
    })
    const happenings = ['stop', 'away', ...Array.from({ length: ROUNDS }, () => 'kill')]
    const happened: string[] = []
    while (!isDone && happened.length < happenings.length) {
      await setTimeout(300 + random.below(isLong ? 1500 : 600))
      if (isDone) break
      const what = random.pick(happenings.filter((one) => one === 'kill' || !happened.includes(one)))
      happened.push(await happen(what))
    }
    expect(await collecting.ended, collecting.stderr).toBe(3)
    for (const worker of workers) worker.stop()
    expect(await filing.ended).toBe(0)
    console.log(`seed ${seed}: ${happened.join(', ')}; starts: ${processes.map(({ starts }) => starts).join(' ')}`)
    const made = treeHash(scratch.in('night-queue'))
    expect([...made.keys()], `seed ${seed}`).toEqual([...quiet.keys()])
    expect(made, `seed ${seed}`).toEqual(quiet)

    async function happen(what: string): Promise<string> {
      const worker = random.pick(workers)
      if (what === 'stop') {
        worker.kill('SIGSTOP')
        void setTimeout(LEASE_MS * 2).then(() => worker.kill('SIGCONT'))
        return what
      }
      const victim = what === 'away' ? 'server' : random.pick(['worker', 'worker', 'coordinator', 'server'])
      if (victim === 'worker') worker.kill('SIGKILL')
      else if (victim === 'coordinator') random.pick([filing, collecting]).kill('SIGKILL')
      else {
        await server?.kill(what === 'away' ? 'SIGTERM' : 'SIGKILL')
        if (what === 'away') await setTimeout(AWAY_MS)
        await server?.start()
      }
      return what === 'away' ? what : victim
    }
  }, 600_000)

  it('sends files and results over the queue, where machines share no disk', async () => {
    server = await NatsServer.started()
    makeTree('sent', 6, 3)
    const words = ['--jobs', '1', '-q', '--quarantine', 'rejects', '--compress', 'gzip']
    await tracenorm(['batch', 'sent', '--out', 'sent-quiet', ...words], { cwd: scratch.path })
    const rejects = treeHash(scratch.in('rejects'))
    rmSync(scratch.in('rejects'), { recursive: true })
    const queue = ['-q', '--queue', server.address('sent'), '--jobs', '1']
    const filing = begin(
      ['sent', '--enqueue', '--queue-files', '--quarantine', 'rejects', '--compress', 'gzip', '--out', 'x', ...queue],
      [0],
    )
    expect(await filing.ended, filing.stderr).toBe(0)
    mkdirSync(scratch.in('elsewhere/far'), { recursive: true })
    const worker = begin(['--work', '--out', 'none', ...queue], [0], { cwd: scratch.in('elsewhere') })
    const collecting = begin(['--collect', '--out', 'sent-queue', ...queue], [3])
    expect(await collecting.ended, collecting.stderr).toBe(3)
    expect(await worker.ended, worker.stderr).toBe(0)
    expect(treeHash(scratch.in('sent-queue'))).toEqual(treeHash(scratch.in('sent-quiet')))
    expect(treeHash(scratch.in('rejects'))).toEqual(rejects)
    expect(rejects.size).toBe(1)
    expect(readdirSync(scratch.in('elsewhere'))).toEqual(['far'])
  }, 300_000)

  it('ends a file that kills every worker as one failed line, and converts the rest', async () => {
    server = await NatsServer.started()
    makeTree('poisoned', 3, 3)
    writeFileSync(scratch.in('poisoned/poison.txt'), dropLine(1))
    const queue = ['--out', 'poisoned-queue', '-q', '--jobs', '1', '--queue', server.address('poison')]
    const filing = begin(['poisoned', '--enqueue', ...queue], [0], POISON)
    expect(await filing.ended, filing.stderr).toBe(0)
    const worker = begin(['--work', ...queue], [0], { ...POISON, thread: POISONED_THREAD })
    const collecting = begin(['--collect', ...queue], [1, 3], POISON)
    expect(await collecting.ended, collecting.stderr).toBe(1)
    const lines = readFileSync(scratch.in('poisoned-queue/manifest.ndjson'), 'utf8').trimEnd().split('\n')
    const entries = lines.map((line) => JSON.parse(line))
    expect(entries.map(({ path, status }) => [path, status])).toEqual([
      ['poisoned/damaged.txt', 'rejected'],
      ['poisoned/deep/perf-0.txt', 'done'],
      ['poisoned/deep/perf-2.txt', 'done'],
      ['poisoned/none.txt', 'not-recognised'],
      ['poisoned/perf-1.txt', 'done'],
      ['poisoned/poison.txt', 'failed'],
    ])
    expect(entries.at(-1).failure).toBe('poisoned/poison.txt: worker lost')
    // It was given to a worker twice, and as often again when it was filed again.
    expect(worker.starts).toBeGreaterThanOrEqual(4)
  }, 300_000)
})
