// DuckDB in this process, as the package beside tracenorm gives it.
import { DuckDBInstance } from '@duckdb/node-api'
import { type PlainEvent, rebuilt } from './events.ts'

export interface Database {
  /** Runs statements, and gives the rows of the last one. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  /** The events in a table, or in a file such as `'x.parquet'`. */
  events(from: string): Promise<readonly PlainEvent[]>
  close(): void
}

export async function openDuckDb(): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const reader = await connection.runAndReadAll(sql)
    return reader.getRowsJson()
  }
  return {
    rows,
    async events(from) {
      // DuckDB 1.5.6 prints %n of strftime wrong: nanoseconds are taken as a number.
      const texts = 'epoch_ns(ts)::VARCHAR AS ts, struct_update(clock, ns := clock.ns::VARCHAR) AS clock'
      const found = await rows(`SELECT to_json(t)::VARCHAR FROM (SELECT * REPLACE (${texts}) FROM ${from}) t`)
      return found.map(([json]) => eventOf(String(json)))
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function eventOf(json: string): PlainEvent {
  const row: PlainEvent = JSON.parse(json)
  const event = rebuilt(row, (value) => value === null)
  return 'ts' in event ? { ...event, ts: timeOf(BigInt(String(event.ts))) } : event
}

/** RFC 3339 of nanoseconds since 1970, by another way than ours. */
function timeOf(ns: bigint): string {
  const fraction = BigInt.asUintN(64, ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
  const seconds = (ns - fraction) / 1_000_000_000n
  return new Date(Number(seconds) * 1000).toISOString().replace('000Z', `${String(fraction).padStart(9, '0')}Z`)
}
