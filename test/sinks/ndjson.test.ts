import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineOf } from '../../src/event/line.ts'
import { Mould, seal, tsPart } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { Blocks } from '../../src/output/blocks.ts'
import { ndjsonSink } from '../../src/sinks/ndjson.ts'
import { NEVER } from './never.ts'

const CLOCKS = [
  new Mould('clock', { id: 'unknown', ns: '0' }, ['ns']),
  new Mould('clock', { id: 'perf', ns: '0' }, ['ns']),
]
const CAPTURE = new Mould('capture', { path: '-', line: 1 }, ['line'])
const SKBS = [
  new Mould('skb', { addr: '0x1', protocol: 2048 }, ['addr']),
  new Mould('skb', { addr: '0x1', rx_sk: '0x1' }, ['addr', 'rx_sk'], 'address_hashed'),
  new Mould('skb', { addr: '0x1', len: 1, orig_len: 1 }, ['addr', 'len', 'orig_len']),
]
const PROCESSES = [undefined, seal('process', { comm: 'a', tid: 1 }), seal('process', { comm: 'ü' }, 'text_replaced')]
const TIMES = ['2026-01-01T00:00:00.000000000Z', '2026-01-01T00:00:00.123456789Z']

const number = fc.oneof(fc.nat(12), fc.nat({ max: 2 ** 31 - 1 }), fc.maxSafeNat())
const address = number.map((value) => `0x${value.toString(16)}`)

/** Few shapes, so that one often comes twice in a row; many leaves. */
const records = fc
  .record({
    clock: fc.nat(1),
    ns: number.map(String),
    skb: fc.option(fc.nat(2)),
    leaves: fc.tuple(address, address, number, number),
    process: fc.nat(2),
    line: number.map((value) => value + 1),
    ts: fc.option(fc.constantFrom(...TIMES), { freq: 1 }),
    source: fc.option(fc.constant('{"v":1,"kind":"drop","drop":{"count":1}}'), { freq: 9 }),
  })
  .map(({ clock, ns, skb, leaves: [addr, socket, length, original], process, line, ts, source }) => {
    const record = new EventRecord('drop')
    record.clock = CLOCKS[clock]?.fill(ns)
    if (skb === 0) record.skb = SKBS[0]?.fill(addr)
    if (skb === 1) record.skb = SKBS[1]?.fill(addr, socket)
    if (skb === 2) record.skb = SKBS[2]?.fill(addr, length, original)
    record.process = PROCESSES[process]
    if (ts !== null) record.ts = tsPart(ts)
    record.capture = CAPTURE.fill(Math.min(line, Number.MAX_SAFE_INTEGER))
    if (source !== null) record.source = source
    return record
  })

/** What an output gets when these are written to it, with a flush after those that `isFlushed` names. */
async function written(list: readonly EventRecord[], isFlushed: (at: number) => boolean): Promise<string> {
  const blocks: string[] = []
  const output = new Blocks((block) => blocks.push(block.toString('latin1')))
  const sink = ndjsonSink(output, NEVER)
  for (const [at, record] of list.entries()) {
    sink.write(record)
    if (isFlushed(at)) await sink.flush()
  }
  output.flush()
  return blocks.join('')
}

describe('a line', () => {
  it('is that of its record, whatever it shares with the one before', async () => {
    const runs = fc.array(fc.tuple(records, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(runs, fc.array(fc.boolean(), { minLength: 1 }), async (list, flushes) => {
        const all = list.flatMap(([record, times]) => Array.from({ length: times }, () => record))
        const expected = all.map((record) => `${lineOf(record)}\n`).join('')
        expect(await written(all, (at) => flushes[at % flushes.length] === true)).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('is right over many blocks, with leaves that grow', async () => {
    const [long, short] = [seal('message', 'x'.repeat(200_000)), seal('message', 'x')]
    const list = Array.from({ length: 3000 }, (_, at) => {
      const record = new EventRecord('drop')
      record.clock = CLOCKS[0]?.fill(String(at * 37))
      record.skb = SKBS[2]?.fill(`0x${(at * 7).toString(16)}`, at, at * 3)
      record.message = at % 1000 < 3 ? long : short
      record.capture = CAPTURE.fill(at + 1)
      return record
    })
    const expected = list.map((record) => `${lineOf(record)}\n`).join('')
    expect((await written(list, () => false)) === expected).toBe(true)
  })

  it('is right when only a leaf grows or shrinks', async () => {
    const list = [5, 50, 5, 0, 500, 499, 50, 7].map((length) => {
      const record = new EventRecord('drop')
      record.skb = SKBS[2]?.fill('0x1', 100, length)
      return record
    })
    expect(await written(list, () => false)).toBe(list.map((record) => `${lineOf(record)}\n`).join(''))
  })
})
