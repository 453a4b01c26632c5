// Signals. What is waited for is what a run does, never the clock.
import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { main } from '../../src/program.ts'
import { anonymousPipe, HAS_PIPES } from '../input/anonymous-pipe.ts'
import { memoryIo } from '../io.ts'
import { MAIN, until } from './processes.ts'
import { dropLine, recordsIn, scratchFolder, TWO_DROPS } from './program.ts'

const scratch = scratchFolder()
let folders = 0

const SIGNALS = [
  ['SIGINT', 130, 'main', started],
  ['SIGTERM', 143, 'main', started],
  ['SIGHUP', 129, 'main', started],
  ['SIGTERM', 143, 'a process', run],
  ...(HAS_PIPES ? ([['SIGHUP', 129, 'a process that reads a pipe', piped]] as const) : []),
] as const

/** A folder with a capture, an output of yesterday, and a FIFO. */
function prepared(): string {
  const path = scratch.in(`run-${folders++}`)
  mkdirSync(path)
  writeFileSync(`${path}/in`, TWO_DROPS)
  writeFileSync(`${path}/prev`, 'of yesterday\n')
  execFileSync('mkfifo', [`${path}/fifo`])
  return path
}

interface Running {
  readonly ended: Promise<NodeJS.Signals | number | null>
  /** To stdin, which stays open. */
  write(text: string): void
  kill(signal: NodeJS.Signals): void
  said(): string
}

/** In this process; a signal comes from an emitter. Paths among the words begin in `cwd`. */
function started(cwd: string, words: readonly string[]): Running {
  const stdin = new PassThrough()
  const io = memoryIo(stdin)
  const ended = main(
    words.map((word) => (/^\w/.test(word) ? `${cwd}/${word}` : word)),
    io,
  ).finally(() => release(`${cwd}/fifo`))
  return {
    ended,
    write: (text) => stdin.write(text),
    kill: (signal) => io.signals.emit(signal, signal),
    said: () => io.stderr.bytes.toString().replaceAll(`${cwd}/`, ''),
  }
}

/** A thread of this process may still wait for a writer of the FIFO: it would never end. */
function release(fifo: string): void {
  closeSync(openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK))
}

/** As in a pipeline of a shell: stdin is no socket. */
async function piped(cwd: string, words: readonly string[]): Promise<Running> {
  const { reader, writer } = await anonymousPipe()
  const running = run(cwd, words, 'ignore', reader)
  closeSync(reader)
  running.ended.finally(() => closeSync(writer))
  return { ...running, write: (text) => writeSync(writer, text) }
}

function run(
  cwd: string,
  words: readonly string[],
  stdout: 'ignore' | number = 'ignore',
  stdin: 'pipe' | number = 'pipe',
): Running {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd, stdio: [stdin, stdout, 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.on('close', (status, signal) => resolve(signal ?? status)),
  )
  return {
    ended,
    write: (text) => child.stdin?.write(text),
    kill: (signal) => child.kill(signal),
    said: () => said,
  }
}

const partials = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.includes('.partial-'))

/** All outputs are open, so signals are seen; so many bytes of records came. */
function isWriting(folder: string, name: string, bytes = 0): boolean {
  return partials(folder).some((file) => file.startsWith(name) && statSync(`${folder}/${file}`).size >= bytes)
}

/** So that it takes no byte more. */
function fill(fifo: string): void {
  const writer = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    for (const bytes of [4096, 1]) for (;;) if (!takes(writer, Buffer.alloc(bytes))) break
  } finally {
    closeSync(writer)
  }
}

function takes(fd: number, bytes: Buffer): boolean {
  try {
    return writeSync(fd, bytes) > 0
  } catch {
    return false
  }
}

/** A process has a handler for a signal, as Linux tells. */
function catches(pid: number, signal: number): boolean {
  const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (BigInt(`0x${caught}`) & (1n << BigInt(signal - 1))) !== 0n
}

const reportIn = (folder: string): Record<string, unknown> => JSON.parse(readFileSync(`${folder}/r`, 'utf8'))

function inputNames({ inputs }: Record<string, unknown>): string {
  return Array.isArray(inputs) ? inputs.map(({ path }) => basename(String(path))).join(' ') : ''
}

describe.each(SIGNALS)('%s (%i) to %s', (signal, status, _to, start) => {
  it('while FILEs are read ends the run: outputs are what they were, the report says why', async () => {
    const folder = prepared()
    // The second one is never opened: nobody writes to it.
    const { kill, ended, said } = await start(folder, [
      'in',
      'fifo',
      '-o',
      'prev',
      '--quarantine',
      'q',
      '--report',
      'r',
    ])
    await until(() => isWriting(folder, 'prev', TWO_DROPS.length))
    kill(signal)
    expect(await ended).toBe(signal)
    expect(readFileSync(`${folder}/prev`, 'utf8')).toBe('of yesterday\n')
    expect(readdirSync(folder)).toEqual(['fifo', 'in', 'prev', 'r'])
    const report = reportIn(folder)
    expect(report).toMatchObject({ status, interrupted: signal })
    // The signal may come before the second one is begun.
    expect(['in', 'in fifo']).toContain(inputNames(report))
    expect(said()).toContain(`tracenorm: interrupted by ${signal}: not all was read\n`)
    expect(said()).toContain('tracenorm: -o prev is left as it was')
  })

  it('on a live pipe that is silent then finishes what came, and tells the caller', async () => {
    const folder = prepared()
    const { write, kill, ended, said } = await start(folder, ['-o', 'prev', '--report', 'r'])
    write(TWO_DROPS)
    await until(() => isWriting(folder, 'prev', TWO_DROPS.length))
    kill(signal)
    expect(await ended).toBe(signal)
    expect(recordsIn(readFileSync(`${folder}/prev`))).toHaveLength(2)
    expect(reportIn(folder)).toMatchObject({ status, interrupted: signal })
    expect(said()).toContain(`interrupted by ${signal}: what came until the pipe was silent was read`)
  })

  it('a second time ends at once, and leaves nothing behind', async () => {
    const folder = prepared()
    const { kill, ended, said } = await start(folder, ['-o', 'prev', '--report', 'r'])
    await until(() => isWriting(folder, 'prev'))
    kill(signal)
    await until(() => said().includes('a second signal ends at once'))
    kill(signal)
    expect(await ended).toBe(signal)
    expect(readdirSync(folder)).toEqual(['fifo', 'in', 'prev'])
    expect(readFileSync(`${folder}/prev`, 'utf8')).toBe('of yesterday\n')
  })
})

describe('the first signal ends', () => {
  it('what waits for a reader of its output', async () => {
    const folder = prepared()
    const { kill, ended } = run(folder, ['in', '--report', 'r', '-o', 'fifo'])
    // The report is opened first; nobody opens the FIFO.
    await until(() => isWriting(folder, 'r'))
    kill('SIGTERM')
    expect(await ended).toBe('SIGTERM')
    expect(readdirSync(folder)).toEqual(['fifo', 'in', 'prev'])
  })

  it('what writes to a reader that has stopped', async () => {
    const folder = prepared()
    writeFileSync(`${folder}/in`, Array.from({ length: 20_000 }, (_, index) => dropLine(index)).join(''))
    const reader = openSync(`${folder}/fifo`, constants.O_RDONLY | constants.O_NONBLOCK)
    const writer = openSync(`${folder}/fifo`, 'w')
    const { kill, ended } = run(folder, ['in', '--report', 'r', '--quarantine', 'q'], writer)
    closeSync(writer)
    await until(() => isWriting(folder, 'q'))
    kill('SIGTERM')
    expect(await ended).toBe('SIGTERM')
    closeSync(reader)
    expect(reportIn(folder)).toMatchObject({ status: 143, interrupted: 'SIGTERM' })
    expect(readdirSync(folder)).toEqual(['fifo', 'in', 'prev', 'r'])
  })

  it.runIf(existsSync('/proc/self/status'))(
    'what answers to a reader that has stopped, and reads stderr, too',
    async () => {
      const folder = prepared()
      const reader = openSync(`${folder}/fifo`, constants.O_RDONLY | constants.O_NONBLOCK)
      fill(`${folder}/fifo`)
      const writer = openSync(`${folder}/fifo`, 'w')
      const child = spawn(process.execPath, [MAIN, 'reasons', 'list'], { stdio: ['ignore', writer, writer] })
      const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)))
      closeSync(writer)
      await until(() => catches(child.pid ?? 0, 15))
      child.kill('SIGTERM')
      expect(await ended).toBe('SIGTERM')
      closeSync(reader)
    },
  )

  it('what reads a long file, whatever outputs it has', async () => {
    const folder = prepared()
    writeFileSync(`${folder}/long`, dropLine(0).repeat(200_000))
    const { kill, ended } = run(folder, ['long', '-o', 'prev', '--quarantine', 'q', '--report', 'r', '-q'])
    await until(() => isWriting(folder, 'prev', 1))
    kill('SIGTERM')
    expect(await ended).toBe('SIGTERM')
    expect(readFileSync(`${folder}/prev`, 'utf8')).toBe('of yesterday\n')
    expect(reportIn(folder)).toMatchObject({ status: 143, interrupted: 'SIGTERM' })
  })

  it('what works at an expression', async () => {
    const folder = prepared()
    const lines = Array.from({ length: 5_000 }, (_, index) => dropLine(index)).join('')
    writeFileSync(`${folder}/in`, lines)
    const ten = '[0,1,2,3,4,5,6,7,8,9]'
    const slow = `${ten}.all(a, ${ten}.all(b, ${ten}.all(c, ${ten}.all(d, a + b + c + d + skb.protocol > 0))))`
    const { kill, ended, said } = run(folder, ['in', '-o', 'prev', '--report', 'r', '--where', slow])
    await until(() => isWriting(folder, 'prev'))
    kill('SIGTERM')
    expect([await ended, said()]).toEqual(['SIGTERM', expect.stringContaining('interrupted by SIGTERM')])
    expect(readFileSync(`${folder}/prev`, 'utf8')).toBe('of yesterday\n')
  })
})

describe('Ctrl-C on a pipeline', () => {
  /** Prints its last lines when it is interrupted, as perf, bpftrace and dropwatch do. */
  const PRODUCER = `trap 'cat last; exit 0' INT
cat first
touch told
while :; do sleep 60; done`

  async function interrupted(words: string): Promise<{ folder: string; stdout: string; stderr: string }> {
    const folder = prepared()
    writeFileSync(`${folder}/first`, TWO_DROPS)
    writeFileSync(`${folder}/last`, dropLine(1) + dropLine(2) + dropLine(3))
    writeFileSync(`${folder}/producer`, PRODUCER)
    const pipeline = `trap : INT; sh producer | "$0" "$1" ${words} --report r; echo "status $?" >&2`
    const shell = spawn('sh', ['-c', pipeline, process.execPath, MAIN], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const heard = { stdout: '', stderr: '' }
    shell.stdout.on('data', (chunk) => {
      heard.stdout += chunk
    })
    shell.stderr.on('data', (chunk) => {
      heard.stderr += chunk
    })
    const ended = new Promise((resolve) => shell.on('close', resolve))
    await until(() => readdirSync(folder).includes('told') && isWriting(folder, 'r'))
    // To all of the process group, as a terminal does.
    process.kill(-(shell.pid ?? 0), 'SIGINT')
    await ended
    return { folder, ...heard }
  }

  it('loses no line: the tools print their last ones after it', async () => {
    const { folder, stdout, stderr } = await interrupted('')
    expect(recordsIn(Buffer.from(stdout))).toHaveLength(5)
    expect(stderr).toContain('SIGINT: the pipe is read to its end')
    expect(stderr).toContain('5 records (5 drop)')
    // All was read: the run is one as any other.
    expect(stderr).toContain('status 0')
    expect(reportIn(folder)).toMatchObject({ status: 0, totals: { dropped: 5, units: { unread: { bytes: 0 } } } })
    expect(reportIn(folder)).not.toHaveProperty('interrupted')
  })

  it('leaves the summary of all', async () => {
    const { stdout } = await interrupted('summary')
    expect(stdout).toMatch(/\b5 packets\b/)
  })

  it('leaves the output of all', async () => {
    const { folder } = await interrupted('-o out')
    expect(recordsIn(readFileSync(`${folder}/out`))).toHaveLength(5)
  })
})
