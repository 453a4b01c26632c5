import { describe, expect, it } from 'vitest'
import { TimeOrder } from '../../../../adapters/perf/data/order.ts'
import { recordBytes } from '../../../../adapters/perf/data/run.ts'
import { randomOf } from '../../../kit/random.ts'

/** Records of 16 bytes: a size, and a time at 8. */
function recordsOf(times: readonly number[]): Buffer {
  const bytes = Buffer.alloc(16 * times.length)
  for (const [index, time] of times.entries()) {
    bytes.writeUInt16LE(16, 16 * index + 6)
    bytes.writeUInt32LE(time, 16 * index + 8)
    bytes.writeUInt32LE(index, 16 * index + 12)
  }
  return bytes
}

/** As the core has it given, before the next record is added. */
function giveAll(order: TimeOrder): void {
  while (order.give());
}

/** The order in which records with these times are given, by their index. `rounds`: where rounds end. */
function given(times: readonly number[], rounds: readonly number[], isSeekable: boolean): readonly number[] {
  const bytes = recordsOf(times)
  const taken: number[] = []
  const input = { size: bytes.length, slice: (start: number, end: number) => bytes.subarray(start, end) }
  const order = new TimeOrder(
    { input: isSeekable ? input : undefined, isLittle: true },
    {
      keyOf: (view, at) => view.getUint32(at + 8, true),
      take: ({ view }, at) => taken.push(view.getUint32(at + 12, true)),
    },
  )
  const window = recordBytes(bytes, 0, !isSeekable)
  for (const [index, time] of times.entries()) {
    order.add(time, window, 16 * index, 16 * index + 16)
    if (rounds.includes(index)) order.endRound()
    giveAll(order)
  }
  order.finish()
  giveAll(order)
  return taken
}

describe.each([true, false])('records, from an input that can seek: %s', (isSeekable) => {
  it('are given in the order of time, those of one time in the order of the file', () => {
    const random = randomOf(9)
    for (let run = 0; run < 50; run++) {
      const times = Array.from({ length: 1 + random.below(200) }, () => random.below(60))
      const wanted = [...times.keys()].sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
      expect(given(times, [], isSeekable)).toEqual(wanted)
    }
  })

  it('that descend, as rings that are written backwards do, are turned', () => {
    expect(given([9, 7, 5, 3, 8, 6, 4, 2], [], isSeekable)).toEqual([7, 3, 6, 2, 5, 1, 4, 0])
  })

  it('are given at the second end of a round after them', () => {
    const seen: number[] = []
    const bytes = recordsOf([10, 20, 15, 30])
    const order = new TimeOrder(
      { input: undefined, isLittle: true },
      {
        keyOf: (view, at) => view.getUint32(at + 8, true),
        take: ({ view }, at) => seen.push(view.getUint32(at + 8, true)),
      },
    )
    const window = recordBytes(bytes, 0, true)
    order.add(10, window, 0, 16)
    order.add(20, window, 16, 32)
    order.endRound()
    giveAll(order)
    expect(seen).toEqual([])
    order.add(15, window, 32, 48)
    order.endRound()
    giveAll(order)
    expect(seen).toEqual([10, 15, 20])
    order.add(30, window, 48, 64)
    order.finish()
    giveAll(order)
    expect(seen).toEqual([10, 15, 20, 30])
  })
})
