import { describe, expect, it } from 'vitest'
import { openConverter, readCases } from './harness.ts'
import { holds } from './holds.ts'

const LONGEST_BYTES = 6000

/**
 * What the first conversion says of its records, and what the second is asked to say: nothing is put on a record that
 * was made.
 */
const FIRST: readonly (readonly string[])[] = [
  [],
  ['--provenance=full'],
  ['--id', '--id-salt=a', '--label=site=x', '--host=h'],
]
const SECOND: readonly (readonly string[])[] = [
  [],
  [
    '--provenance=full',
    '--id',
    '--id-salt=b',
    '--label=site=y',
    '--host=other',
    '--timezone=Europe/Berlin',
    '--kernel=6.12',
  ],
]

describe('convert | convert', () => {
  const small = readCases().filter(({ input }) => input.length <= LONGEST_BYTES)
  it.each(small)('is the identity: $name', async ({ args, folder, input }) => {
    for (const first of FIRST) {
      const made = await (await openConverter(['--kind=all', ...first, ...args], folder)).convert(input)
      const bytes = Buffer.from(made.ndjson, 'latin1')
      for (const second of SECOND) {
        const again = await holds(await openConverter(['--kind=all', ...second], folder), bytes)
        expect(again.rejected).toEqual([])
        expect(again.ndjson).toBe(made.ndjson)
      }
    }
  })
})
