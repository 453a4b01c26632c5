import type { Part } from '../event/part.ts'
import type { EventRecord } from '../event/record.ts'
import { latin1 } from '../text/utf8.ts'
import type { Convention } from './convention.ts'
import { documentOf } from './document.ts'
import { type Envelope, NO_FRAME } from './envelope.ts'
import { nanosecondsOf, type TimeSource } from './time.ts'

/**
 * The HTTP Event Collector of Splunk: one object for each record, one after another, each on a line. `time` is a text
 * of digits, which no float rounds. `fields` are indexed and flat; their names begin with `tracenorm_`, so that none is
 * also found by search in the event. Fact: "Format events for HTTP Event Collector", Splunk Enterprise 9 and 10.
 */
export function hec(convention: Convention | undefined): Envelope {
  const textOf = documentOf(convention)
  return {
    name: 'hec',
    contentType: 'application/json',
    frame: NO_FRAME,
    pieceOf(record, time) {
      const head = `{"time":"${time.seconds}.${time.fraction}"${memberText('host', record.host, 'name')}`
      const place = `${memberText('source', record.capture, 'path')},"sourcetype":"tracenorm"`
      const text = `${head}${place},"event":${textOf(record)},"fields":{${fieldsText(record, time.source)}}}\n`
      return { text, group: '', ns: nanosecondsOf(time) }
    },
  }
}

function fieldsText(record: EventRecord, source: TimeSource): string {
  const tool = memberText('tracenorm_capture_tool', record.capture, 'tool')
  const reason = memberText('tracenorm_drop_reason', record.drop, 'reason')
  return `"tracenorm_kind":"${record.kind}"${tool}${reason},"tracenorm_ts_source":"${source}"`
}

/** `,"name":"…"` of a text in a part, in latin1; empty when there is none. */
function memberText(name: string, part: Part | undefined, key: string): string {
  const value = part?.get(key)
  return typeof value === 'string' && value !== '' ? `,"${name}":${latin1(JSON.stringify(value))}` : ''
}
