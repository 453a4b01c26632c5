// ClickHouse with our table has every event as it was. chDB, which is ClickHouse in a package of 546 MB, is not among
// our packages: TRACENORM_CHDB names the folder where it is installed (npm install --prefix FOLDER chdb).

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { scratchFolder, tracenorm } from '../cli/program.ts'
import { expectSame, ndjsonOf, type PlainEvent, rebuilt, sampleEvents } from './events.ts'

const scratch = scratchFolder()
const { TRACENORM_CHDB } = process.env
if (TRACENORM_CHDB === undefined) console.warn('TRACENORM_CHDB names no folder with chDB: ClickHouse is not tested')

interface Chdb {
  readonly Session: new (path: string) => { query(sql: string, format?: string): string; cleanup(): void }
}

function session(folder: string): InstanceType<Chdb['Session']> {
  const { Session }: Chdb = createRequire(join(folder, 'node_modules/'))('chdb')
  return new Session(scratch.in('clickhouse'))
}

describe.skipIf(TRACENORM_CHDB === undefined)('ClickHouse', () => {
  it('has all events back, with what schema --for clickhouse prints', async () => {
    const events = sampleEvents().filter(({ ts }) => ts === undefined || String(ts) > '1900')
    const [from, to] = [scratch.in('events.ndjson'), scratch.in('back.ndjson')]
    writeFileSync(from, ndjsonOf(events))
    const script = (await tracenorm(['schema', '--for', 'clickhouse'])).stdout.toString()
    const [table = '', comments = ''] = script.split(';\n')
    const settings = /SETTINGS ([\s\S]*?)--\s+FORMAT/.exec(comments)?.[1]?.replaceAll('--', '') ?? 'none'
    const types = /\(\n([\s\S]*)\n\)\nENGINE/.exec(table)?.[1]?.replaceAll("'", "\\'") ?? ''
    const database = session(TRACENORM_CHDB ?? '')
    for (const sql of [
      'CREATE DATABASE IF NOT EXISTS own',
      'USE own',
      table,
      `INSERT INTO tracenorm_events SELECT * FROM file('${from}', JSONEachRow, '${types}') SETTINGS ${settings}`,
      `SELECT * FROM tracenorm_events INTO OUTFILE '${to}' FORMAT JSONEachRow
       SETTINGS output_format_json_quote_64bit_integers = 1, date_time_output_format = 'iso'`,
    ])
      database.query(sql)
    const lines = readFileSync(to, 'utf8').trimEnd().split('\n')
    expectSame(lines.map(eventOf), events)
    database.cleanup()
  })
})

/** A number of 64 bits comes as a text, an absent JSON text as an empty one. */
function eventOf(line: string): PlainEvent {
  const row: PlainEvent = JSON.parse(line, (key, value) =>
    typeof value === 'string' && INTEGERS.has(key) ? Number(value) : value,
  )
  const present = Object.entries(row).filter(
    ([name, value]) => value !== '' || !['args', 'labels', 'sample'].includes(name),
  )
  return rebuilt(Object.fromEntries(present), (value) => value === null || (Array.isArray(value) && value.length === 0))
}

const INTEGERS = new Set(
  'v cpu resolution_ns pid tid protocol len orig_len offset size count code ifindex netns line length'.split(' '),
)
