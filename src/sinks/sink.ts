import type { EventRecord } from '../event/record.ts'
import type { Unfit } from '../event/unfit.ts'
import type { Repeats } from '../shapes/engine.ts'

/** Takes the records that all stages let pass. */
export interface Sink {
  /**
   * Writes a record. A text says what is wrong with its line, which is then not written; undefined when it is right.
   * What it writes may have no place for the record: then it says why.
   */
  write(record: EventRecord): string | Unfit | undefined
  /**
   * Sends on what is held back. A promise means that the consumer has no room for more. It is called after each
   * window, so that no record waits for the next line.
   */
  flush(): Promise<void> | void
  /** Of a sink whose lines can be written without a record. */
  readonly repeats?: Repeats
}
