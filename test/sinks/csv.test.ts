import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import type { Json } from '../../src/event/part.ts'
import { Mould, seal, tsPart } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { Blocks } from '../../src/output/blocks.ts'
import { ALL_COLUMNS, type CsvColumn, parseColumns, parseDelimiter } from '../../src/sinks/csv/columns.ts'
import { type CsvForm, csvSink } from '../../src/sinks/csv.ts'
import { openDuckDb } from '../platforms/duckdb.ts'
import { type Event, events, recordOf, valueAt } from '../stages/events.ts'
import { NEVER } from './never.ts'

const PLAIN: CsvForm = { columns: ALL_COLUMNS, delimiter: ',', header: true, bom: false, safe: false }

/** The table, latin1. */
function tableOf(records: Iterable<EventRecord>, form: Partial<CsvForm> = {}): string {
  let table = ''
  const output = new Blocks((block) => {
    table += block.toString('latin1')
  })
  const sink = csvSink(output, { ...PLAIN, ...form }, NEVER)
  for (const record of records) sink.write(record)
  output.flush()
  return table
}

/** A cell as a reader of CSV gives it back; undefined when the cell is empty. */
type Cell = string | undefined

/** The cells as csv-parse reads them; it says which were quoted. */
function cellsOf(table: string, delimiter = ','): readonly (readonly Cell[])[] {
  return parse(Buffer.from(table, 'latin1'), {
    bom: true,
    delimiter,
    record_delimiter: '\r\n',
    cast: (text, { quoting }): Cell => (text === '' && !quoting ? undefined : text),
  })
}

/** The value of a cell. */
function valueIn(cell: Cell, { type }: CsvColumn): Json | undefined {
  if (cell === undefined || type === 'string') return cell
  return JSON.parse(cell)
}

const samples = fc.sample(events, { numRuns: 400, seed: 4 })

describe('a table', () => {
  it('has the values of the events, cell by cell', () => {
    const [header, ...rows] = cellsOf(tableOf(samples.map(recordOf)))
    expect(header).toEqual(ALL_COLUMNS.map(({ name }) => name))
    expect(rows).toHaveLength(samples.length)
    for (const [at, row] of rows.entries()) {
      const event = samples[at]
      if (event === undefined) continue
      for (const [place, column] of ALL_COLUMNS.entries())
        expect(valueIn(row[place], column), column.name).toEqual(valueAt(event, column.name))
    }
  })

  it('is the same whatever came before a record', () => {
    const alone = samples.map((event) => tableOf([recordOf(event)], { header: false }))
    expect(tableOf(samples.map(recordOf), { header: false })).toBe(alone.join(''))
    // Parts that come again, and kinds that alternate.
    const records = samples.map(recordOf)
    const twice = records.flatMap((record) => [record, record])
    expect(tableOf(twice, { header: false })).toBe(alone.flatMap((row) => [row, row]).join(''))
  })

  it('is the same for parts from moulds', () => {
    const clock = new Mould('clock', { id: 'perf', ns: '0' }, ['ns'])
    const noSocket = new Mould('skb', { addr: '0x1', protocol: 2048, rx_sk: '0x0' }, ['addr'])
    const socket = new Mould('skb', { addr: '0x1', protocol: 2048, rx_sk: '0x1' }, ['addr', 'rx_sk'])
    const capture = new Mould('capture', { path: 'a,b', line: 1 }, ['line'])
    const records = Array.from({ length: 40 }, (_, at) => {
      const record = new EventRecord('drop')
      if (at % 7 !== 0) record.clock = clock.fill(String(at))
      if (at % 3 === 0) record.ts = tsPart(`2023-02-23T18:03:36.3701388${String(at).padStart(2, '0')}Z`)
      record.skb = at % 5 < 2 ? noSocket.fill(`0x${at}`) : socket.fill(`0x${at}`, '0xabc')
      record.drop = seal('drop', { count: at >> 3 })
      record.capture = capture.fill(at + 1)
      return record
    })
    const sealed = records.map((record) => recordOf(JSON.parse(JSON.stringify(record)) as Event))
    expect(tableOf(records)).toBe(tableOf(sealed))
  })

  it('ends its lines by RFC 4180', () => {
    expect(tableOf([], { columns: parseColumns('v,kind') })).toBe('v,kind\r\n')
    expect(tableOf([new EventRecord('drop')], { columns: parseColumns('v,kind') })).toBe('v,kind\r\n1,drop\r\n')
  })

  it.each<[string, Event['process'], string]>([
    ['an absent text', {}, ''],
    ['an empty text', { comm: '' }, '""'],
    ['a plain text', { comm: 'kworker/0:1' }, 'kworker/0:1'],
    ['a delimiter', { comm: 'a,b' }, '"a,b"'],
    ['a quote', { comm: 'a"b' }, '"a""b"'],
    ['a line end', { comm: 'a\nb' }, '"a\nb"'],
    ['blanks at the ends', { comm: ' a ' }, ' a '],
    ['text that is not ASCII', { comm: 'Ü' }, '\xc3\x9c'],
  ])('quotes only where it must: %s', (_, process, cell) => {
    const record = new EventRecord('drop')
    record.process = seal('process', JSON.parse(JSON.stringify(process)))
    expect(tableOf([record], { columns: parseColumns('kind,process.comm'), header: false })).toBe(`drop,${cell}\r\n`)
  })

  it('of one column has no empty line', () => {
    expect(tableOf([new EventRecord('drop')], { columns: parseColumns('cpu'), header: false })).toBe('""\r\n')
  })

  it('has another delimiter, no header, a byte order mark', () => {
    const record = recordOf({ v: 1, kind: 'drop', process: { comm: 'a;b,c' }, capture: { path: 'p', line: 1 } })
    const form = { columns: parseColumns('kind,process.comm,capture.line'), delimiter: ';', header: false, bom: true }
    expect(tableOf([record], form)).toBe('\xef\xbb\xbfdrop;"a;b,c";1\r\n')
  })

  it('has columns for keys of open sections', () => {
    const columns = parseColumns('args.dev,args.queue_mapping,labels.site,args')
    const record = recordOf({
      v: 1,
      kind: 'trace',
      labels: { site: 'fra1' },
      args: { dev: 'lo', queue_mapping: 0 },
      capture: { path: 'p', line: 1 },
    })
    expect(tableOf([record], { columns, header: false })).toBe('lo,0,fra1,"{""dev"":""lo"",""queue_mapping"":0}"\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx'])('guards a spreadsheet against %j when asked', (comm) => {
    const record = recordOf({ v: 1, kind: 'drop', process: { comm, tid: -1 }, capture: { path: 'p', line: 1 } })
    const columns = parseColumns('process.comm,process.tid')
    const [row] = cellsOf(tableOf([record], { columns, header: false, safe: true }))
    expect(row).toEqual([`'${comm}`, '-1'])
    expect(cellsOf(tableOf([record], { columns, header: false }))).toEqual([[comm, '-1']])
  })

  it('can be read back with every accepted delimiter', () => {
    for (const delimiter of [';', 'tab', '|', ' ', '#', "'", '{', '\\t'].map(parseDelimiter)) {
      const some = samples.slice(0, 80)
      const [, ...rows] = cellsOf(tableOf(some.map(recordOf), { delimiter }), delimiter)
      const plain = cellsOf(tableOf(some.map(recordOf)))
      expect(rows).toEqual(plain.slice(1))
    }
  })
})

describe('what cannot be', () => {
  it.each([
    [() => parseColumns('drop.reasn'), '--columns: no field "drop.reasn"', 'near: drop.reason'],
    [
      () => parseColumns('device'),
      '--columns: device is a section',
      'its columns are device.ifindex, device.name, device.netns',
    ],
    [() => parseColumns('cpu,cpu'), '--columns: cpu is there twice', undefined],
    [
      () => parseDelimiter('ab'),
      '--delimiter ab: a delimiter is one ASCII character, but not a letter, a digit, a quote or one of + - . : _',
      'such as ; or tab',
    ],
    [() => parseDelimiter('"'), undefined, undefined],
    [() => parseDelimiter('1'), undefined, undefined],
    [() => parseDelimiter('-'), undefined, undefined],
    [() => parseDelimiter(':'), undefined, undefined],
    [() => parseDelimiter('\n'), undefined, undefined],
    [() => parseDelimiter('ü'), undefined, undefined],
    [() => parseDelimiter(''), undefined, undefined],
  ])('is wrong usage: %s', (parseIt, message, hint) => {
    let error: unknown
    try {
      parseIt()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(UsageError)
    if (message !== undefined) expect(error).toMatchObject({ message, hint })
  })
})

const folder = mkdtempSync(join(tmpdir(), 'tracenorm-csv-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Undefined, with the reason printed, when the program is not there. */
function installed(program: string): string | undefined {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return program
  } catch {
    console.warn(`${program} is not installed: its reading of CSV is not tested`)
    return undefined
  }
}

/** The texts of the cells, as csv-parse reads them: an absent cell and an empty text are one to other readers. */
function textsOf(table: string): readonly Readonly<Record<string, string>>[] {
  const [, ...rows] = cellsOf(table)
  return rows.map((row) => Object.fromEntries(ALL_COLUMNS.map(({ name }, at) => [name, row[at] ?? ''])))
}

const mlr = installed('mlr')

describe('other readers', () => {
  const file = join(folder, 'events.csv')
  const table = tableOf(samples.map(recordOf))
  writeFileSync(file, table, 'latin1')

  it.skipIf(mlr === undefined)('read the same: Miller', () => {
    const json = execFileSync('mlr', ['--icsv', '--ojson', '--no-auto-unflatten', '-S', 'cat', file], {
      maxBuffer: 1 << 28,
    })
    // Miller reads the CR of CR LF as part of a line end, also inside a cell.
    expect(JSON.parse(json.toString())).toEqual(textsOf(table.replaceAll('cr\r\n', 'cr\n')))
  })

  it('read the same: DuckDB', async () => {
    const database = await openDuckDb()
    const query = `SELECT to_json(t)::VARCHAR FROM read_csv('${file}', header = true, all_varchar = true) t`
    const rows: readonly Readonly<Record<string, string | null>>[] = (await database.rows(query)).map(([json]) =>
      JSON.parse(String(json)),
    )
    database.close()
    const texts = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text ?? ''])))
    expect(texts).toEqual(textsOf(table))
  })
})
