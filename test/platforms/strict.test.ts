import { expect, it } from 'vitest'
import { answerBulk, type Judged, judgeBulk, judgeHec, judgeLoki, judgeOtlp } from './strict.ts'

function refusal(judged: Judged): string | undefined {
  return 'refused' in judged ? judged.refused : judged.records.find(({ refused }) => refused !== undefined)?.refused
}

const DOCUMENT = '{"@timestamp":"2026-01-01T00:00:00.000000001Z","tracenorm":{"ts_source":"ts"},"v":1}\n'

it.each([
  ['a data stream takes an index action', `{"index":{}}\n${DOCUMENT}`, /op_type of create/],
  ['an old type', `{"create":{"_type":"doc"}}\n${DOCUMENT}`, /_type/],
  ['no last line end', `{"create":{}}\n${DOCUMENT.trim()}`, /terminated by a newline/],
  ['a time that is a number', '{"create":{}}\n{"@timestamp":1767225600000}\n', /no time/],
  ['a time out of range', '{"create":{}}\n{"@timestamp":"2300-01-01T00:00:00Z"}\n', /out of range/],
])('refuses a bulk request with %s', (_, body, why) => {
  expect(refusal(judgeBulk(body))).toMatch(why)
})

it('answers 201, 409, 429 and 400 by item', () => {
  const good = (id: string): string => `{"create":{"_id":"${id}"}}\n${DOCUMENT}`
  const judged = judgeBulk(`${good('a')}${good('a')}${good('busy')}{"index":{"_id":"old"}}\n${DOCUMENT}`)
  if ('refused' in judged) throw new Error(judged.refused)
  const { errors, items } = answerBulk(judged.records, new Set(), ({ id }) => id === 'busy')
  expect([errors, items.map(({ create }) => create.status)]).toEqual([true, [201, 409, 429, 400]])
})

const pushOf = (stream: object, entry: readonly unknown[]): string =>
  JSON.stringify({ streams: [{ stream, values: [entry] }] })
const METADATA = { tracenorm_ts_source: 'ts' }

it.each([
  ['a dot in a label', pushOf({ 'host.name': 'a' }, ['1', '{}', METADATA]), /host\.name/],
  ['no label', pushOf({}, ['1', '{}', METADATA]), /0 labels/],
  ['nanoseconds as a number', pushOf({ a: 'b' }, [1, '{}', METADATA]), /nanoseconds/],
  ['metadata that is no text', pushOf({ a: 'b' }, ['1', '{}', { line: 1 }]), /no text/],
  ['a line over 256 KiB', pushOf({ a: 'b' }, ['1', `"${' '.repeat(2 ** 18)}"`, METADATA]), /a line/],
])('refuses a push with %s', (_, body, why) => {
  expect(refusal(judgeLoki(body))).toMatch(why)
})

const FIELDS = { tracenorm_ts_source: 'ts' }

it.each([
  ['time as a number', { time: 1.5, event: {}, fields: FIELDS }, /time/],
  ['a field that is an object', { time: '1.000000000', event: {}, fields: { a: {} } }, /no text/],
  ['an event that is a text', { time: '1.000000000', event: 'x', fields: FIELDS }, /event/],
  ['a member of no meaning', { time: '1.000000000', event: {}, fields: FIELDS, hots: 'a' }, /hots/],
])('refuses an event of HEC with %s', (_, event, why) => {
  expect(refusal(judgeHec(JSON.stringify(event)))).toMatch(why)
})

const logsOf = (record: object): string =>
  JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [record] }] }] })

it.each([
  ['nanoseconds as a number', { timeUnixNano: 1 }, /text of digits/],
  ['a misspelt member', { timeUnixNanos: '1' }, /timeUnixNanos/],
  ['a severity that is a name', { severityNumber: 'INFO' }, /severityNumber/],
])('refuses a log record with %s', (_, record, why) => {
  expect(refusal(judgeOtlp(logsOf(record)))).toMatch(why)
})
