import type { EventRecord } from '../event/record.ts'

/** A record on which a stage cannot decide: it is rejected, for the reason in `message`. */
export class Unjudged extends Error {}

/** Records came without what a flag asks for. */
export interface Blindness {
  /** `--since and --until`. */
  readonly flags: string
  readonly records: number
  /** Of these, records that had it. */
  readonly judged: number
}

/** Downstream of the readers: a record in, a record or nothing out. */
export interface Stage {
  /** Under which word the books count what is left out. */
  readonly cause: 'kind' | 'where' | 'limit' | 'sample'
  /** Throws Unjudged. */
  take(record: EventRecord): EventRecord | undefined
  /** True when no later record can pass: reading may stop. */
  isDone?(): boolean
  /** At the end: on how many records its answer said nothing. Undefined: on none. */
  blindness?(): Blindness | undefined
}
