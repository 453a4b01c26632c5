import { columns } from '../event/generated/columns.ts'
import { quoted, TABLE } from './sql.ts'
import { REQUIRED, type Stored, storedOf } from './stored.ts'

/**
 * What `tracenorm schema --for postgres` prints: a table with the columns of our CSV, and how CSV gets into it. COPY
 * reads an empty cell as NULL and `""` as an empty text, as we mean them.
 */
export function postgresScript(): string {
  const lines = columns.map(({ name }) => {
    const isRequired = REQUIRED.has(name) ? ' NOT NULL' : ''
    return `  ${quoted(columnNamed(name))} ${typeOf(storedOf(name))}${isRequired}`
  })
  return `-- PostgreSQL 12 or newer: a table of events. ts keeps all nine digits, and sorts by time. ts_us is the same
-- time in a timestamp, whose digits end at microseconds.
CREATE TABLE IF NOT EXISTS ${TABLE} (
${lines.join(',\n')},
  ts_us timestamptz GENERATED ALWAYS AS (${TIMESTAMP}) STORED
);
CREATE INDEX IF NOT EXISTS ${TABLE}_ts ON ${TABLE} (ts);
CREATE INDEX IF NOT EXISTS ${TABLE}_reason ON ${TABLE} USING hash (drop_reason) WHERE kind = 'drop';

-- CSV goes in unchanged, because the columns are those of the CSV:
--   tracenorm --kind all --to csv … | psql -c "COPY ${TABLE} FROM STDIN (FORMAT csv, HEADER)"
`
}

/** Every function in it is immutable, which a cast of a text to a timestamp is not. */
const TIMESTAMP = `make_timestamp(
    substr(ts, 1, 4)::int, substr(ts, 6, 2)::int, substr(ts, 9, 2)::int,
    substr(ts, 12, 2)::int, substr(ts, 15, 2)::int, substr(ts, 18, 9)::double precision) AT TIME ZONE 'UTC'`

/** `drop.reason` → `drop_reason`. No two fields come together by that. */
function columnNamed(field: string): string {
  return field.replaceAll('.', '_')
}

function typeOf(stored: Stored): string {
  switch (stored) {
    case 'integer':
      return 'bigint'
    case 'double':
      return 'double precision'
    case 'boolean':
      return 'boolean'
    case 'text':
      return 'text'
    case 'time':
      return 'text COLLATE "C"'
    case 'uint64':
      return 'numeric(20)'
    default:
      return 'jsonb'
  }
}
