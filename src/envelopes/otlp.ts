import { fields } from '../event/generated/fields.ts'
import { members, type PartName } from '../event/generated/members.ts'
import { asObject, Filled, type Json, type Part } from '../event/part.ts'
import { type EventRecord, flagsOf } from '../event/record.ts'
import { Kept } from '../text/kept.ts'
import { latin1, utf8 } from '../text/utf8.ts'
import { type Convention, constantsOf } from './convention.ts'
import type { BodyFrame, Envelope } from './envelope.ts'
import { FilledTexts } from './otlp-filled.ts'
import { keyValue } from './otlp-value.ts'
import { type FilingTime, nanosecondsOf } from './time.ts'

const FRAME: BodyFrame = {
  open: '{"resourceLogs":[',
  between: ',',
  groupEnd: ']}]}',
  betweenGroups: ',',
  close: ']}',
  isSorted: false,
  isOpenEnded: false,
}

/**
 * Logs of OTLP/HTTP in JSON: the event is the structured body, its host the resource. With a convention, what the
 * convention names is in the attributes, and the body has the rest. 64-bit integers are texts, enums are numbers.
 * A record without `ts` has `observedTimeUnixNano` alone. Fact: opentelemetry-proto 1.9, `logs/v1/logs.proto`, and the
 * JSON encoding of the OTLP specification.
 */
export function otlp(convention: Convention | undefined): Envelope {
  const bodies = new Bodies(convention)
  let host: Part | undefined
  let group = groupOf(undefined)
  return {
    name: 'otlp',
    contentType: 'application/json',
    frame: FRAME,
    pieceOf(record, time) {
      if (record.host !== host) {
        host = record.host
        group = groupOf(host)
      }
      const ns = nanosecondsOf(time)
      const when = `"${time.source === 'ts' ? 'timeUnixNano' : 'observedTimeUnixNano'}":"${ns}"`
      const head = `{${when},${severityOf(record)},"eventName":${eventNameOf(record)}`
      return { text: `${head},${bodies.textOf(record, time)}}`, group, ns }
    },
  }
}

function groupOf(host: Part | undefined): string {
  const name = host?.get('name')
  const resource = name === undefined ? '' : `"attributes":[${latin1(keyValue('host.name', name, 'string'))}]`
  return `{"resource":{${resource}},"scopeLogs":[{"scope":{"name":"tracenorm"},"logRecords":[`
}

const INFO = '"severityNumber":9,"severityText":"INFO"'
const WARN = '"severityNumber":13,"severityText":"WARN"'
const ERROR = '"severityNumber":17,"severityText":"ERROR"'

/** A message has that of its tool, and a loss is a warning. A drop is what the kernel does every day. */
function severityOf({ kind, level }: EventRecord): string {
  if (kind === 'loss') return WARN
  const word = level?.value()
  return word === 'error' ? ERROR : word === 'warning' ? WARN : INFO
}

function eventNameOf({ kind, event_name: name }: EventRecord): string {
  return name === undefined ? `"tracenorm.${kind}"` : latin1(JSON.stringify(name.value()))
}

/** What is sent of a part, in latin1: pieces of the body and of the attributes, each with a comma before it. */
interface PartTexts {
  readonly body: string
  readonly attributes: string
}

const NO_TEXTS: PartTexts = { body: '', attributes: '' }

class Bodies {
  private readonly convention: Convention | undefined
  private readonly texts = new Kept<Part, PartTexts>()
  private readonly filled = new FilledTexts()

  constructor(convention: Convention | undefined) {
    this.convention = convention
  }

  /** `"body":…,"attributes":[…]`. */
  textOf(record: EventRecord, { source }: FilingTime): string {
    const { convention } = this
    let body = `{"key":"v","value":{"intValue":"1"}},{"key":"kind","value":{"stringValue":"${record.kind}"}}`
    let attributes = `{"key":"tracenorm.ts_source","value":{"stringValue":"${source}"}}`
    if (convention !== undefined)
      for (const [name, value] of constantsOf(convention, record.kind))
        attributes += `,${keyValue(name, value, undefined)}`
    for (const name of members) {
      if (name === 'flags') {
        body += flagsText(record)
        continue
      }
      const part = record[name]
      if (part === undefined) continue
      if (convention === undefined && part instanceof Filled) body += this.filled.textOf(name, part)
      else {
        const texts = this.textsOf(name, part)
        body += texts.body
        attributes += texts.attributes
      }
    }
    body += unknownText(record)
    return `"body":{"kvlistValue":{"values":[${body}]}},"attributes":[${attributes}]`
  }

  private textsOf(name: PartName, part: Part): PartTexts {
    let texts = this.texts.get(part)
    if (texts === undefined) {
      texts = this.made(name, part.value())
      this.texts.set(part, texts)
    }
    return texts
  }

  private made(name: PartName, value: Json): PartTexts {
    const type = fields[name]
    if (this.convention === undefined) return { ...NO_TEXTS, body: latin1(`,${keyValue(name, value, type)}`) }
    const { named, rest } = this.convention.mapped(name, value)
    return {
      body: rest === undefined ? '' : latin1(`,${keyValue(name, rest, type)}`),
      attributes: latin1(named.map(([theirs, one]) => `,${keyValue(theirs, one, undefined)}`).join('')),
    }
  }
}

function flagsText(record: EventRecord): string {
  const flags = flagsOf(record)
  return flags.length === 0 ? '' : latin1(`,${keyValue('flags', flags, undefined)}`)
}

/** Members that this version does not know. */
function unknownText({ unknown }: EventRecord): string {
  if (unknown === undefined) return ''
  const more: Json = JSON.parse(`{${utf8(unknown.slice(1))}}`)
  return Object.entries(asObject(more))
    .flatMap(([key, value]) => (value === undefined ? [] : [latin1(`,${keyValue(key, value, undefined)}`)]))
    .join('')
}
