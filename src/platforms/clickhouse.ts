import { quoted, TABLE } from './sql.ts'
import { REQUIRED, STORED, type Stored, type StoredFields } from './stored.ts'

/** What `tracenorm schema --for clickhouse` prints: a table, and how NDJSON gets into it. */
export function clickhouseScript(): string {
  const columns = [...STORED].map(([name, stored]) => `  ${quoted(name)} ${typeOf(name, stored)}`)
  return `-- ClickHouse: a table of events. An absent member is NULL, an absent list or JSON text is empty.
CREATE TABLE IF NOT EXISTS ${TABLE} (
${columns.join(',\n')}
)
ENGINE = MergeTree
ORDER BY (kind, ifNull(ts, toDateTime64(0, 9, 'UTC')));

-- NDJSON goes in unchanged. Without these settings ClickHouse may take a text for a date.
--   clickhouse-client --query "INSERT INTO ${TABLE}
--     SETTINGS date_time_input_format = 'best_effort', input_format_try_infer_dates = 0,
--       input_format_try_infer_datetimes = 0
--     FORMAT JSONEachRow" < events.ndjson
`
}

function typeOf(path: string, stored: Stored): string {
  if (stored === 'json') return 'String'
  if (typeof stored !== 'object') return REQUIRED.has(path) ? scalarOf(stored) : `Nullable(${scalarOf(stored)})`
  return 'list' in stored ? `Array(${elementOf(path, stored.list)})` : tupleOf(path, stored.section)
}

/** No element is absent. */
function elementOf(path: string, stored: Stored): string {
  return typeof stored === 'object' || stored === 'json' ? typeOf(path, stored) : scalarOf(stored)
}

function tupleOf(path: string, section: StoredFields): string {
  const elements = [...section].map(([name, stored]) => `${quoted(name)} ${typeOf(`${path}.${name}`, stored)}`)
  return `Tuple(${elements.join(', ')})`
}

function scalarOf(stored: Exclude<Stored, object | 'json'>): string {
  switch (stored) {
    case 'integer':
      return 'Int64'
    case 'double':
      return 'Float64'
    case 'boolean':
      return 'Bool'
    case 'text':
      return 'String'
    case 'time':
      return "DateTime64(9, 'UTC')"
    case 'uint64':
      return 'UInt64'
  }
}
