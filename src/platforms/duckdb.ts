import { literal, quoted } from './sql.ts'
import { STORED, type Stored, type StoredFields } from './stored.ts'

/** DuckDB rounds it to whole vectors of 2,048 rows. */
const GROUP_ROWS = 20_000
/** A group of long rows ends before it has so many: it is held in memory until it is written. */
const GROUP_BYTES = '32MB'
/** The longest line that any input may have is 1 MiB. */
const LONGEST_LINE_BYTES = 2 * 1024 * 1024

/**
 * The settings under which `copyToParquet` keeps the order of the rows in little memory. DuckDB cuts groups by their
 * bytes only where it need not keep the order; one thread keeps it all the same.
 */
export const COPY_SETTINGS = {
  threads: '1',
  memory_limit: '256MB',
  preserve_insertion_order: 'false',
} as const

/** What `tracenorm schema --for duckdb` prints: a table, and how NDJSON gets into it and into Parquet. */
export function duckdbScript(): string {
  const settings = Object.entries(COPY_SETTINGS).map(([name, value]) => `SET ${name} = '${value}';`)
  return [
    '-- DuckDB 1.5: a table of events, which tracenorm --kind all -o events.ndjson … wrote.',
    `CREATE TABLE IF NOT EXISTS tracenorm_events (\n${columnLines('  ', ' ', quoted)}\n);\n`,
    '-- NDJSON into the table. Types are named, because guessed times lose their nanoseconds.',
    `INSERT INTO tracenorm_events ${readNdjson('events.ndjson')};\n`,
    '-- The same into Parquet, as tracenorm --to parquet does it.',
    ...settings,
    `${copyToParquet('events.ndjson', 'events.parquet')};`,
    '',
  ].join('\n')
}

/** The statement that makes a Parquet file of NDJSON, row by row in its order. */
export function copyToParquet(ndjson: string, parquet: string): string {
  const form = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP_ROWS}, ROW_GROUP_SIZE_BYTES '${GROUP_BYTES}',
  USE_TMP_FILE false`
  return `COPY (${readNdjson(ndjson)})\nTO ${literal(parquet)} (${form})`
}

function readNdjson(path: string): string {
  const columns = columnLines('    ', ': ', literal, (type) => literal(type))
  const form = `format = 'newline_delimited', maximum_object_size = ${LONGEST_LINE_BYTES}`
  return `FROM read_json(${literal(path)}, ${form},\n  columns = {\n${columns}\n  })`
}

function columnLines(
  indent: string,
  between: string,
  nameOf: (name: string) => string,
  typed: (type: string) => string = (type) => type,
): string {
  return [...STORED].map(([name, stored]) => indent + nameOf(name) + between + typed(typeOf(stored))).join(',\n')
}

function typeOf(stored: Stored): string {
  switch (stored) {
    case 'integer':
      return 'BIGINT'
    case 'double':
      return 'DOUBLE'
    case 'boolean':
      return 'BOOLEAN'
    case 'time':
      return 'TIMESTAMP_NS'
    case 'uint64':
      return 'UBIGINT'
    // A MAP of JSON values would be clearer, but ClickHouse does not read it.
    case 'text':
    case 'json':
      return 'VARCHAR'
    default:
      return 'list' in stored ? `${typeOf(stored.list)}[]` : structOf(stored.section)
  }
}

function structOf(section: StoredFields): string {
  return `STRUCT(${[...section].map(([name, stored]) => `${quoted(name)} ${typeOf(stored)}`).join(', ')})`
}
