import type { Adapter } from '../contract.ts'
import type { Ending, Io } from './io.ts'

/** What the root of the program hands to the commands. */
export interface CommandContext extends Io {
  readonly adapters: readonly Adapter[]
  /** A command calls this at its end. Without a call it ended with status 0. */
  readonly ends: (ending: Ending) => void
}
