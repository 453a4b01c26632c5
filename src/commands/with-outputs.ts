import { Interrupted } from '../input/patience.ts'
import type { Outputs } from '../output/outputs.ts'
import { Interruption } from './interruption.ts'
import type { Signal, Signals } from './io.ts'

/** A signal ended the run: its process dies of it and prints nothing, because nobody may read stderr. */
export class EndedBySignal extends Error {
  readonly signal: Signal

  constructor(signal: Signal) {
    super(signal)
    this.signal = signal
  }
}

/**
 * Opens outputs, and does the work that fills them. When it fails, or a signal ends it, they become what they were.
 * Throws EndedBySignal, and what the outputs and the work throw. At a second signal the work is not waited for.
 */
export async function withOutputs<T>(
  outputs: Outputs,
  signals: Signals,
  work: (interruption: Interruption) => Promise<T>,
): Promise<T> {
  const interruption = new Interruption(signals)
  const opened = async (): Promise<T> => {
    await interruption.wait(outputs.open())
    return work(interruption)
  }
  try {
    return await Promise.race([opened(), interruption.second])
  } catch (error) {
    outputs.discard()
    if (error instanceof Interrupted && interruption.signal !== undefined) throw new EndedBySignal(interruption.signal)
    throw error
  } finally {
    interruption.release()
  }
}
