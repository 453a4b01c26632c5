import { STORED, type Stored, type StoredFields } from './stored.ts'

/** A mapping of one field, or of an object. */
interface FieldMapping {
  readonly [word: string]: unknown
}

/** What differs between the two engines. */
interface Engine {
  /** Of members whose types differ from event to event: no field is made of their keys. */
  readonly flattened: FieldMapping
}

/**
 * A term has at most 32,766 bytes in Lucene, and a character up to four. A longer text is kept in `_source`, and not
 * found by it; without the limit its document would be refused.
 */
const IGNORE_ABOVE = 8191

const ELASTICSEARCH: Engine = { flattened: { type: 'flattened', ignore_above: IGNORE_ABOVE } }
const OPENSEARCH: Engine = { flattened: { type: 'flat_object' } }

/** Texts in which words are looked for. */
const FULL_TEXT: ReadonlySet<string> = new Set(['message', 'payload'])

/** What `tracenorm schema --for elasticsearch` prints. */
export function elasticsearchTemplate(): string {
  return templateOf(ELASTICSEARCH)
}

/** What `tracenorm schema --for opensearch` prints. */
export function opensearchTemplate(): string {
  return templateOf(OPENSEARCH)
}

/** An index template, the body of `PUT _index_template/tracenorm`, for data streams with the names `tracenorm-*`. */
function templateOf(engine: Engine): string {
  const template = {
    index_patterns: ['tracenorm-*'],
    data_stream: {},
    priority: 200,
    template: {
      // What does not fit its type is kept in `_source`, and named in `_ignored`. Else its document would be refused.
      settings: { 'index.mapping.ignore_malformed': true },
      mappings: {
        // A member that this version does not know is kept in `_source`; nobody guesses its type.
        dynamic: false,
        properties: { ...ENVELOPE, ...propertiesOf(STORED, '', engine) },
      },
    },
  }
  return `${JSON.stringify(template, undefined, 2)}\n`
}

/** Members that `--to es-bulk` adds. */
const ENVELOPE: FieldMapping = {
  '@timestamp': { type: 'date_nanos' },
  tracenorm: { properties: { ts_source: { type: 'keyword' } } },
}

function propertiesOf(fields: StoredFields, prefix: string, engine: Engine): FieldMapping {
  return Object.fromEntries([...fields].map(([name, stored]) => [name, mappingOf(`${prefix}${name}`, stored, engine)]))
}

function mappingOf(path: string, stored: Stored, engine: Engine): FieldMapping {
  switch (stored) {
    case 'integer':
      return { type: 'long' }
    case 'double':
      return { type: 'double' }
    case 'boolean':
      return { type: 'boolean' }
    case 'text':
      return FULL_TEXT.has(path) ? { type: 'text' } : { type: 'keyword', ignore_above: IGNORE_ABOVE }
    case 'time':
      return { type: 'date_nanos' }
    case 'uint64':
      return { type: 'unsigned_long' }
    case 'json':
      return engine.flattened
    default:
      // Any field may have several values there.
      if ('list' in stored) return mappingOf(path, stored.list, engine)
      return { properties: propertiesOf(stored.section, `${path}.`, engine) }
  }
}
