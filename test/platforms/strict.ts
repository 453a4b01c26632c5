// What the platforms' documents refuse, and what a body holds that they take. Nothing here is shared with the encoders.

/** A record as a platform got it. */
export interface Arrived {
  readonly event: Members
  /** Nanoseconds since 1970. */
  readonly ns: bigint
  readonly tsSource: unknown
  readonly id?: string
  /** Why this one is refused; the others of its body are taken. */
  readonly refused?: string
}

/** A body: refused as a whole, or looked at record by record. */
export type Judged = { readonly refused: string } | { readonly records: readonly Arrived[] }

export interface Members {
  readonly [name: string]: unknown
}

const LAST_NS = 2n ** 63n - 1n
const TIME_SOURCES = ['ts', 'inherited', 'start', 'now']

class Refused extends Error {}

function refuse(why: string): never {
  throw new Refused(why)
}

function judged(judge: () => readonly Arrived[]): Judged {
  try {
    return { records: judge() }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message }
    throw error
  }
}

function members(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(`${what} is no object`)
  return Object.fromEntries(Object.entries(value))
}

function list(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`${what} is no list`)
}

function parsed(text: string, what: string): Members {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    refuse(`${what} is no JSON`)
  }
  return members(value, what)
}

/** Refuses members that the protocol does not have: a misspelt one would be ignored in silence. */
function only(value: Members, names: readonly string[], what: string): void {
  const other = Object.keys(value).find((name) => !names.includes(name))
  if (other !== undefined) refuse(`${what} has a member ${other}`)
}

/** RFC 3339 with `Z` and up to nine fraction digits, in the range of date_nanos. */
function dateNanos(text: unknown): bigint {
  const [, second, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(String(text)) ?? []
  const ms = second === undefined ? Number.NaN : Date.parse(`${second}Z`)
  if (Number.isNaN(ms)) refuse(`@timestamp ${String(text)} is no time`)
  return inRange(BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0')))
}

function inRange(ns: bigint): bigint {
  return ns >= 0n && ns <= LAST_NS ? ns : refuse(`${ns} ns is out of range`)
}

/** The API `_bulk` for a data stream whose template is strict. `known`: ids that are there already. */
export function judgeBulk(body: string): Judged {
  return judged(() => {
    if (!body.endsWith('\n')) refuse('The bulk request must be terminated by a newline [\\n]')
    const lines = body.slice(0, -1).split('\n')
    if (lines.length % 2 !== 0) refuse('an action without its document')
    return Array.from({ length: lines.length / 2 }, (_, at) => bulkItem(lines[2 * at] ?? '', lines[2 * at + 1] ?? ''))
  })
}

function bulkItem(action: string, document: string): Arrived {
  const of = parsed(action, 'an action')
  const [operation, ...more] = Object.keys(of)
  if (operation === undefined || more.length > 0) refuse('an action has one operation')
  const { _id: id, ...rest } = members(of[operation], operation)
  const [other] = Object.keys(rest)
  if (other !== undefined) refuse(`Action/metadata line contains an unknown parameter [${other}]`)
  if (id !== undefined && (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > 512)) refuse('a bad _id')
  const { '@timestamp': time, tracenorm, ...event } = parsed(document, 'a document')
  const item = { event, ...(typeof id === 'string' && { id }) }
  try {
    if (operation !== 'create') refuse('only write ops with an op_type of create are allowed in data streams')
    const ns = dateNanos(time)
    const tsSource = tsSourceIn(members(tracenorm, 'tracenorm'), 'ts_source')
    return { ...item, ns, tsSource }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { ...item, ns: 0n, tsSource: undefined, refused: error.message }
  }
}

function tsSourceIn(value: Members, name: string): unknown {
  const source = value[name]
  if (!TIME_SOURCES.includes(String(source))) refuse(`${name} is ${String(source)}`)
  return source
}

/** What Elasticsearch answers to a bulk request: 201, 409 for an id that is there, 429 where it is busy, 400. */
export function answerBulk(
  records: readonly Arrived[],
  known: Set<string>,
  isBusy: (record: Arrived) => boolean = () => false,
): {
  readonly errors: boolean
  readonly items: readonly { readonly create: { readonly _id: string; readonly status: number } }[]
} {
  const items = records.map((record) => {
    const { id = '', refused } = record
    const answer = (status: number, type?: string, reason?: string) => ({
      create: { _index: 'logs', _id: id, status, ...(type !== undefined && { error: { type, reason } }) },
    })
    if (isBusy(record))
      return answer(429, 'es_rejected_execution_exception', 'rejected execution of coordinating operation')
    if (refused !== undefined) return answer(400, 'document_parsing_exception', refused)
    if (id !== '' && known.has(id))
      return answer(409, 'version_conflict_engine_exception', `[${id}]: version conflict, document already exists`)
    if (id !== '') known.add(id)
    return answer(201)
  })
  return { errors: items.some(({ create: { status } }) => status !== 201), items }
}

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** `POST /loki/api/v1/push`, with the limits that Loki 3 has by default. */
export function judgeLoki(body: string): Judged {
  return judged(() => {
    const push = parsed(body, 'the push')
    only(push, ['streams'], 'the push')
    return list(push.streams, 'streams').flatMap(lokiStream)
  })
}

function lokiStream(value: unknown): readonly Arrived[] {
  const { stream, values, ...rest } = members(value, 'a stream')
  only(rest, [], 'a stream')
  const labels = Object.entries(members(stream, 'labels'))
  if (labels.length < 1 || labels.length > 15) refuse(`${labels.length} labels`)
  for (const [name, label] of labels) {
    if (!LABEL.test(name)) refuse(`the label ${name} has a wrong name`)
    if (typeof label !== 'string' || Buffer.byteLength(label) > 2048) refuse(`the label ${name} has a wrong value`)
  }
  let last = 0n
  return list(values, 'values').map((entry) => {
    const [time, line, metadata, ...more] = list(entry, 'an entry')
    if (typeof time !== 'string' || !/^\d{1,19}$/.test(time)) refuse('a time that is no text of nanoseconds')
    if (typeof line !== 'string' || Buffer.byteLength(line) > 256 * 1024 || more.length > 0) refuse('a line')
    const { tracenorm_ts_source: tsSource, ...others } = flatTexts(metadata)
    const ns = inRange(BigInt(time))
    if (ns < last) refuse('an entry before the one before it')
    last = ns
    return { event: parsed(line, 'a line'), ns, tsSource: tsSourceIn({ tsSource, ...others }, 'tsSource') }
  })
}

/** Texts alone, few and short. */
function flatTexts(value: unknown): Members {
  const flat = members(value, 'metadata')
  const entries = Object.entries(flat)
  if (entries.length > 128 || JSON.stringify(flat).length > 64 * 1024) refuse('too much metadata')
  for (const [name, text] of entries) if (typeof text !== 'string') refuse(`metadata ${name} is no text`)
  return flat
}

/** `POST /services/collector/event`: objects one after another. */
export function judgeHec(body: string): Judged {
  return judged(() =>
    body
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { time, event, fields, ...rest } = parsed(line, 'an event')
        only(rest, ['host', 'source', 'sourcetype', 'index'], 'an event')
        for (const [name, text] of Object.entries(rest)) if (typeof text !== 'string') refuse(`${name} is no text`)
        const [, seconds, fraction] = /^(\d{1,10})\.(\d{9})$/.exec(String(time)) ?? []
        if (typeof time !== 'string' || seconds === undefined || fraction === undefined)
          refuse('time is no text of digits')
        const flat = flatTexts(fields)
        return {
          event: members(event, 'event'),
          ns: inRange(BigInt(seconds + fraction)),
          tsSource: tsSourceIn(flat, 'tracenorm_ts_source'),
        }
      }),
  )
}

/** `POST /v1/logs` with `application/json`. */
export function judgeOtlp(body: string): Judged {
  return judged(() => {
    const request = parsed(body, 'the request')
    only(request, ['resourceLogs'], 'the request')
    return list(request.resourceLogs, 'resourceLogs').flatMap((one) => {
      const { resource, scopeLogs, ...rest } = members(one, 'resourceLogs')
      only(rest, ['schemaUrl'], 'resourceLogs')
      only(members(resource, 'resource'), ['attributes'], 'resource')
      return list(scopeLogs, 'scopeLogs').flatMap((logs) => {
        const { scope, logRecords, ...more } = members(logs, 'scopeLogs')
        only(more, ['schemaUrl'], 'scopeLogs')
        only(members(scope, 'scope'), ['name', 'version', 'attributes'], 'scope')
        return list(logRecords, 'logRecords').map(logRecord)
      })
    })
  })
}

function logRecord(value: unknown): Arrived {
  const record = members(value, 'a log record')
  const { timeUnixNano, observedTimeUnixNano, severityNumber, severityText, eventName, body, attributes, ...rest } =
    record
  only(rest, [], 'a log record')
  const times = [timeUnixNano, observedTimeUnixNano].filter((time) => time !== undefined)
  for (const time of times)
    if (typeof time !== 'string' || !/^\d{1,19}$/.test(time)) refuse('a time is a text of digits')
  const severity = typeof severityNumber === 'number' ? severityNumber : refuse('severityNumber is no number')
  if (severity < 1 || severity > 24) refuse(`severity ${severity}`)
  for (const text of [severityText, eventName]) if (typeof text !== 'string') refuse('a text of the record is none')
  const named = keyValues(attributes)
  const tsSource = tsSourceIn(named, 'tracenorm.ts_source')
  if ((tsSource === 'ts') !== (timeUnixNano !== undefined)) refuse('timeUnixNano is not that of the event')
  return { event: members(anyValue(body), 'body'), ns: inRange(BigInt(String(times[0]))), tsSource }
}

function keyValues(value: unknown): Members {
  const pairs = list(value ?? [], 'a list of pairs').map((pair): [string, unknown] => {
    const { key, value: of, ...rest } = members(pair, 'a pair')
    only(rest, [], 'a pair')
    return [typeof key === 'string' ? key : refuse('a key is no text'), anyValue(of)]
  })
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) refuse('a key is there twice')
  return Object.fromEntries(pairs)
}

function anyValue(value: unknown): unknown {
  const entries = Object.entries(members(value, 'a value'))
  const [[kind, of] = ['null', null], ...more] = entries
  if (more.length > 0) refuse('a value of two kinds')
  switch (kind) {
    case 'null':
      return null
    case 'stringValue':
      return typeof of === 'string' ? of : refuse('stringValue is no text')
    case 'boolValue':
      return typeof of === 'boolean' ? of : refuse('boolValue is no boolean')
    case 'intValue':
      return typeof of === 'string' && /^-?\d{1,19}$/.test(of) ? Number(of) : refuse('intValue is no text of digits')
    case 'doubleValue':
      return typeof of === 'number' ? of : refuse('doubleValue is no number')
    case 'arrayValue':
      return list(members(of, kind).values ?? [], 'values').map(anyValue)
    case 'kvlistValue':
      return keyValues(members(of, kind).values)
    default:
      return refuse(`a value of kind ${kind}`)
  }
}
