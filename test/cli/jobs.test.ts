// Threads of the built program on one file.
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { MAIN, measuring, peakMiB, spawned, until } from './processes.ts'
import { dropLine, scratchFolder, tracenorm } from './program.ts'

const scratch = scratchFolder()
const TIMEOUT_MS = 120_000
const MIB = 2 ** 20
const DAMAGED = dropLine(1).replace('[001]', '[001')

/** Samples of more bytes than threads leave to one of them; `odd` comes after each MiB. */
function capture(name: string, odd: string): string {
  const fd = openSync(scratch.in(name), 'w')
  for (let line = 1, piece = 0; piece < 9; piece++) {
    let text = piece === 0 ? '' : odd
    while (text.length < MIB) text += dropLine(line++)
    writeFileSync(fd, text, 'latin1')
  }
  closeSync(fd)
  return scratch.in(name)
}

let plain = ''
beforeAll(() => {
  plain = capture('plain.txt', '')
})

/** What the program writes with so many threads. */
async function filesOf(path: string, jobs: string, words: readonly string[] = []): Promise<readonly unknown[]> {
  const folder = scratch.in(`jobs-${readdirSync(scratch.in('.')).length}`)
  mkdirSync(folder)
  const files = ['out', 'bad', 'report'].map((name) => `${folder}/${name}`)
  const [out = '', bad = '', report = ''] = files
  const flags = ['-o', out, '--quarantine', bad, '--report', report, '--jobs', jobs]
  const { status, signal, stderr } = await spawned([path, ...flags, ...words])
  return [status, signal, stderr.replaceAll(folder, ''), ...files.map((file) => readFileSync(file, 'latin1'))]
}

describe('threads that share a file give what one gives', { timeout: TIMEOUT_MS }, () => {
  it('of samples alone', async () => {
    const words = ['--where', 'cpu == 1', '--to', 'csv']
    const alone = await filesOf(plain, '1', words)
    expect(alone[0]).toBe(0)
    expect(await filesOf(plain, '3', words)).toEqual(alone)
  })

  it('with a damaged line now and then', async () => {
    const path = capture('damaged.txt', `curl: (7) Failed\n${DAMAGED}`)
    const alone = await filesOf(path, '1')
    expect(alone[0]).toBe(3)
    expect(await filesOf(path, '3')).toEqual(alone)
  })

  it('until so many units were rejected', async () => {
    const path = capture('stopped.txt', DAMAGED)
    const alone = await filesOf(path, '1', ['--max-rejects', '4'])
    expect(alone[0]).toBe(4)
    const shared = await filesOf(path, '2', ['--max-rejects', '4'])
    // The report also says how far the run has read beyond the last line, which no rule says.
    expect(shared.slice(0, -1)).toEqual(alone.slice(0, -1))
  })
})

describe('threads end with the run', { timeout: TIMEOUT_MS }, () => {
  it('when nobody reads stdout any more', () => {
    const command = `"$0" "$1" --jobs 2 -q "$2" | head -n 1 | wc -l; echo "\${PIPESTATUS[0]}"`
    const said = execFileSync('bash', ['-c', command, process.execPath, MAIN, plain], { encoding: 'utf8' })
    expect(said).toBe('1\n141\n')
  })

  it('at a signal, and the output stays what it was', async () => {
    const folder = scratch.in('signal')
    mkdirSync(folder)
    execFileSync('mkfifo', [`${folder}/fifo`])
    writeFileSync(`${folder}/out`, 'of yesterday\n')
    // The run has read the first file, and waits for the second one.
    const words = [MAIN, '--jobs', '2', '-q', '-o', `${folder}/out`, plain, `${folder}/fifo`]
    const child = spawn(process.execPath, words, { stdio: 'ignore' })
    const ended = new Promise((resolve) => child.on('exit', (status, signal) => resolve(signal ?? status)))
    await until(() => readdirSync(folder).some((name) => name.startsWith('out.partial')))
    child.kill('SIGTERM')
    expect(await ended).toBe('SIGTERM')
    expect(readdirSync(folder).sort()).toEqual(['fifo', 'out'])
    expect(readFileSync(`${folder}/out`, 'utf8')).toBe('of yesterday\n')
  })
})

it('two threads need less than 128 MiB', { timeout: TIMEOUT_MS }, async () => {
  const rss = scratch.in('rss')
  await spawned(['--jobs', '2', '-q', '-o', '/dev/null', plain], { env: measuring(rss) })
  expect(peakMiB(rss)).toBeLessThan(128)
})

it.each(['0', '65', 'all', '-1'])('--jobs %s is wrong usage', async (jobs) => {
  const { status, stderr } = await tracenorm([`--jobs=${jobs}`], { input: dropLine(1) })
  expect(status).toBe(2)
  expect(stderr).toContain('it is a whole number, 1 to 64')
})

it('one thread reads a pipe, whatever is asked for', async () => {
  const { status, records } = await spawned(['--jobs', '2', '-q'], { input: dropLine(1) })
  expect({ status, records: records.length }).toEqual({ status: 0, records: 1 })
})
