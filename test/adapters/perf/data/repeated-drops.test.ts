import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapters } from '../../../../adapters/registry.ts'
import { BARE_PLAN, type Plan } from '../../../../src/run/plan.ts'
import { wire } from '../../../../src/run/wire.ts'
import { root } from '../../../cli/program.ts'
import { convertBytes } from '../../../kit/convert-bytes.ts'
import { recordsIn } from './recordings.ts'

const PIPE = readFileSync(join(root, 'fixtures/perf/data/pipe/input.data'))
const SAMPLE = 9
/** Of the first drop of the recording. */
const FIRST_NS = 3812708201869n
const SKB = 0xffff8881117352e0n
const DROPS = 1500
const BOOT = BigInt(Date.parse('2026-03-01T23:59:59.123Z')) * 1_000_000n

/** The recording with its first drop again and again: each time later, of another skb. */
function dropsAlike(): Buffer {
  const records = recordsIn(PIPE)
  const drop = records.find(({ type, bytes }) => type === SAMPLE && bytes.includes(u64(FIRST_NS)))?.bytes
  const before = records.filter(({ type }) => type > SAMPLE).map(({ bytes }) => bytes)
  if (drop === undefined) throw new Error('the recording of the fixture has another first drop')
  const [time, skb] = [drop.indexOf(u64(FIRST_NS)), drop.indexOf(u64(SKB))]
  const drops = Array.from({ length: DROPS }, (_, index) => {
    const copy = Buffer.from(drop)
    copy.writeBigUInt64LE(FIRST_NS + BigInt(index) * 1_234_567n, time)
    // Now and then another slab, and a pointer that is no address of the kernel.
    copy.writeBigUInt64LE(index % 500 === 499 ? BigInt(index) : SKB + (BigInt(index) << BigInt(index % 34)), skb)
    return copy
  })
  return Buffer.concat([PIPE.subarray(0, 16), ...before, ...drops])
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

async function converted(bytes: Buffer, plan: Partial<Plan>): Promise<string> {
  const wired = await wire({ ...BARE_PLAN, ...plan }, adapters)
  const { output, outcome } = await convertBytes(wired, bytes, { path: 'perf.data' })
  expect([outcome.bugs, outcome.ledger.written]).toEqual([[], DROPS])
  return output
}

describe('drops that differ in their leaves alone', () => {
  const withWallClock = { ...BARE_PLAN.given, time: { ...BARE_PLAN.given.time, bootNs: BOOT } }

  it.each([
    ['without a wall clock', BARE_PLAN.given],
    ['with the wall clock', withWallClock],
  ])('have the lines of their records, %s', async (_, given) => {
    const bytes = dropsAlike()
    const lines = await converted(bytes, { given })
    // Every line that is checked is that of a record.
    expect(lines).toBe(await converted(bytes, { given, validate: 'full' }))
    expect(lines.includes('"ts":')).toBe(given === withWallClock)
  })
  it('go on to the output as it takes them, however many are due at once', async () => {
    let waiting = 0
    let most = 0
    const wired = await wire(BARE_PLAN, adapters)
    await convertBytes(wired, dropsAlike(), {
      path: 'perf.data',
      openSink: () => ({
        write() {
          waiting++
          most = Math.max(most, waiting)
        },
        flush() {
          waiting = 0
        },
      }),
    })
    expect(most).toBeLessThanOrEqual(1024)
  })
})
