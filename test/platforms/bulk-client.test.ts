// The official client's bulk helper reads what the strict judge answers, item by item: both say which were taken.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Client } from '@elastic/elasticsearch'
import { expect, it } from 'vitest'
import { openEnvelope } from '../../src/envelopes/open.ts'
import { RecordTimes } from '../../src/envelopes/time.ts'
import { recordOfLine } from '../../src/event/published.ts'
import { type Arrived, answerBulk, judgeBulk } from './strict.ts'

/** A document, which names its own id; the helper makes the action lines. */
interface Identified {
  readonly id: string
}

function documentsOf(ids: readonly string[]): readonly Identified[] {
  const times = new RecordTimes({ as: 'reject' }, () => 0n)
  const envelope = openEnvelope({ name: 'es-bulk', map: undefined, labels: [] })
  const ts = '2026-01-01T00:00:00.000000001Z'
  return ids.map((id) => {
    const record = recordOfLine(JSON.stringify({ v: 1, kind: 'trace', ts, capture: { path: 'a' }, id }))
    const time = times.of(record)
    if ('unfit' in time) throw new Error(time.unfit)
    const [action = '', source = ''] = envelope.pieceOf(record, time).text.split('\n')
    expect(JSON.parse(action)).toEqual({ create: { _id: id } })
    return JSON.parse(source)
  })
}

it('agrees with the judge on 201, 409, 429 and 400', { timeout: 30_000 }, async () => {
  const known = new Set<string>(['there'.padEnd(32, '0')])
  const seen = new Map<string, number[]>()
  let busy = 2
  const isBusy = ({ id }: Arrived): boolean => id?.startsWith('busy') === true && busy-- > 0
  const server = createServer(async (request, response) => {
    const judged = judgeBulk(await text(request))
    const answer =
      'refused' in judged ? { error: judged.refused, status: 400 } : answerBulk(judged.records, known, isBusy)
    if ('items' in answer)
      for (const { create } of answer.items) seen.set(create._id, [...(seen.get(create._id) ?? []), create.status])
    const status = 'items' in answer ? 200 : 400
    response.writeHead(status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!isInet(address)) throw new Error('no address')
  const client = new Client({ node: `http://127.0.0.1:${address.port}` })
  const documents = documentsOf(['new', 'there', 'busy', 'other'].map((id) => id.padEnd(32, '0')))
  const dropped: (readonly [string, number])[] = []
  const result = await client.helpers.bulk<Identified>({
    // The last one has no time.
    datasource: [...documents, { id: 'bad'.padEnd(32, '0') }],
    onDocument: ({ id }) => ({ create: { _id: id } }),
    onDrop: ({ status, document: { id } }) => dropped.push([id.replace(/0+$/, ''), status]),
    wait: 1,
    retries: 3,
    flushInterval: 100,
  })
  await client.close()
  server.close()
  expect(dropped.toSorted()).toEqual([
    ['bad', 400],
    ['there', 409],
  ])
  expect({ ...result }).toMatchObject({ total: 5, failed: 2, successful: 3 })
  expect([...seen].map(([id, statuses]) => [id.replace(/0+$/, ''), statuses])).toEqual([
    ['new', [201]],
    ['there', [409]],
    ['busy', [429, 429, 201]],
    ['other', [201]],
    ['bad', [400]],
  ])
})

function isInet(address: ReturnType<ReturnType<typeof createServer>['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
