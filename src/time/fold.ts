import type { Twice } from './zone.ts'

/** What the local times of a session have shown so far. */
export interface FoldState {
  /** The last clock face, seconds as if UTC. */
  last: number
  /** The `end` of the fold (`Twice`) that has passed. */
  passed: number
}

export function openFold(): FoldState {
  return { last: Number.NaN, passed: Number.NaN }
}

/**
 * Lines from before the fold may come this many seconds late: dropwatch prints the packets of several CPUs in batches.
 */
const STRAGGLER = 5

/**
 * The offset of a clock face that exists twice, when what came before it in the session proves that it is the second: a
 * step back by half the fold or more, from within the fold. Undefined: it may be either. A smaller step back is a clock
 * that was set, or lines out of order; a step from beyond the fold is a clock that was set.
 */
export function offsetInFold(local: number, { first, second, end }: Twice, state: FoldState): number | undefined {
  const half = (first - second) / 2
  if (state.last < end && state.last - local >= half) state.passed = end
  if (state.passed !== end) return undefined
  const isStraggler = end - local <= STRAGGLER && local - state.last >= half
  return isStraggler ? undefined : second
}
