// At most 128 MiB resident, whatever comes and however much of it: the built program's own peak.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { MAIN, measuring, peakMiB, spawned } from './processes.ts'
import { dropLine, EVENT, root, scratchFolder, TWO_DROPS } from './program.ts'

const MOST_MIB = 128
/** Some runs take seconds of CPU, and a loaded machine makes minutes of them. */
const TIMEOUT_MS = 240_000

const scratch = scratchFolder()
const DROPWATCH = '1 drops at tcp_v4_rcv+91 (0xffffffff81e42e50) [software]\n'

function file(name: string, bytes: string | Uint8Array): string {
  writeFileSync(scratch.in(name), bytes, 'latin1')
  return scratch.in(name)
}

/** Pieces of `lines` lines each, as a pipe brings them. */
function* pieces(count: number, lines: number, line: (index: number) => string): Generator<Buffer> {
  for (let piece = 0; piece < count; piece++)
    yield Buffer.from(Array.from({ length: lines }, (_, at) => line(piece * lines + at)).join(''))
}

/** 40 MB without a line end. */
function* endless(before: string, behind = ''): Generator<Buffer> {
  yield Buffer.from(before)
  const piece = Buffer.alloc(1_000_000, 'x')
  for (let count = 0; count < 40; count++) yield piece
  yield Buffer.from(behind)
}

interface Case {
  readonly words: () => readonly string[]
  readonly input?: () => Iterable<Buffer>
  readonly status: number
}

const cases: Readonly<Record<string, Case>> = {
  'no two lines that share a value': {
    words: () => ['-q', '-o', '/dev/null'],
    input: () => pieces(15, 10_000, uniqueLine),
    status: 0,
  },
  'lines of two tools in turns': {
    words: () => ['-q', '-o', '/dev/null', '--report', scratch.in('turns.json')],
    input: () => pieces(10, 2_000, (index) => (index % 2 === 0 ? dropLine(index) : DROPWATCH)),
    status: 0,
  },
  'reasons that are all other numbers': {
    words: () => ['-q', '-o', '/dev/null', '--report', scratch.in('codes.json')],
    input: () => pieces(25, 4_000, (index) => dropLine(index).replace('NO_SOCKET', `0x${(index + 1000).toString(16)}`)),
    status: 0,
  },
  '5,000 files, with a report of each': {
    words: () => [
      '-q',
      '-o',
      '/dev/null',
      '--report',
      scratch.in('many.json'),
      ...Array(5_000).fill(file('one', dropLine(1))),
    ],
    status: 0,
  },
  'an endless line to filter': { words: () => ['filter', 'true', '-q'], input: () => endless(EVENT), status: 3 },
  'an endless line to validate': { words: () => ['validate', '-q'], input: () => endless(EVENT), status: 5 },
  'an endless line to detect': { words: () => ['detect'], input: () => endless(''), status: 3 },
  'an endless line to summary': { words: () => ['summary', '-q'], input: () => endless(TWO_DROPS), status: 3 },
  'a bomb for --reasons': { words: () => ['--reasons', bomb(' ')], status: 1 },
  'a bomb of JSON for --reasons': { words: () => ['--reasons', bomb('{"a":[],', 23_000_000)], status: 2 },
  'a bomb of C for --reasons': { words: () => ['--reasons', bomb('enum x_drop_reason {', 8_000_000)], status: 2 },
  'a bomb for --snapshot': { words: () => ['--snapshot', bomb('[')], status: 1 },
  'a bomb for --program': { words: () => ['--program', bomb('BEGIN { printf("%s", 1); } ')], status: 1 },
}

it.each(Object.entries(cases))('%s', { timeout: TIMEOUT_MS }, async (title, { words, input, status }) => {
  const rss = scratch.in(title)
  const run = await spawned(words(), { ...(input && { input: input() }), env: measuring(rss) })
  expect(run.stderr).not.toContain('    at ')
  expect(run.status).toBe(status)
  expect(peakMiB(rss)).toBeLessThan(MOST_MIB)
})

it('an endless line to convert is rejected piecewise, and the next line is read', { timeout: TIMEOUT_MS }, async () => {
  const report = scratch.in('long.json')
  const rss = scratch.in('long')
  const input = endless(TWO_DROPS, `\n${dropLine(7)}`)
  const { status, records, stderr } = await spawned(['--report', report], { input, env: measuring(rss) })
  expect(status).toBe(3)
  expect(peakMiB(rss)).toBeLessThan(MOST_MIB)
  expect(stderr).not.toContain('    at ')
  expect(records.map(({ capture }) => capture.line)).toEqual([1, 2, 4])
  expect(stderr).toContain('line 3, column 1: longer than 1 MiB')
  const { rejected } = JSON.parse(readFileSync(report, 'utf8')).totals.units
  expect(rejected).toEqual({ units: 39, bytes: 40_000_001 })
})

it.runIf(process.platform !== 'win32')('detect has one file open at a time', () => {
  const command = `ulimit -n 300; "$0" "$1" detect ${`${CURL} `.repeat(400)} | wc -l`
  const lines = execFileSync('bash', ['-c', command, process.execPath, MAIN], { encoding: 'utf8' })
  expect(Number(lines)).toBe(400)
})

const CURL = join(root, 'fixtures/perf/script/seed-curl/input.txt')

/** Packed it has some 100 KiB. */
function bomb(text: string, bytes = 40_000_000): string {
  return file(`${text.replaceAll(/\W/g, '')}.gz`, gzipSync(Buffer.alloc(bytes, text), { level: 1 }))
}

/** Every comm, TID, address and place is another one. */
function uniqueLine(index: number): string {
  const comm = `c${index.toString(36)}`.padStart(16)
  const tid = String(index + 10_000).padStart(7)
  return `${comm} ${tid} [001]  ${3466 + index}.000001: skb:kfree_skb: skbaddr=0xffff${(index * 999_983).toString(16).padStart(12, '8')} rx_sk=(nil) protocol=2048 location=f${index.toString(36)}+0x91 reason: NO_SOCKET\n`
}
