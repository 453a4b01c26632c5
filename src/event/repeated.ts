// Records that are like an earlier one: readers say what differs, and the core writes them.

/** A record that comes again with another time, other addresses and another place. */
export interface RepeatedRecord {
  /** Writes it once more. False: give the record. It is given now and then for a check, or as a leaf does not fit. */
  write(leaves: RecordLeaves): boolean
}

/** What may differ. A pointer comes in two halves of 32 bits. */
export interface RecordLeaves {
  /** `clock.ns` */
  readonly seconds: number
  readonly nanoseconds: number
  /** `skb.addr` */
  readonly addrHigh: number
  readonly addrLow: number
  /** `skb.rx_sk`; not looked at where the record has none, or NULL. */
  readonly socketHigh: number
  readonly socketLow: number
  /** `capture.offset` */
  readonly offset: number
}
