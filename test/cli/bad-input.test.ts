import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomOf } from '../kit/random.ts'
import { dropLine, NO_EVENT, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()

/** Lines on stderr but for the summary. */
const said = (stderr: string): readonly string[] =>
  stderr.split('\n').filter((line) => line !== '' && !/^tracenorm: \d+ records?\b/.test(line))

function file(name: string, bytes: string | Uint8Array): string {
  writeFileSync(scratch.in(name), bytes, 'latin1')
  return scratch.in(name)
}

describe('an input that is not what it should be', () => {
  it('may be cut off within a line: what came is converted, the rest counted', async () => {
    const { status, records, stderr } = await tracenorm([file('cut', TWO_DROPS.slice(0, -110))])
    expect(records.map(({ kind }) => kind)).toEqual(['drop', 'drop'].slice(0, records.length))
    expect(records[0]?.flags).toBeUndefined()
    expect([0, 3]).toContain(status)
    expect(stderr).toMatch(/^tracenorm: \d+ records? /m)
  })

  it('may end within the head of a record: rejected as truncated', async () => {
    const { status, records, stderr } = await tracenorm([file('head', `${TWO_DROPS}${dropLine(1).slice(0, 55)}`)])
    expect(records).toHaveLength(2)
    expect(status).toBe(3)
    expect(stderr).toMatch(/line 3, column \d+: /)
  })

  it('may be binary: foreign, and most of it not understood', async () => {
    const { status, records, stderr } = await tracenorm([file('binary', randomOf(3).bytes(200_000))])
    expect(records).toEqual([])
    expect(status).toBe(3)
    const [hint, summary, ...rest] = stderr.trimEnd().split('\n')
    expect(hint).toMatch(/: line \d+, ".*", is nothing that a reader knows; /)
    expect(summary).toContain('most of the input was not understood')
    expect(rest).toEqual([])
  })

  it('may be NUL bytes without a line', async () => {
    const { status } = await tracenorm([file('nul', Buffer.alloc(300_000))])
    expect(status).toBe(3)
  })

  it('may be empty', async () => {
    const { status, stdout, stderr } = await tracenorm([file('empty', '')])
    expect([status, stdout.length, said(stderr)]).toEqual([0, 0, []])
    expect((await tracenorm([])).status).toBe(0)
  })

  it.each(['perf', 'bpftrace', 'dropwatch', 'tracenorm'])(
    'may begin with a line over 1 MiB where --from %s names the reader',
    async (name) => {
      const { status, stderr } = await tracenorm([`--from=${name}`, file('long-first', `${'x'.repeat(1_100_102)}\n`)])
      expect(status).toBe(3)
      expect(stderr).toContain('line 1, column 1: longer than 1 MiB')
    },
  )

  it('may be missing: one line on stderr, status 1, and the other file is converted', async () => {
    const { status, records, stderr } = await tracenorm(['-q', scratch.in('nowhere'), file('here', TWO_DROPS)])
    expect(status).toBe(1)
    expect(records).toHaveLength(2)
    expect(stderr).toBe(`tracenorm: ${scratch.in('nowhere')}: no such file\n`)
  })

  it('may be a directory', async () => {
    mkdirSync(scratch.in('folder'))
    const { status, stderr } = await tracenorm([scratch.in('folder')])
    expect(status).toBe(1)
    expect(said(stderr)).toEqual([`tracenorm: ${scratch.in('folder')}: is a directory; name the files in it`])
  })
})

describe('a packed input', () => {
  it('is gunzipped whatever its name is, from a file and from stdin', async () => {
    const packed = gzipSync(TWO_DROPS)
    expect((await tracenorm([file('packed.txt', packed)])).records).toHaveLength(2)
    expect((await tracenorm([], { input: packed })).records).toHaveLength(2)
  })

  it('may have several gzip members', async () => {
    const packed = Buffer.concat([gzipSync(TWO_DROPS), gzipSync(dropLine(1))])
    expect((await tracenorm([file('members.gz', packed)])).records).toHaveLength(3)
  })

  it('that ends early gives what came, and status 1', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => dropLine(index * 7919)).join('')
    const packed = gzipSync(lines)
    const { status, records, stderr } = await tracenorm([file('cut.gz', packed.subarray(0, packed.length / 2))])
    expect(status).toBe(1)
    expect(records.length).toBeGreaterThan(100)
    expect(stderr).toMatch(/cut\.gz: broken gzip: /)
  })
})

describe('the exit status', () => {
  const cases: readonly [string, readonly string[], string, number][] = [
    ['wrong usage goes before all', ['--on-reject', 'perhaps', 'nowhere'], '', 2],
    ['a missing file before what was rejected', ['-', 'nowhere'], NO_EVENT, 1],
    ['a missing file before a stop', ['nowhere', '-', '--on-reject', 'fail'], NO_EVENT, 1],
    ['a stop before what was rejected', ['--max-rejects', '1', '--from', 'tracenorm'], NO_EVENT.repeat(3), 4],
    ['a first reject that fails', ['--on-reject', 'fail', '--from', 'tracenorm'], NO_EVENT, 4],
    ['a reject', ['--from', 'tracenorm'], NO_EVENT, 3],
    ['as many rejects as allowed', ['--max-rejects', '3', '--from', 'tracenorm'], NO_EVENT.repeat(3), 3],
    ['half of the lines foreign', [], `${TWO_DROPS}hello\nworld\n`, 3],
    ['fewer than half of the lines foreign', [], `${TWO_DROPS}hello\n`, 0],
    ['a reject that is ignored', ['--on-reject', 'ignore', '--from', 'tracenorm'], NO_EVENT, 0],
    ['all understood', [], TWO_DROPS, 0],
    ['an unknown reader', ['--from', 'tcpdump'], '', 2],
    ['an unknown flag', ['--nonsense'], '', 2],
    ['--id on stdin without a salt', ['--id'], TWO_DROPS, 2],
  ]
  it.each(cases)('%s', async (_title, words, input, status) => {
    const run = await tracenorm(words, { input, cwd: scratch.path })
    expect(run.status).toBe(status)
    expect(run.stderr).not.toContain('    at ')
  })
})

it.each([
  ['-o', 'out.ndjson', '--quarantine', 'nowhere/q'],
  ['--quarantine', 'q', '-o', 'nowhere/out.ndjson'],
])('outputs of which one cannot be opened (%s %s %s %s) leave nothing behind', async (...words) => {
  const folder = scratch.in(`outputs${words[1]}`)
  mkdirSync(folder)
  const args = words.map((word) => (word.startsWith('-') ? word : `${folder}/${word}`))
  expect((await tracenorm([...args, file('good', TWO_DROPS)])).status).toBe(1)
  expect(readdirSync(folder)).toEqual([])
})
