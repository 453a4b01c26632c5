import { isPartName } from '../event/generated/members.ts'
import type { EventRecord } from '../event/record.ts'
import { latin1 } from '../text/utf8.ts'
import type { Convention } from './convention.ts'
import { documentOf } from './document.ts'
import type { BodyFrame, Envelope } from './envelope.ts'
import { nanosecondsOf } from './time.ts'

const FRAME: BodyFrame = {
  open: '{"streams":[',
  between: ',',
  groupEnd: ']}',
  betweenGroups: ',',
  close: ']}',
  isSorted: true,
  isOpenEnded: false,
}

/**
 * The push API of Loki. Few labels choose the stream, because each new value makes one; the whole event is the line.
 * Where the time is from is structured metadata. Nanoseconds and metadata are texts, names of labels have no dot.
 * Fact: Loki's HTTP API, `POST /loki/api/v1/push`, Loki 3.
 */
export function loki(convention: Convention | undefined, labels: readonly string[]): Envelope {
  const textOf = documentOf(convention)
  const streams = new Streams(labels)
  return {
    name: 'loki',
    contentType: 'application/json',
    frame: FRAME,
    pieceOf(record, time) {
      const ns = nanosecondsOf(time)
      // The line is ASCII and bytes of UTF-8, so its JSON text is, too.
      const line = JSON.stringify(textOf(record))
      return { text: `["${ns}",${line},{"tracenorm_ts_source":"${time.source}"}]`, group: streams.of(record), ns }
    },
  }
}

/** Loki refuses longer values of labels, by default. The line has the whole value. */
const LONGEST_VALUE = 2048

/** The beginnings of streams, by their labels. */
class Streams {
  private readonly labels: readonly { readonly name: string; readonly path: readonly [string, string | undefined] }[]
  private key = ''
  private head = ''

  constructor(labels: readonly string[]) {
    this.labels = labels.map((label) => {
      const [member = '', key] = label.split('.', 2)
      return { name: label.replaceAll('.', '_'), path: [member, key] }
    })
  }

  of(record: EventRecord): string {
    let key = ''
    for (const { path } of this.labels) key += `${valueAt(record, path)}\0`
    if (key === this.key) return this.head
    const labels = this.labels.flatMap(({ name, path }) => {
      const text = latin1(JSON.stringify(valueAt(record, path)))
      return text === '""' || text.length > LONGEST_VALUE ? [] : [`"${name}":${text}`]
    })
    // A stream needs a label: Loki refuses {}.
    const text = labels.length === 0 ? '"job":"tracenorm"' : labels.join(',')
    this.key = key
    this.head = `{"stream":{${text}},"values":[`
    return this.head
  }
}

/** Empty where the record has no such member: Loki drops labels without value. */
function valueAt(record: EventRecord, [member, key]: readonly [string, string | undefined]): string {
  if (member === 'kind') return record.kind
  if (!isPartName(member)) return ''
  const part = record[member]
  const value = key === undefined ? part?.value() : part?.get(key)
  return value === undefined || typeof value === 'object' ? '' : String(value)
}
