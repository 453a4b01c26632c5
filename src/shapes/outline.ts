import type { PartName } from '../event/generated/members.ts'

/** What bytes `[start, end)` of a unit made of its record. */
export type OutlineSpan =
  /** The parts depend on these bytes alone, and on those between the spans. */
  | { readonly is: 'key'; readonly start: number; readonly end: number; readonly makes: readonly PartName[] }
  /** The leaf of this name in one of the record's moulded parts. */
  | { readonly is: 'leaf'; readonly start: number; readonly end: number; readonly leaf: 'ns' | 'addr' | 'rx_sk' }

/**
 * How a regular unit of one line was read. Between its spans are bytes that every unit of this form has. A record with
 * other parts than these and those that the stamp puts on was not read so.
 */
export interface Outline {
  /** From left to right. */
  readonly spans: readonly OutlineSpan[]
  /** Parts that the bytes between the spans make. */
  readonly constant: readonly PartName[]
}
