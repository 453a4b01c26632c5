import { expect } from 'vitest'
import type { Converter, Result } from './harness.ts'

/** Never throws, and nothing is lost: neither bytes nor records; no record of ours fails the schema. */
export async function holds(converter: Converter, bytes: Uint8Array, sizes?: readonly number[]): Promise<Result> {
  const result = await converter.convert(bytes, sizes)
  expect(result.fault).toBeUndefined()
  expect(result.outcome.ledger.bytesRead).toBe(bytes.length)
  return result
}
