import { expect, it } from 'vitest'
import { Batch } from '../../src/envelopes/batch.ts'
import type { BodyPiece } from '../../src/envelopes/envelope.ts'
import { openEnvelope } from '../../src/envelopes/open.ts'

const { frame } = openEnvelope({ name: 'loki', map: undefined, labels: ['kind'] })
const A = '{"stream":{"kind":"a"},"values":['
const B = '{"stream":{"kind":"b"},"values":['

function piece(group: string, ns: string, text = `["${ns}","x",{}]`): BodyPiece {
  return { text, group, ns }
}

it('puts pieces of a stream together, in the order of their times', () => {
  const batch = new Batch(frame, { bytes: 1000, records: 100 })
  const pieces = [piece(A, '10'), piece(B, '1'), piece(A, '9', '["9","first"]'), piece(A, '9', '["9","second"]')]
  for (const one of pieces) batch.add(one)
  const { bytes } = batch
  const body = batch.take()
  expect(body).toHaveLength(bytes)
  expect(JSON.parse(body.toString())).toEqual({
    streams: [
      {
        stream: { kind: 'a' },
        values: [
          ['9', 'first'],
          ['9', 'second'],
          ['10', 'x', {}],
        ],
      },
      { stream: { kind: 'b' }, values: [['1', 'x', {}]] },
    ],
  })
})

it('counts the bytes of the whole body, to the last one', () => {
  const two = new Batch(frame, { bytes: 1000, records: 100 })
  two.add(piece(A, '1'))
  two.add(piece(B, '2'))
  const exact = new Batch(frame, { bytes: two.bytes, records: 100 })
  exact.add(piece(A, '1'))
  expect(exact.fits(piece(B, '2'))).toBe(true)
  expect(exact.fits(piece(B, '22'))).toBe(false)
})

it('is empty when its body was taken', () => {
  const batch = new Batch(frame, { bytes: 1000, records: 1 })
  batch.add(piece(A, '1'))
  expect(batch.fits(piece(A, '2'))).toBe(false)
  batch.take()
  expect([batch.records, batch.fits(piece(A, '2'))]).toEqual([0, true])
})
