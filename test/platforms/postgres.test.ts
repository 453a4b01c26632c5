// PostgreSQL with our table has every event as it was.
import { mkdtempSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tracenorm } from '../cli/program.ts'
import { expectSame, ndjsonOf, type PlainEvent, rebuiltFlat, sampleEvents } from './events.ts'
import { found, type Postgres, postgresFolders, startPostgres } from './programs.ts'

const initdb = found('initdb', postgresFolders(), 'the table of PostgreSQL')

describe.skipIf(initdb === undefined)('PostgreSQL', () => {
  // A socket's path is short.
  const folder = mkdtempSync('/tmp/tracenorm-pg-')
  let server: Postgres | undefined
  beforeAll(() => {
    server = startPostgres(initdb ?? '', folder)
  })
  afterAll(() => {
    server?.stop()
    rmSync(folder, { recursive: true })
  })

  it('has all events back, with what schema --for postgres prints and CSV', async () => {
    const events = sampleEvents()
    server?.psql([], (await tracenorm(['schema', '--for', 'postgres'])).stdout.toString())
    const csv = await tracenorm(['export', '--to', 'csv', '-q'], { input: ndjsonOf(events) })
    server?.psql(['-c', 'COPY tracenorm_events FROM STDIN (FORMAT csv, HEADER)'], csv.stdout.toString())
    const query = `SELECT to_jsonb(t) || jsonb_build_object('clock_ns', clock_ns::text) FROM tracenorm_events t`
    const lines = (server?.psql(['-c', query]) ?? '').trimEnd().split('\n')
    const rows: readonly PlainEvent[] = lines.map((line) => JSON.parse(line))
    expectSame(rows.map(rebuiltFlat), events)
  })

  it('has the time as a timestamp, too', () => {
    const query = `SELECT ts, ts_us AT TIME ZONE 'UTC' FROM tracenorm_events WHERE capture_path = 'extremes' AND ts > '2'`
    expect(server?.psql(['-c', query])).toBe('2261-12-31T23:59:59.999999999Z|2261-12-31 23:59:59.999999\n')
  })
})
