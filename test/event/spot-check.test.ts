import { describe, expect, it } from 'vitest'
import { lineOf } from '../../src/event/line.ts'
import { seal } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { faultInLine, spotCheck } from '../../src/event/spot-check.ts'

/** Its parts are valid, but the schema requires `capture` in every record. */
const bad = (): EventRecord => new EventRecord('trace')
function good(): EventRecord {
  const record = new EventRecord('trace')
  record.capture = seal('capture', { path: 'x', line: 1 })
  return record
}

function seen(extent: 'spot' | 'full', lines: number): number[] {
  const check = spotCheck(extent)
  return Array.from({ length: lines }, (_, index) => index + 1).filter(() => check.isDue())
}

describe('the spot check', () => {
  it('checks the first 1,000 lines and one in 1,024 after them', () => {
    const lines = seen('spot', 5000)
    expect(lines.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
    expect(lines.slice(1000)).toEqual([1024, 2048, 3072, 4096])
  })

  it('checks all lines with --validate full', () => {
    expect(seen('full', 5000)).toHaveLength(5000)
  })

  it('says what the schema says', () => {
    expect(faultInLine(lineOf(bad()), bad())).toMatch(/capture/)
    expect(faultInLine(lineOf(good()), good())).toBeUndefined()
  })

  it('refuses a valid line of another record', () => {
    const other = good()
    other.cpu = seal('cpu', 1)
    expect(faultInLine(lineOf(other), good())).toMatch(/not that of the record/)
  })

  it('does not judge our own NDJSON by the strict schema: the open one judged it when it was read', () => {
    const record = bad()
    record.isPublished = true
    record.source = '{"v":1,"kind":"trace","capture":{"path":"x","line":1},"unheard_of":1}'
    expect(faultInLine(record.source, record)).toBeUndefined()
    expect(faultInLine(lineOf(good()), record)).toMatch(/not that of the record/)
  })
})
