const UNIT_CLASSES = ['data', 'message', 'structure', 'blank', 'rejected', 'unread'] as const
/** Classes of input units. Each is counted where it is claimed, not by subtraction. */
export type UnitClass = (typeof UNIT_CLASSES)[number]

const CAUSES = ['kind', 'where', 'limit', 'sample', 'invalid', 'unfit'] as const
/** Why a record that was made is not in the output. */
export type LeftOut = (typeof CAUSES)[number]

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
    leftOut: { kind: 0, where: 0, limit: 0, sample: 0, invalid: 0, unfit: 0 },
    undecoded: 0,
    foreign: 0,
    ambiguous: 0,
  }
}

/** Adds what another piece of the same input came to. */
export function addLedger(ledger: Ledger, { units, leftOut, ...piece }: Ledger): void {
  ledger.bytesRead += piece.bytesRead
  ledger.made += piece.made
  ledger.written += piece.written
  ledger.undecoded += piece.undecoded
  ledger.foreign += piece.foreign
  ledger.ambiguous += piece.ambiguous
  for (const name of UNIT_CLASSES) {
    ledger.units[name].units += units[name].units
    ledger.units[name].bytes += units[name].bytes
  }
  for (const cause of CAUSES) ledger.leftOut[cause] += leftOut[cause]
}

/** What is wrong with the books, in a sentence; undefined when both balance. */
export function imbalance(ledger: Ledger): string | undefined {
  const claimed = Object.values(ledger.units).reduce((sum, tally) => sum + tally.bytes, 0)
  if (claimed !== ledger.bytesRead) return `${ledger.bytesRead} bytes read, but ${claimed} accounted for`
  const gone = Object.values(ledger.leftOut).reduce((sum, count) => sum + count, ledger.written)
  if (gone !== ledger.made) return `${ledger.made} records made, but ${gone} written or left out`
  return undefined
}
