// Real captures, where there are some, come out the same however they arrive.
import { describe, expect, it } from 'vitest'
import { chunkings } from './chunks.ts'
import { openConverter } from './harness.ts'
import { holds } from './holds.ts'
import { randomOf } from './random.ts'
import { someCaptures } from './real-captures.ts'

const CAPTURES = someCaptures(90, 3072)
if (CAPTURES.length === 0) console.log('skipped: no corpus in TRACENORM_CORPUS')

describe.skipIf(CAPTURES.length === 0)('a real capture', () => {
  it.each(CAPTURES)('gives the same bytes for any chunking: $name', async ({ input, args, folder }) => {
    const converter = await openConverter(args, folder)
    const whole = await holds(converter, input)
    const ways = chunkings(input, randomOf(input.length))
    for (const way of [
      'of one byte',
      'of seven',
      'of a line',
      'that end before the last character of each value',
      'as drawn, 1',
    ]) {
      const pieces = await holds(converter, input, ways[way])
      expect(pieces.ndjson, way).toBe(whole.ndjson)
      expect(pieces.rejected, way).toEqual(whole.rejected)
    }
  })
})
