import type { EventRecord } from '../event/record.ts'
import type { Convention } from './convention.ts'
import { documentOf } from './document.ts'
import { type Envelope, NO_FRAME } from './envelope.ts'
import { nanosecondsOf } from './time.ts'

/**
 * The bulk API of Elasticsearch and OpenSearch: for each record a line with the action, and one with the document.
 * The action is `create`, the only one that data streams take; an `_id` that exists is answered by 409. The index is
 * in the URL: `POST /<index>/_bulk`. Fact: reference of the bulk API, Elasticsearch 8 and 9.
 */
export function esBulk(convention: Convention | undefined): Envelope {
  const textOf = documentOf(convention)
  return {
    name: 'es-bulk',
    contentType: 'application/x-ndjson',
    frame: NO_FRAME,
    pieceOf(record, time) {
      const { ts, source } = time
      const text = `${actionOf(record)}{"@timestamp":"${ts}","tracenorm":{"ts_source":"${source}"},${textOf(record).slice(1)}\n`
      return { text, group: '', ns: nanosecondsOf(time) }
    },
  }
}

const BARE_ACTION = '{"create":{}}\n'

/** With the id of the record, if it has one: an event that is sent twice is kept once. */
function actionOf({ id }: EventRecord): string {
  return id === undefined ? BARE_ACTION : `{"create":{"_id":"${String(id.value())}"}}\n`
}
