import type { SpotCheck } from '../../src/event/spot-check.ts'

/** Checks no line. */
export const NEVER: SpotCheck = { isDue: () => false, isFull: false }
