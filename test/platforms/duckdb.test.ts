// DuckDB with our table has every event as it was.
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scratchFolder, tracenorm } from '../cli/program.ts'
import { type Database, openDuckDb } from './duckdb.ts'
import { expectSame, ndjsonOf, sampleEvents } from './events.ts'

const scratch = scratchFolder()

describe('DuckDB', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDuckDb()
  })
  afterAll(() => database.close())

  it('has all events back, from its table and from Parquet, by what schema --for duckdb prints', async () => {
    const events = sampleEvents()
    const [ndjson, parquet] = [scratch.in('events.ndjson'), scratch.in('events.parquet')]
    writeFileSync(ndjson, ndjsonOf(events))
    const script = (await tracenorm(['schema', '--for', 'duckdb'])).stdout.toString()
    await database.rows(script.replaceAll('events.ndjson', ndjson).replaceAll('events.parquet', parquet))
    expectSame(await database.events('tracenorm_events'), events)
    expectSame(await database.events(`'${parquet}'`), events)
    const [types] = await database.rows('SELECT typeof(ts), typeof(clock.ns) FROM tracenorm_events LIMIT 1')
    expect(types).toEqual(['TIMESTAMP_NS', 'UBIGINT'])
  })
})
