// Records as a Parquet file, which DuckDB reads back.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/program.ts'
import { loadParquetEngine } from '../../src/sinks/parquet/engine.ts'
import { EVENT, scratchFolder, TWO_DROPS, tracenorm } from '../cli/program.ts'
import { memoryIo } from '../io.ts'
import { type Database, openDuckDb } from '../platforms/duckdb.ts'
import { expectSame, ndjsonOf, sampleEvents } from '../platforms/events.ts'

const scratch = scratchFolder()
let database: Database
beforeAll(async () => {
  database = await openDuckDb()
})
afterAll(() => database.close())

describe('--to parquet', () => {
  it('gives every record back as it was, nanoseconds and 64 bits included', async () => {
    const events = sampleEvents()
    const path = scratch.in('all.parquet')
    const { status, stderr } = await tracenorm(['export', '-o', path], { input: ndjsonOf(events) })
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^tracenorm: \d+ records .*nothing rejected\n$/)])
    expectSame(await database.events(`'${path}'`), events)
  })

  it('has groups of about 20,000 rows in the order of the records, packed by zstd', async () => {
    const path = scratch.in('many.parquet')
    const lines = Array.from({ length: 50_000 }, (_, at) => EVENT.replace('"line":1', `"line":${at + 1}`))
    const { status } = await tracenorm(['export', '--to', 'parquet', '-o', path], { input: lines.join('') })
    expect(status).toBe(0)
    const [groups] = await database.rows(
      `SELECT count(DISTINCT row_group_id), max(row_group_num_rows), any_value(compression) FROM parquet_metadata('${path}')`,
    )
    const [[order] = []] = await database.rows(
      `SELECT count(*) FROM read_parquet('${path}', file_row_number = true) WHERE file_row_number + 1 <> capture.line`,
    )
    expect([groups, order]).toEqual([['3', '20480', 'ZSTD'], '0'])
  })

  it('goes to stdout, and leaves no temporary file', async () => {
    const { status, stdout } = await tracenorm(['--to', 'parquet', '-q'], {
      input: TWO_DROPS,
      env: { TMPDIR: scratch.path },
    })
    expect([status, stdout.subarray(0, 4).toString(), stdout.subarray(-4).toString()]).toEqual([0, 'PAR1', 'PAR1'])
    writeFileSync(scratch.in('piped'), stdout)
    const [row] = await database.rows(`SELECT count(*), sum("drop".count) FROM read_parquet('${scratch.in('piped')}')`)
    expect(row).toEqual(['2', '2'])
    expect(readdirSync(scratch.path).filter((name) => name.startsWith('tracenorm-'))).toEqual([])
  })

  it('has the columns without a record, too', async () => {
    const path = scratch.in('none.parquet')
    const { status } = await tracenorm(['-o', path, '-q'])
    expect(status).toBe(0)
    expect(await database.rows(`SELECT count(*) FROM '${path}'`)).toEqual([['0']])
  })

  it.each([
    [
      '"ts":"2262-01-01T00:00:00.000000000Z"',
      'ts is no time of the years 1678 to 2261: 2262-01-01T00:00:00.000000000Z',
    ],
    [
      '"ts":"2026-02-30T00:00:00.000000000Z"',
      'ts is no time of the years 1678 to 2261: 2026-02-30T00:00:00.000000000Z',
    ],
    ['"clock":{"id":"tai","ns":"18446744073709551616"}', 'clock.ns is more than 64 bits hold: 18446744073709551616'],
    ['"args":{"a":"\\ud83d"}', 'a text holds half a character'],
  ])('rejects what no column can hold, and keeps the rest: %s', async (members, why) => {
    const path = scratch.in('rest.parquet')
    const input = EVENT + EVENT.replace('"event_name":"a:b"', members) + EVENT
    const { status, stderr } = await tracenorm(['export', '-o', path], { input })
    expect([status, stderr.split('\n')[0]]).toEqual([3, `tracenorm: stdin: line 2, column 1: ${why}`])
    expect(await database.rows(`SELECT count(*) FROM '${path}'`)).toEqual([['2']])
  })

  it('keeps a text with a backslash before what looks like half a character', async () => {
    const path = scratch.in('escaped.parquet')
    const input = EVENT.replace('"event_name":"a:b"', '"event_name":"\\\\ud83d","args":{"a":"\\ud83d\\ude00"}')
    expect((await tracenorm(['export', '-o', path, '-q'], { input })).status).toBe(0)
    const [event] = await database.events(`'${path}'`)
    expect(event).toMatchObject({ event_name: '\\ud83d', args: { a: '😀' } })
  })

  it('is not for a terminal', async () => {
    const io = memoryIo()
    const stdout = Object.assign(io.stdout, { terminal: async () => ({ columns: 80 }) })
    expect(await main(['--to', 'parquet'], { ...io, stdout })).toBe(2)
    expect(io.stderr.bytes.toString()).toBe(
      'tracenorm: --to parquet: these bytes are not for a terminal; give -o FILE\n',
    )
  })

  it('says how to install DuckDB where it is missing', () => {
    expect(() => loadParquetEngine(new URL('file:///nowhere/'), '/tmp')).toThrow(
      expect.objectContaining({
        message: '--to parquet needs DuckDB, which is not installed',
        hint: 'run: npm install @duckdb/node-api@1',
      }),
    )
  })

  it('leaves the old file where there is no room for the records', async () => {
    const path = scratch.in('old.parquet')
    writeFileSync(path, 'old')
    const { status, stderr } = await tracenorm(['-o', path], { input: TWO_DROPS, env: { TMPDIR: '/nowhere' } })
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^tracenorm: \/nowhere: cannot write: .*set TMPDIR/)])
    expect(readFileSync(path, 'utf8')).toBe('old')
  })
})

describe('batch --to parquet', () => {
  it('makes a file of each capture', async () => {
    mkdirSync(scratch.in('tree'))
    for (const name of ['a.txt', 'b.txt']) writeFileSync(scratch.in(`tree/${name}`), TWO_DROPS)
    const words = ['batch', '--to', 'parquet', '--out', 'results', '-q', 'tree']
    const { status, stderr } = await tracenorm(words, { cwd: scratch.path })
    expect([status, stderr]).toEqual([0, ''])
    const rows = await database.rows(`SELECT count(*), sum("drop".count) FROM '${scratch.in('results')}/**/*.parquet'`)
    expect(rows).toEqual([['4', '4']])
  })
})
