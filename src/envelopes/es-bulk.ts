import { lineOf } from '../event/line.ts'
import { linePieces } from '../event/pieces.ts'
import type { EventRecord } from '../event/record.ts'
import type { Convention } from './convention.ts'
import { documentOf } from './document.ts'
import { type Envelope, type EnvelopeLines, NO_FRAME } from './envelope.ts'
import { nanosecondsOf, type TimeSource } from './time.ts'

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
      const text = `${actionOf(record)}${TIME}${ts}${sourceText(source)}${textOf(record).slice(1)}\n`
      return { text, group: '', ns: nanosecondsOf(time) }
    },
    lines: convention === undefined ? LINES : undefined,
  }
}

const TIME = '{"@timestamp":"'

function sourceText(source: TimeSource): string {
  return `","tracenorm":{"ts_source":"${source}"},`
}

const LINES: EnvelopeLines = {
  lineOf: (record) => `${BARE_ACTION}${TIME}${String(record.ts?.value())}${sourceText('ts')}${lineOf(record).slice(1)}`,
  piecesOf(record) {
    const ts = record.ts?.value()
    if (typeof ts !== 'string' || record.id !== undefined || record.source?.startsWith('{"v":1') === false)
      return undefined
    const pieces = linePieces(record)
    // What was read is sent as it was: its parts may make another text.
    if (record.source !== undefined && pieces.map(({ text }) => text).join('') !== record.source) return undefined
    const [head = { text: '' }, ...rest] = pieces
    return [
      { text: BARE_ACTION + TIME },
      { part: 'ts', text: ts, leaf: { name: 'ts', of: 0 } },
      { text: sourceText('ts') + head.text.slice(1) },
      ...rest,
    ]
  },
  lastOf(lines) {
    // A quote within a text of JSON has a backslash before it, so this is no text of an event.
    const start = lines.lastIndexOf(TIME, undefined, 'latin1')
    if (start < 0) return undefined
    const { ts, capture } = JSON.parse(lines.toString('utf8', start))
    return { ts, path: capture?.path }
  },
}

const BARE_ACTION = '{"create":{}}\n'

/** With the id of the record, if it has one: an event that is sent twice is kept once. */
function actionOf({ id }: EventRecord): string {
  return id === undefined ? BARE_ACTION : `{"create":{"_id":"${String(id.value())}"}}\n`
}
