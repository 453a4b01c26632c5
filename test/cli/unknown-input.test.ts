import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()
const RECORDING = '\x17\x08Dtracing7\0'
const TCPDUMP = '12:07:54.459011 lo    In  IP 127.0.0.1.43572 > 127.0.0.1.443: Flags [S], seq 1, length 0\n'

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(scratch.in(name), content)
  return scratch.in(name)
}

describe('content that no reader reads', () => {
  it('is refused by its name, with the next step, and nothing is made of it', async () => {
    const recording = file('trace.dat', RECORDING + TWO_DROPS)
    const run = await tracenorm([recording])
    expect([run.status, run.stdout.length]).toEqual([1, 0])
    expect(run.stderr).toContain(
      `tracenorm: ${recording}: trace.dat, a recording of trace-cmd, is not read; give what trace-cmd report prints of it\n`,
    )
  })

  it('is found within gzip, and on a pipe that gives a byte at a time', async () => {
    const run = await tracenorm([file('trace.dat.gz', gzipSync(RECORDING))])
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('trace-cmd report')
    const bytes = [...RECORDING].map((byte) => Buffer.from(byte))
    const piped = await tracenorm([], { input: bytes })
    expect([piped.status, piped.stderr.includes('trace-cmd report')]).toEqual([1, true])
  })

  it('does not keep the other files from being read', async () => {
    const good = file('good.txt', TWO_DROPS)
    const run = await tracenorm([file('wide.txt', Buffer.from(`\ufeff${TWO_DROPS}`, 'utf16le')), good])
    expect([run.status, run.records.length]).toEqual([1, 2])
    expect(run.stderr).toContain('text in UTF-16 is not read; iconv -f UTF-16 -t UTF-8 ')
  })

  it('gzip is found though its first byte comes alone', async () => {
    const packed = gzipSync(TWO_DROPS)
    const run = await tracenorm([], { input: [packed.subarray(0, 1), packed.subarray(1, 2), packed.subarray(2)] })
    expect([run.status, run.records.length]).toEqual([0, 2])
  })
})

describe('text that no reader reads', () => {
  it('is told by its first line, where it stands, and the next step', async () => {
    const notes = file('notes.txt', '\n\nto do: buy milk\nand bread\n')
    const { status, stderr } = await tracenorm([notes])
    expect(status).toBe(3)
    expect(stderr).toContain(`tracenorm: ${notes}: line 3, "to do: buy milk", is nothing that a reader knows; `)
    expect(stderr).toContain('--program FILE.bt')
    expect(stderr).toContain('--perf-fields LIST')
  })

  it('is called by its name', async () => {
    const { status, stderr } = await tracenorm([], { input: TCPDUMP })
    expect(status).toBe(3)
    expect(stderr).toContain('looks like the text of tcpdump, which is not read; ')
  })

  it('is called by its name where it is quoted, too', async () => {
    const { stderr } = await tracenorm([], { input: TCPDUMP.replaceAll(/^/gm, '>> ') })
    expect(stderr).toContain('looks like the text of tcpdump, which is not read; ')
  })

  it('is not told of where a reader understood the most', async () => {
    const { stderr } = await tracenorm([], { input: `${TWO_DROPS}${TWO_DROPS}to do: buy milk\n` })
    expect(stderr).not.toContain('nothing that a reader knows')
  })
})

describe('detect', () => {
  it('says of each file what it looks like, and goes on', async () => {
    const files = [
      file('trace.dat', RECORDING),
      file('zstd.txt', '\x28'),
      file('x.lz4', Buffer.from('\x04"M\x18', 'latin1')),
      file('trace.txt', TCPDUMP),
      file('notes.txt', 'to do: buy milk\n'),
      file('good.txt', TWO_DROPS),
      file('empty.txt', ''),
    ]
    const { status, stdout, stderr } = await tracenorm(['detect', ...files])
    expect([status, stderr]).toEqual([3, ''])
    const said = stdout.toString('utf8').trimEnd().split('\n')
    expect(said).toHaveLength(files.length)
    expect(said[0]).toContain('trace.dat, a recording of trace-cmd, is not read; give what trace-cmd report')
    expect(said[2]).toContain('lz4 is not read; lz4 -dc ')
    expect(said[3]).toContain('line 1, "12:07:54.459011 lo')
    expect(said[3]).toContain('looks like the text of tcpdump')
    expect(said[4]).toContain('line 1, "to do: buy milk", is nothing that a reader knows; ')
    expect(said[5]).toContain('perf:script')
    expect(said[6]).toContain('there is no line in it')
  })

  it('has it in JSON, too, and status 1 only for what cannot be read', async () => {
    const { status, stdout, stderr } = await tracenorm([
      'detect',
      '--json',
      scratch.in('nowhere'),
      file('trace.txt', TCPDUMP),
    ])
    expect(status).toBe(1)
    expect(stderr).toContain('nowhere: no such file')
    expect(JSON.parse(stdout.toString('utf8'))).toMatchObject({ looks_like: 'the text of tcpdump' })
  })
})
