import { describe, expect, it } from 'vitest'
import { imbalance, openLedger } from '../../src/read/ledger.ts'

describe('the books', () => {
  it('balance when nothing was read', () => {
    expect(imbalance(openLedger())).toBeUndefined()
  })

  it('balance when every byte is accounted for and every record is somewhere', () => {
    const ledger = openLedger()
    ledger.bytesRead = 10
    ledger.units.data.bytes = 7
    ledger.units.unread.bytes = 3
    ledger.made = 3
    ledger.written = 1
    ledger.leftOut.kind = 1
    ledger.leftOut.invalid = 1
    expect(imbalance(ledger)).toBeUndefined()
  })

  it('tell of bytes that nobody claimed, or somebody twice', () => {
    const ledger = openLedger()
    ledger.bytesRead = 10
    ledger.units.data.bytes = 9
    expect(imbalance(ledger)).toBe('10 bytes read, but 9 accounted for')
    ledger.units.rejected.bytes = 2
    expect(imbalance(ledger)).toBe('10 bytes read, but 11 accounted for')
  })

  it('tell of a record that is nowhere', () => {
    const ledger = openLedger()
    ledger.made = 2
    ledger.written = 1
    expect(imbalance(ledger)).toBe('2 records made, but 1 written or left out')
  })
})
