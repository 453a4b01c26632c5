// The fast path of samples against stream-json: what it reads is JSON, and makes the record that the slow path makes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlainSample } from '../../../../adapters/perf/json/plain-sample.ts'
import { sampleRecord } from '../../../../adapters/perf/json/sample.ts'
import { readJson } from '../../../../adapters/perf/json/tokens.ts'
import type { Context } from '../../../../src/contract.ts'
import { lineOf } from '../../../../src/event/line.ts'
import type { EventRecord } from '../../../../src/event/record.ts'
import { damaged } from '../../../kit/damaged.ts'
import { randomOf } from '../../../kit/random.ts'
import { dropAt, jsonOf, printed } from './documents.ts'

const CONTEXT: Context = {
  flags: {},
  reasons: { codeOf: () => undefined, decode: (code) => ({ name: `REASON_${code}`, subsystem: 'core', by: 'btf' }) },
  isWholeReason: () => false,
}

const textOf = (record: EventRecord | undefined): string | undefined =>
  record && `${record.clockId} ${record.ns} ${lineOf(record)}`

function slowly(text: string): string | undefined {
  const reading = readJson(text)
  if (!('value' in reading) || reading.value.kind !== 'object') return undefined
  return textOf(sampleRecord(reading.value.members, 'perf', CONTEXT))
}

/** What the fast path makes of a text that it reads to its end; undefined: it leaves it to the slow one. */
function fast(text: string): string | undefined {
  const plain = new PlainSample(CONTEXT)
  const record = plain.read(text, 0, 'perf')
  return record === undefined ? undefined : `${textOf(record)}${plain.end === text.length ? '' : ' and more'}`
}

const REAL = readdirSync('fixtures/perf/json').flatMap((name) => {
  const text = readFileSync(join('fixtures/perf/json', name, 'input.json'), 'latin1')
  return text
    .split(/(?<=\n\t\t\}),\n\t\t(?=\{)|"samples": \[\n\t\t|\n\t\]\n\}/)
    .filter((piece) => piece.startsWith('{\n\t\t\t"'))
})

describe('the fast path', () => {
  it('reads the samples that perf wrote, in any layout', () => {
    expect(REAL.length).toBeGreaterThan(25)
    for (const text of REAL)
      for (const layout of [text, printed(jsonOf(text)), printed(jsonOf(text), '  ')]) {
        expect(slowly(layout)).toBeDefined()
        expect(fast(layout)).toBe(slowly(layout))
      }
  })

  it('reads nothing that is not JSON, and nothing otherwise than the slow path', () => {
    const random = randomOf(5)
    let read = 0
    for (let run = 0; run < 20_000; run++) {
      const text = damaged(Buffer.from(REAL[run % REAL.length] ?? '', 'latin1'), random).toString('latin1')
      const record = fast(text)
      if (record === undefined || record.endsWith(' and more')) continue
      read++
      expect(record, text).toBe(slowly(text))
    }
    expect(read).toBeGreaterThan(100)
  })

  it('makes the same of any names and fields', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '',
        '(nil)',
        '0x10',
        '3',
        '0',
        '007',
        '1',
        '99999999999',
        'ARRAY[63, 61, 00]',
        'ARRAY[]',
        '"}]',
        '],',
      ),
    )
    const key = fc.oneof(
      fc.constantFrom('skbaddr', 'location', 'rx_sk', 'protocol', 'reason', 'comm', 'pid', 'name', 'vec'),
      fc.string({ maxLength: 8 }),
    )
    const sample = fc.tuple(
      fc.nat(),
      fc.integer(),
      value,
      fc.array(fc.tuple(value, value), { maxLength: 3 }),
      fc.array(fc.tuple(key, value), { maxLength: 6 }),
    )
    fc.assert(
      fc.property(sample, fc.boolean(), ([ns, pid, comm, frames, fields], isPlain) => {
        const chain = frames.map(([symbol, dso]) => ({ ip: '0x10', symbol, dso }))
        const members = [
          `"timestamp": ${ns}, "pid": ${pid}, "tid": ${pid}, "cpu": 3, "comm": ${JSON.stringify(comm)}, "callchain": ${JSON.stringify(chain)}`,
          ...fields.map((field) => field.map((text) => JSON.stringify(text)).join(':')),
        ]
        const text = Buffer.from(`{${members.join(isPlain ? ',' : ' ,\n')}}`, 'utf8').toString('latin1')
        const record = fast(text)
        if (record !== undefined) expect(record).toBe(slowly(text))
      }),
      { numRuns: 200 },
    )
  })

  it('leaves other members, their order, and numbers of other forms to the slow path', () => {
    for (const [from, to] of [
      ['"pid": 7, "tid": 8', '"tid": 8, "pid": 7'],
      ['"cpu": 1', '"cpu": 1, "period": 1'],
      ['"reason": "3"', '"reason": 3'],
      ['"timestamp": 5', '"timestamp": 5.0'],
      ['"pid": 7', '"pid": -07'],
    ] as const) {
      const text = dropAt(5).replace(from, to)
      expect(text).not.toBe(dropAt(5))
      expect(fast(text)).toBeUndefined()
    }
    expect(fast(dropAt(5))).toBe(slowly(dropAt(5)))
    expect(fast(dropAt(5))).toContain('"reason":"REASON_3"')
  })
})
