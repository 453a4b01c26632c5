import { Interrupted } from '../input/patience.ts'
import type { Outputs } from '../output/outputs.ts'
import { die, Interruption } from './interruption.ts'

/**
 * Opens outputs, and does the work that fills them. When it fails, or a signal ends it, they are what they were; the process then dies of the signal.
 * Throws what the outputs and the work throw.
 */
export async function withOutputs<T>(outputs: Outputs, work: (interruption: Interruption) => Promise<T>): Promise<T> {
  const interruption = new Interruption(() => outputs.discard())
  try {
    await interruption.wait(outputs.open())
    return await work(interruption)
  } catch (error) {
    outputs.discard()
    // Without a word: stderr may be the pipe that nobody reads.
    if (error instanceof Interrupted && interruption.signal !== undefined) die(interruption.signal)
    throw error
  } finally {
    interruption.release()
  }
}
