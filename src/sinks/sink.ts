import type { EventRecord } from '../event/record.ts'

/** The end of the line: what becomes of records that all stages let pass. */
export interface Sink {
  /** What is wrong with the line that would be written; then it is not. Undefined when all is well. */
  write(record: EventRecord): string | undefined
  /** Sends on what is held back; a promise where the consumer has no room for more. Called after each window: no record waits for the next line. */
  flush(): Promise<void> | void
}
