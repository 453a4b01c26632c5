// What every reader keeps, whatever its units are: the laws of the kit for adapters that are not registered.
import { expect } from 'vitest'
import type { Adapter } from '../../../src/contract.ts'
import { imbalance } from '../../../src/read/ledger.ts'
import { BARE_PLAN } from '../../../src/run/plan.ts'
import { wire } from '../../../src/run/wire.ts'
import { chunkings } from '../chunks.ts'
import { type Circumstances, convertBytes } from '../convert-bytes.ts'
import { damaged } from '../damaged.ts'
import { randomOf } from '../random.ts'

export interface ToyRun {
  /** NDJSON lines, latin1. */
  readonly lines: readonly string[]
  /** `offset word bytes`. */
  readonly rejected: readonly string[]
  readonly ledger: unknown
}

export type ToyConverter = (bytes: Uint8Array, circumstances?: Circumstances) => Promise<ToyRun>

/** Converts with all provenance and ids, and holds what comes to the books. */
export async function toyConverter(
  toys: readonly Adapter[],
  from?: string,
  provenance: 'line' | 'full' = 'full',
): Promise<ToyConverter> {
  const wired = await wire(
    {
      ...BARE_PLAN,
      from: from === undefined ? undefined : { adapter: from, format: undefined },
      stamp: { ...BARE_PLAN.stamp, provenance, ...(provenance === 'full' && { id: { salt: undefined } }) },
      validate: 'full',
    },
    toys,
  )
  return async (bytes, circumstances) => {
    const { output, rejected, outcome } = await convertBytes(wired, bytes, circumstances)
    expect([imbalance(outcome.ledger), outcome.bugs, outcome.ledger.bytesRead]).toEqual([undefined, [], bytes.length])
    return {
      lines: output.split('\n').slice(0, -1),
      rejected: rejected.map((unit) => `${unit.offset} ${unit.why.word} ${unit.bytes}`),
      ledger: outcome.ledger,
    }
  }
}

/** Any chunking gives the same bytes, of good input and of damaged. */
export async function expectSameForAnyChunks(
  convert: ToyConverter,
  input: Buffer,
  rest: Circumstances = {},
): Promise<void> {
  const random = randomOf(input.length)
  const inputs = [input, ...Array.from({ length: 12 }, () => damaged(input, random))]
  for (const [at, bytes] of inputs.entries()) {
    const whole = await convert(bytes, rest)
    const ways = at === 0 ? chunkings(bytes, random) : { drawn: [1 + random.below(64)] }
    for (const [way, sizes] of Object.entries(ways))
      expect(await convert(bytes, { ...rest, sizes }), way).toEqual(whole)
  }
}
