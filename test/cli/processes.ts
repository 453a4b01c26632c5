// What tests of live processes wait for: events, never the clock.
import { setTimeout } from 'node:timers/promises'

/** Comes back when it is so. The limit is the test's. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(10)
}
