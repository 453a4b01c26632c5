import type { MachineClock } from './machine.ts'

/** A clock's time, and CLOCK_MONOTONIC before and after it was read; nanoseconds. */
export interface ClockReading {
  readonly before: bigint
  readonly ns: bigint
  readonly after: bigint
}

/** How long to wait for a tick. */
const LONGEST_NS = 100_000_000n

/**
 * Reads a coarse clock precisely: in the moment of a tick, its time is exactly what it shows. It takes the narrowest of
 * several ticks. Undefined when the clock does not tick, or leaps.
 */
export function tickOf(
  coarse: () => number | undefined,
  tickNs: bigint,
  clock: MachineClock,
  times: number,
): ClockReading | undefined {
  let best: ClockReading | undefined
  for (let time = 0; time < times; time++) {
    const tick = nextTick(coarse, tickNs, clock)
    if (tick !== undefined && (best === undefined || widthOf(tick) < widthOf(best))) best = tick
  }
  return best
}

export function widthOf({ before, after }: ClockReading): bigint {
  return after - before
}

/** The tick lies between the start of the last reading of the old value and the end of the first of the new one. */
function nextTick(coarse: () => number | undefined, tickNs: bigint, clock: MachineClock): ClockReading | undefined {
  let before = clock.monotonicNs()
  const old = coarse()
  const start = before
  for (;;) {
    const beforeNext = clock.monotonicNs()
    const next = coarse()
    const after = clock.monotonicNs()
    if (old === undefined || next === undefined) return undefined
    if (next !== old) return next === old + 1 ? { before, ns: BigInt(next) * tickNs, after } : undefined
    if (after - start > LONGEST_NS) return undefined
    before = beforeNext
  }
}
