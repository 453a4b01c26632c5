import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAIN, until } from './processes.ts'
import { dropLine, recordsIn, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()

describe('stdout', () => {
  it('that nobody reads any more ends the run quietly, by SIGPIPE', () => {
    const capture = scratch.in('many.txt')
    writeFileSync(capture, Array.from({ length: 20_000 }, (_, index) => dropLine(index)).join(''))
    const script = `"${process.execPath}" "${MAIN}" "${capture}" 2>"${capture}.err" | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    const [first = '', status] = stdout.split('\n')
    expect(JSON.parse(first).kind).toBe('drop')
    expect(status).toBe('141')
    expect(readFileSync(`${capture}.err`, 'utf8')).toBe('')
  })

  it.each([[[]], [['-q']]])('on a full disk is an error in one line (%j)', async (words) => {
    const { status, stderr } = await tracenorm(words, { input: TWO_DROPS, to: '/dev/full' })
    expect(status).toBe(1)
    expect(stderr).toBe('tracenorm: stdout: cannot write: no space left on the device\n')
  })
})

describe('-o FILE', () => {
  it('holds what stdout would', async () => {
    const plain = await tracenorm([], { input: TWO_DROPS })
    const { status, stdout } = await tracenorm(['-o', scratch.in('a.ndjson')], { input: TWO_DROPS })
    expect([status, stdout.length]).toEqual([0, 0])
    expect(readFileSync(scratch.in('a.ndjson'))).toEqual(plain.stdout)
  })

  it('is compressed when it ends in .gz, and reads as input again', async () => {
    const plain = await tracenorm([], { input: TWO_DROPS })
    await tracenorm(['-o', scratch.in('a.ndjson.gz')], { input: TWO_DROPS })
    expect(gunzipSync(readFileSync(scratch.in('a.ndjson.gz')))).toEqual(plain.stdout)
    expect((await tracenorm([scratch.in('a.ndjson.gz')])).stdout).toEqual(plain.stdout)
  })

  it('has its name only when it is complete', async () => {
    const file = scratch.in('live.ndjson')
    writeFileSync(file, 'of yesterday\n')
    const child = spawn(process.execPath, [MAIN, '-q', '-o', file], { stdio: ['pipe', 'inherit', 'inherit'] })
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.stdin.write(TWO_DROPS)
    const beside = await partialOf('live.ndjson', TWO_DROPS.length / 2)
    expect(readFileSync(file, 'utf8')).toBe('of yesterday\n')
    child.stdin.end()
    expect(await ended).toBe(0)
    expect(recordsIn(readFileSync(file))).toHaveLength(2)
    expect(existsSync(beside)).toBe(false)
  })

  it('is finished when the pipe before it is interrupted', async () => {
    const file = scratch.in('interrupted.ndjson')
    const child = spawn(process.execPath, [MAIN, '-q', '-o', file], { stdio: ['pipe', 'inherit', 'inherit'] })
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.stdin.write(TWO_DROPS)
    await partialOf('interrupted.ndjson', TWO_DROPS.length / 2)
    child.kill('SIGINT')
    await ended
    // The caller knows of the interruption.
    expect(child.signalCode).toBe('SIGINT')
    expect(recordsIn(readFileSync(file))).toHaveLength(2)
  })

  it.each(['-o', '--report', '--quarantine'])('%s on a full disk is an error', async (flag) => {
    const broken = '{"v":1,"kind":"drop"}\n'
    const { status, stderr } = await tracenorm(['-q', '--from', 'tracenorm', flag, '/dev/full'], {
      input: flag === '-o' ? '{"v":1,"kind":"trace","capture":{"path":"x","line":1}}\n' : broken,
    })
    expect(status).toBe(1)
    expect(stderr).toBe('tracenorm: /dev/full: cannot write: no space left on the device\n')
  })

  it('in a folder that is not there is an error, and nothing stays behind', async () => {
    const { status, stderr } = await tracenorm(['-q', '-o', scratch.in('no/where')], { input: TWO_DROPS })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^tracenorm: .*no\/where: cannot write: [^\n]+\n$/)
  })

  it('leaves nothing behind when another output fails', async () => {
    const run = await tracenorm(['-q', '-o', scratch.in('kept'), '--quarantine', '/dev/full', '--from', 'tracenorm'], {
      input: '{"v":1,"kind":"drop"}\n',
    })
    expect(run.status).toBe(1)
    expect(readdirSync(scratch.path).filter((name) => name.startsWith('kept'))).toEqual([])
  })
})

/** The file that is being written beside `name`, once it holds so many bytes. */
async function partialOf(name: string, bytes: number): Promise<string> {
  const beside = (): string | undefined => readdirSync(scratch.path).find((other) => other.startsWith(`${name}.`))
  const length = (file: string | undefined): number => (file === undefined ? 0 : statSync(scratch.in(file)).size)
  await until(() => length(beside()) >= bytes)
  return scratch.in(beside() ?? '')
}
