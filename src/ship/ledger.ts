import type { BacklogCounts } from './backlog.ts'

/** The third ledger: what became of the records on their way to the platform. All counts are of records. */
export interface ShipLedger {
  /** In requests; a record that is sent twice counts twice. */
  sent: number
  acknowledged: number
  /** Sent without a verdict, and to be sent again. */
  retried: number
  /** The platform, or its form, does not take them. */
  refused: number
  /** Of these: in no request, because the form has no place for them. */
  unfit: number
  /** Refused ones that are in the file of dead letters. */
  dead: number
  /** Neither acknowledged nor refused when the run ended: they are in the spool, or among the dead letters. */
  left: number
  /** Of these: in the last request, which got no answer. */
  open: number
}

export function openShipLedger(): ShipLedger {
  return { sent: 0, acknowledged: 0, retried: 0, refused: 0, unfit: 0, dead: 0, left: 0, open: 0 }
}

/** What does not add up at the end of a run; undefined where all does. */
export function shipImbalance(ledger: ShipLedger, { found, read, known }: BacklogCounts): string | undefined {
  const { sent, acknowledged, retried, refused, unfit, left, open } = ledger
  const came = found + read - known
  if (came !== acknowledged + refused + left)
    return `${came} records came, ${acknowledged} were acknowledged, ${refused} refused, ${left} left`
  if (sent !== acknowledged + retried + refused - unfit + open)
    return `${sent} were sent, ${acknowledged} acknowledged, ${retried} retried, ${refused - unfit} refused, ${open} open`
  return undefined
}
