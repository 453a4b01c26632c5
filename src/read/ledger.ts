/** Classes of input units. Each is counted where it is claimed, not by subtraction. */
export type UnitClass = 'data' | 'message' | 'structure' | 'blank' | 'rejected' | 'unread'

/** Why a record that was made is not in the output. */
export type LeftOut = 'kind' | 'where' | 'limit' | 'sample' | 'invalid'

export interface Tally {
  units: number
  bytes: number
}

/** The books of one input: what its bytes were, and what became of the records made of them. */
export interface Ledger {
  bytesRead: number
  readonly units: Record<UnitClass, Tally>
  made: number
  written: number
  readonly leftOut: Record<LeftOut, number>
  /** Within `message`. */
  undecoded: number
  foreign: number
  ambiguous: number
}

export function openLedger(): Ledger {
  const tally = (): Tally => ({ units: 0, bytes: 0 })
  return {
    bytesRead: 0,
    units: { data: tally(), message: tally(), structure: tally(), blank: tally(), rejected: tally(), unread: tally() },
    made: 0,
    written: 0,
    leftOut: { kind: 0, where: 0, limit: 0, sample: 0, invalid: 0 },
    undecoded: 0,
    foreign: 0,
    ambiguous: 0,
  }
}

/** What is wrong with the books, in a sentence; undefined when both balance. */
export function imbalance(ledger: Ledger): string | undefined {
  const claimed = Object.values(ledger.units).reduce((sum, tally) => sum + tally.bytes, 0)
  if (claimed !== ledger.bytesRead) return `${ledger.bytesRead} bytes read, but ${claimed} accounted for`
  const gone = Object.values(ledger.leftOut).reduce((sum, count) => sum + count, ledger.written)
  if (gone !== ledger.made) return `${ledger.made} records made, but ${gone} written or left out`
  return undefined
}
