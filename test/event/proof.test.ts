import { describe, expect, it } from 'vitest'
import { seal } from '../../src/event/part.ts'
import { proofOf } from '../../src/event/proof.ts'
import { EventRecord } from '../../src/event/record.ts'

/** Good in its parts, but the schema wants `capture` in every record. */
const bad = (): EventRecord => new EventRecord('trace')
function good(): EventRecord {
  const record = new EventRecord('trace')
  record.capture = seal('capture', { path: 'x', line: 1 })
  return record
}

function refusals(extent: 'spot' | 'full', records: number): number[] {
  const proof = proofOf(extent)
  return Array.from({ length: records }, (_, index) => index + 1).filter(() => proof(bad()) !== undefined)
}

describe('the spot check', () => {
  it('looks at the first 1,000 records and one in 1,024 after', () => {
    const seen = refusals('spot', 5000)
    expect(seen.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
    expect(seen.slice(1000)).toEqual([1024, 2048, 3072, 4096])
  })

  it('looks at all with --validate full', () => {
    expect(refusals('full', 5000)).toHaveLength(5000)
  })

  it('says what the schema says', () => {
    expect(proofOf('full')(bad())).toMatch(/capture/)
    expect(proofOf('full')(good())).toBeUndefined()
  })

  it('leaves alone what came as our own NDJSON: that was checked when it was read', () => {
    const record = bad()
    record.source = '{"v":1,"kind":"trace","capture":{"path":"x","line":1},"unheard_of":1}'
    expect(proofOf('full')(record)).toBeUndefined()
  })
})
