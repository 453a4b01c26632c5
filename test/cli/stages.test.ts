// Filters, tables and summaries as people use them: one process or several, the same bytes.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { columns } from '../../src/event/generated/columns.ts'
import { readCases } from '../kit/harness.ts'
import { MAIN, spawned } from './processes.ts'
import { dropLine, EVENT, NO_EVENT, type Run, root, scratchFolder, tracenorm } from './program.ts'

const scratch = scratchFolder()
const CURL = join(root, 'fixtures/perf/script/seed-curl/input.txt')
const CAPTURES = readCases().map(({ folder, input }) => {
  const name = ['input.txt', 'input.ndjson', 'input.json', 'input.txt.gz'].find((file) =>
    existsSync(join(folder, file)),
  )
  return name === undefined ? { path: join(folder, 'input'), input } : { path: join(folder, name), input }
})
const PATHS = CAPTURES.map(({ path }) => path).filter((path) => existsSync(path))

const EXPRESSIONS = [
  '!(skb.len > 80) && process.comm != "swapper"',
  'stack.exists(f, has(f.offset)) || args.exists(k, true) || size(flags) > 0',
]

describe('in several processes and in one the bytes are the same', () => {
  let all: Run

  beforeAll(async () => {
    all = await tracenorm(['--kind', 'all', '-q', ...PATHS])
    expect(all.stdout.length).toBeGreaterThan(10_000)
  })

  it.each(EXPRESSIONS)('filtered: %s', async (expression) => {
    const filtered = await tracenorm(['filter', expression, '-q'], { input: all.stdout })
    expect(filtered.status).toBe(0)
    const inOne = await tracenorm(['--kind', 'all', '-q', '--where', expression, ...PATHS])
    expect(filtered.stdout.equals(inOne.stdout)).toBe(true)
    expect(filtered.stdout.length).toBeGreaterThan(0)
  })

  it('filtered, selected and as a table', async () => {
    const [expression = ''] = EXPRESSIONS
    const filtered = await tracenorm(['filter', expression, '-q'], { input: all.stdout })
    const table = await tracenorm(['export', '--to', 'csv', '-q'], { input: filtered.stdout })
    const tableInOne = await tracenorm(['--kind', 'all', '-q', '--where', expression, '--to', 'csv', ...PATHS])
    expect(table.stdout.equals(tableInOne.stdout)).toBe(true)

    const select = ['--select', 'ts,clock.ns,drop,process.comm,flags,args']
    const selected = await tracenorm(['filter', expression, '-q', ...select], { input: all.stdout })
    const selectedInOne = await tracenorm(['--kind', 'all', '-q', '--where', expression, ...select, ...PATHS])
    expect(selected.stdout.equals(selectedInOne.stdout)).toBe(true)
    expect((await tracenorm(['validate', '-q'], { input: selected.stdout })).status).toBe(0)
  })

  it('sampled and limited', async () => {
    const lines = Array.from({ length: 50 }, (_, at) => dropLine(at)).join('')
    const converted = await tracenorm(['-q'], { input: lines })
    for (const flags of [
      ['--sample', '1/7'],
      ['--sample', '1/4', '--limit', '5'],
      ['--pid', '10003', '--pid', '10004'],
    ]) {
      const filtered = await tracenorm(['filter', 'drop.count == 1', '-q', ...flags], { input: converted.stdout })
      const inOne = await tracenorm(['-q', ...flags], { input: lines })
      expect(filtered.stdout.toString()).toBe(inOne.stdout.toString())
      expect(inOne.records.length).toBeGreaterThan(1)
    }
  })
})

describe('a table of every fixture', () => {
  it('has in every cell what the record has', async () => {
    const { records } = await tracenorm(['--kind', 'all', '-q', ...PATHS])
    const table = await tracenorm(['--kind', 'all', '-q', '--to', 'csv', ...PATHS])
    const rows: readonly (readonly (string | undefined)[])[] = parse(table.stdout, {
      cast: (text, { quoting }) => (text === '' && !quoting ? undefined : text),
      from_line: 2,
    })
    expect(rows).toHaveLength(records.length)
    for (const [at, row] of rows.entries()) {
      for (const [place, { name, type }] of columns.entries()) {
        const cell = row[place]
        const expected = name.split('.').reduce((value: unknown, key) => valueOfKey(value, key), records[at])
        const value = cell === undefined || type === 'string' ? cell : JSON.parse(cell)
        if (value !== expected && JSON.stringify(value) !== JSON.stringify(expected))
          expect(value, `row ${at}, ${name}`).toEqual(expected)
      }
    }
  })

  it('has a schema beside it when asked', async () => {
    const out = scratch.in('drops.csv')
    const schema = scratch.in('drops.schema.json')
    const words = [CURL, '--to', 'csv', '--columns', 'drop.reason,cpu', '--table-schema', schema, '-o', out, '-q']
    expect((await tracenorm(words)).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toBe('drop.reason,cpu\r\nNO_SOCKET,1\r\nNO_SOCKET,1\r\n')
    expect(JSON.parse(readFileSync(schema, 'utf8')).fields.map(({ name }: { readonly name: string }) => name)).toEqual([
      'drop.reason',
      'cpu',
    ])
  })
})

describe('an output that cannot be written', () => {
  it('leaves nothing of the other one behind', async () => {
    const folder = scratch.in('outputs')
    mkdirSync(folder)
    const words = ['export', '-o', join(folder, 'a.csv'), '--table-schema', join(folder, 'nowhere/a.json'), '-q']
    expect((await tracenorm(words, { input: EVENT })).status).toBe(1)
    expect(readdirSync(folder)).toEqual([])
  })
})

function valueOfKey(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined
}

describe('wrong usage is told in one line, before anything is read', () => {
  it.each([
    [['filter', 'drop.reasn == "X"'], 'tracenorm: expression: column 6: no field drop.reasn; near: drop.reason\n'],
    [
      ['filter', 'true', '--where', 'drop.reasn == "X"'],
      'tracenorm: --where: column 6: no field drop.reasn; near: drop.reason\n',
    ],
    [['--where', 'drop.count == "1"'], 'tracenorm: --where: column 1: int == string: these types do not go together\n'],
    [['--select', 'comm'], 'tracenorm: --select: no field "comm"; near: process.comm\n'],
    [['--since', 'noon'], 'tracenorm: --since noon: this is not a time; a time is UTC or has an offset'],
    [['--sample', '3'], 'tracenorm: --sample 3: a sample is 1/N; such as 1/100, the first of every hundred\n'],
    [['--to', 'csv', '--columns', 'comm'], 'tracenorm: --columns: no field "comm"; near: process.comm\n'],
    [['--columns', 'cpu'], 'tracenorm: --columns is for tables; give --to csv; for NDJSON use --select\n'],
    [['--csv-safe'], 'tracenorm: --csv-safe is for tables; give --to csv\n'],
    [['--no-header'], 'tracenorm: --no-header is for tables; give --to csv\n'],
    [['filter', 'true', '--delimiter', ';'], 'tracenorm: --delimiter is for tables; give --to csv\n'],
    [['export', '--to', 'ndjson', '--bom'], 'tracenorm: --bom is for tables; give --to csv\n'],
    [['--table-schema', 'x.json'], 'tracenorm: --table-schema is for tables; give --to csv\n'],
    [['export', '-o', 'x.csv', '--table-schema', 'x.csv'], 'tracenorm: --table-schema and -o are one file: x.csv'],
    [['summary', '--by', 'comm'], 'tracenorm: --by: no field "comm"; near: process.comm\n'],
  ])('%j', async (words, message) => {
    const { status, stderr, stdout } = await tracenorm([...words, 'no-such-file'])
    expect([status, stdout.toString()]).toEqual([2, ''])
    expect(stderr.startsWith(message)).toBe(true)
    expect(stderr.trimEnd()).not.toContain('\n')
  })
})

describe('NDJSON that is not ours', () => {
  it('is rejected with line and reason, and the rest goes on', async () => {
    const input = `${EVENT}{"level":30,"msg":"hello"}\nplain text\n${NO_EVENT}${EVENT}`
    for (const words of [
      ['filter', 'v == 1'],
      ['export', '--to', 'csv', '--columns', 'kind', '--no-header'],
    ]) {
      const { status, stderr, stdout } = await tracenorm(words, { input })
      expect(status).toBe(3)
      expect(stdout.toString().replace(/\r/g, '')).toBe(words[0] === 'filter' ? EVENT + EVENT : 'trace\ntrace\n')
      expect(stderr).toContain('stdin: line 2, column 1: no event of tracenorm: it has no "v"\n')
      expect(stderr).toContain('stdin: line 3, column 1: no JSON: ')
      expect(stderr).toContain('stdin: line 4, column 1: drop is missing\n')
      expect(stderr).toContain('3 rejected')
    }
  })
})

describe('a line of more than 1 MiB', () => {
  it('is rejected, also as the first, and the rest goes on', async () => {
    const input = `{"v":1,"message":"${'x'.repeat(1_100_000)}"}\n${EVENT}`
    const { status, stdout, stderr } = await tracenorm(['filter', 'true'], { input })
    expect([status, stdout.toString()]).toEqual([3, EVENT])
    expect(stderr).toContain('stdin: line 1, column 1: ')
  })
})

describe('a limit', () => {
  it('leaves the rest of the input unread, and says so', async () => {
    const report = scratch.in('limit.json')
    const input = Array.from({ length: 5000 }, (_, at) => dropLine(at)).join('')
    const { records, status } = await tracenorm(['--limit', '2', '--report', report, '-q'], { input })
    expect([status, records.length]).toEqual([0, 2])
    const { totals } = JSON.parse(readFileSync(report, 'utf8'))
    expect(totals.records.written).toBe(2)
    expect(totals.units.unread.bytes).toBeGreaterThan(0)
  })
})

describe('summary', () => {
  it('says the same of a capture and of its records', async () => {
    const records = await tracenorm([CURL, '-q'])
    const ofCapture = await tracenorm(['summary', CURL, '-q'])
    const ofRecords = await tracenorm(['summary', '-q'], { input: records.stdout })
    expect(ofCapture.status).toBe(0)
    expect(ofRecords.stdout.toString()).toBe(ofCapture.stdout.toString())
    const text = ofCapture.stdout.toString()
    expect(text).toMatch(/^2 packets dropped\n2 records: 2 drop\n/)
    expect(text).toMatch(/NO_SOCKET +2 +100.0 {2}A packet/)
    expect(text).not.toContain('\x1b')
  })

  it('keeps to the width of a terminal, with colours unless NO_COLOR says none', ({ skip }) => {
    if (spawnSync('script', ['--version']).status !== 0) return skip('no script(1), which gives a terminal')
    const command = `'${process.execPath}' '${MAIN}' summary '${CURL}' --by drop.reason,cpu -q`
    const onTerminal = (variables: string): string =>
      spawnSync('script', ['-qec', `${variables} ${command}`, '/dev/null'], { encoding: 'utf8' }).stdout
    const plain = onTerminal('TERM=xterm COLUMNS=32 NO_COLOR=1')
    expect(plain).toContain('2 packets dropped')
    expect(plain).not.toContain('\x1b')
    expect(Math.max(...plain.split(/\r?\n/).map((line) => line.length))).toBeLessThanOrEqual(32)
    const wide = onTerminal('TERM=xterm COLUMNS=200')
    expect(wide).toContain('\x1b[1m2 packets dropped\x1b[22m')
    expect(wide).toContain('A packet for this host')
  })

  it('is a document with --json, and counts together what --by asks for', async () => {
    const { stdout } = await tracenorm(['summary', CURL, '--json', '--by', 'drop.reason,cpu', '--top', '1', '-q'])
    expect(JSON.parse(stdout.toString())).toMatchObject({
      v: 1,
      packets: 2,
      by: { fields: ['drop.reason', 'cpu'], top: [{ values: ['NO_SOCKET', 1], packets: 2, records: 2 }] },
      unread: { rejected: 0 },
    })
  })

  it('says what was not read, with status 3', async () => {
    const { status, stdout } = await tracenorm(['summary', '-q'], { input: `${EVENT}{"v":1}\n` })
    expect(status).toBe(3)
    expect(stdout.toString()).toContain('not read\n  1 unit was rejected\n')
  })

  it('equals what is known of a million events', { timeout: 240_000 }, async ({ skip }) => {
    const folder = resolve(root, process.env.TRACENORM_CORPUS ?? '../shared', 'corpus-big/perf6.12-million')
    if (!existsSync(folder)) return skip('no corpus-big in TRACENORM_CORPUS')
    const capture = scratch.in('million.txt')
    try {
      execFileSync('zstd', ['-dqf', join(folder, 'perf-script.txt.zst'), '-o', capture])
    } catch {
      return skip('no zstd')
    }
    const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'))
    const { stdout } = await spawned(['summary', capture, '--json', '-q'])
    const { packets, drops } = JSON.parse(stdout.toString())
    expect(packets).toBe(meta.expected_event_count)
    const counts = drops.reasons.top.map(({ value, packets: count }: { value: string; packets: number }) => [
      value,
      count,
    ])
    expect(Object.fromEntries(counts)).toEqual(meta.expected.kfree_skb_by_reason['perf.data'])
  })
})

describe('compressed captures', () => {
  it('are read by summary and filter as by convert', async () => {
    const packed = scratch.in('curl.txt.gz')
    writeFileSync(packed, gzipSync(readFileSync(CURL)))
    const { stdout } = await tracenorm(['summary', packed, '--json', '-q'])
    expect(JSON.parse(stdout.toString()).packets).toBe(2)
  })
})
