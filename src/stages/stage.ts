import type { EventRecord } from '../event/record.ts'

/** Downstream of the readers: a record in, a record or nothing out. */
export interface Stage {
  /** Under which word the books count what is left out. */
  readonly cause: 'kind' | 'where' | 'limit' | 'sample'
  take(record: EventRecord): EventRecord | undefined
  /** True when no later record can pass: reading may stop. */
  isDone?(): boolean
}
