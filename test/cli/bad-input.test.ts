import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomOf } from '../kit/random.ts'
import { dropLine, measuring, NO_EVENT, peakMiB, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

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

  it('may be one line of 100 MB: rejected piecewise in bounded memory, and the next line is read', async () => {
    const rss = scratch.in('rss-long')
    const piece = Buffer.alloc(1_000_000, 'x')
    const input = [Buffer.from(TWO_DROPS), ...Array.from({ length: 100 }, () => piece), Buffer.from(`\n${dropLine(7)}`)]
    const report = scratch.in('long.json')
    const { status, records, stderr } = await tracenorm(['--report', report], { input, env: measuring(rss) })
    expect(status).toBe(3)
    expect(records.map(({ capture }) => capture.line)).toEqual([1, 2, 4])
    expect(stderr).toContain('line 3, column 1: longer than 1 MiB')
    const { rejected } = JSON.parse(readFileSync(report, 'utf8')).totals.units
    expect(rejected).toEqual({ units: 96, bytes: 100_000_001 })
    expect(peakMiB(rss)).toBeLessThan(128)
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

  it.each([
    ['zst', '28b52ffd2458', 'zstd -dc'],
    ['xz', 'fd377a585a0000', 'xz -dc'],
    ['bz2', '425a6839314159', 'bzip2 -dc'],
  ])('.%s ends with the command that unpacks it', async (extension, magic, command) => {
    const path = file(`x.${extension}`, Buffer.from(magic, 'hex'))
    const { status, stderr } = await tracenorm([path])
    expect(status).toBe(1)
    expect(stderr).toContain(`${command} ${path} | tracenorm`)
  })
})

describe('memory', () => {
  it('is bounded where no two lines share a value', async () => {
    const rss = scratch.in('rss-unique')
    const input = Array.from({ length: 15 }, (_, block) =>
      Buffer.from(Array.from({ length: 10_000 }, (_, line) => uniqueLine(block * 10_000 + line)).join('')),
    )
    const report = scratch.in('unique.json')
    const { status } = await tracenorm(['-q', '-o', '/dev/null', '--report', report], { input, env: measuring(rss) })
    expect(status).toBe(0)
    expect(JSON.parse(readFileSync(report, 'utf8')).totals.dropped).toBe(150_000)
    expect(peakMiB(rss)).toBeLessThan(128)
  })
})

/** Every comm, TID, address and place is another one. */
function uniqueLine(index: number): string {
  const comm = `c${index.toString(36)}`.padStart(16)
  const tid = String(index + 10_000).padStart(7)
  return `${comm} ${tid} [001]  ${3466 + index}.000001: skb:kfree_skb: skbaddr=0xffff${(index * 999_983).toString(16).padStart(12, '8')} rx_sk=(nil) protocol=2048 location=f${index.toString(36)}+0x91 reason: NO_SOCKET\n`
}

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
