// What answers of platforms mean, one by one.
import { describe, expect, it } from 'vitest'
import { esBulkVerdict } from '../../src/ship/answers/es-bulk.ts'
import { hecVerdict } from '../../src/ship/answers/hec.ts'
import { lokiVerdict } from '../../src/ship/answers/loki.ts'
import { otlpVerdict } from '../../src/ship/answers/otlp.ts'

const answer = (status: number, text: string | object = '') => ({
  status,
  waitMs: undefined,
  text: typeof text === 'string' ? text : JSON.stringify(text),
})
const ALL = { of: 'all', fate: { is: 'acknowledged' } }
const again = { of: 'all', fate: { is: 'again' } }
const refused = { of: 'all', fate: { is: 'refused' } }

describe('a page for people, where an answer should be', () => {
  const page = answer(200, '<!DOCTYPE html><title>Sign in</title>')
  it.each([
    ['es-bulk', esBulkVerdict(page, 1)],
    ['loki', lokiVerdict(page)],
    ['hec', hecVerdict(page, 1, false)],
    ['otlp', otlpVerdict(page, 1)],
  ])('ends the run, though its status is 200: %s', (_, verdict) => {
    expect(verdict).toMatchObject({ of: 'stop', why: expect.stringContaining('another server') })
  })
})

describe('an answer to a bulk request', () => {
  const item = (status: number, error?: object) => ({ create: { status, ...(error !== undefined && { error }) } })

  it('has a verdict for each record: 201 and 409 are there, 429 comes again, 400 is refused', () => {
    const items = [item(201), item(409, {}), item(429, {}), item(400, { type: 'strict_dynamic_mapping_exception' })]
    const verdict = esBulkVerdict(answer(200, { errors: true, items }), 4)
    expect(verdict).toMatchObject({
      of: 'each',
      fates: [
        { is: 'acknowledged' },
        { is: 'acknowledged' },
        { is: 'again' },
        { is: 'refused', refusal: { status: 400, reason: '{"type":"strict_dynamic_mapping_exception"}' } },
      ],
    })
  })

  it.each([
    ['nothing', ''],
    ['an empty object', {}],
    ['too few items', { errors: false, items: [item(201)] }],
    ['an item of another action', { errors: false, items: [item(201), { index: { status: 201 } }] }],
  ])('says nothing where it holds %s: the request is sent again in halves', (_, text) => {
    expect(esBulkVerdict(answer(200, text), 2)).toMatchObject({ of: 'halves', refusal: { isUnsure: true } })
  })
})

describe('an answer of Loki', () => {
  it.each([
    [204, ALL],
    [200, ALL],
    [400, { of: 'all', fate: { is: 'refused', refusal: { isUnsure: true } } }],
    [260, refused],
    [429, again],
    [500, again],
    [413, { of: 'halves' }],
  ])('with status %i', (status, verdict) => expect(lokiVerdict(answer(status, 'why'))).toMatchObject(verdict))
})

describe('an answer of Splunk', () => {
  it.each([
    [200, { text: 'Success', code: 0 }, ALL],
    [503, { text: 'Server is busy', code: 9 }, again],
    [500, { text: 'Internal server error', code: 8 }, again],
    [403, { text: 'Invalid token', code: 4 }, { of: 'stop' }],
    [400, { text: 'Incorrect index', code: 7 }, { of: 'stop' }],
    [400, { text: 'Invalid data format', code: 6 }, refused],
    [200, '', { of: 'halves', refusal: { isUnsure: true } }],
  ])('with status %i and %j', (status, text, verdict) => {
    expect(hecVerdict(answer(status, text), 3, false)).toMatchObject(verdict)
  })

  it('names the event that is no good, and the others come again', () => {
    const said = { text: 'Invalid data format', code: 6, 'invalid-event-number': 1 }
    const fates = [{ is: 'again' }, { is: 'refused' }, { is: 'again' }]
    expect(hecVerdict(answer(400, said), 3, false)).toMatchObject({ of: 'each', fates })
  })

  it('has an id, where its indexers acknowledge; without one the run cannot go on', () => {
    expect(hecVerdict(answer(200, { code: 0, ackId: 7 }), 3, true)).toEqual({ of: 'later', ackId: 7 })
    expect(hecVerdict(answer(200, { code: 0 }), 3, true)).toMatchObject({ of: 'stop' })
  })
})

describe('an answer of an OTLP receiver', () => {
  it.each([
    [200, { partialSuccess: {} }, ALL],
    [201, '', ALL],
    [200, { partialSuccess: { rejectedLogRecords: '0', errorMessage: 'slow down' } }, ALL],
    [
      200,
      { partialSuccess: { rejectedLogRecords: '1' } },
      { of: 'all', fate: { is: 'refused', refusal: { isUnsure: true } } },
    ],
    [
      200,
      { partialSuccess: { rejectedLogRecords: 3 } },
      { of: 'all', fate: { is: 'refused', refusal: { isUnsure: false } } },
    ],
    [400, 'too large', refused],
    [502, '', again],
    [504, '', again],
    [401, '', { of: 'stop' }],
  ])('with status %i and %j', (status, text, verdict) => {
    expect(otlpVerdict(answer(status, text), 3)).toMatchObject(verdict)
  })
})
