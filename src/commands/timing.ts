import type { Timing } from '../ship/timing.ts'

/** The clock, the timers and the dice of this process. */
export const OWN_TIMING: Timing = {
  nowMs: Date.now,
  random: Math.random,
  after(ms, action) {
    // Node takes no longer time than this.
    const timer = setTimeout(action, Math.min(ms, 0x7fffffff))
    return () => clearTimeout(timer)
  },
}
