/** Why what is written has no place for a record. The record is left out, counted and quarantined. */
export interface Unfit {
  readonly unfit: string
}
