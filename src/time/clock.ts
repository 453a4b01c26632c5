import type { ClockId } from '../event/words.ts'

/** One instant on two clocks, decimal nanoseconds. */
export interface ClockPair {
  readonly id: ClockId
  readonly ns: string
  readonly realtimeNs: string
  readonly uncertaintyNs?: number
}

/** What a local time came to. */
export interface LocalTime {
  readonly ts?: string
  readonly zone?: string
  readonly flag?: 'time_ambiguous'
  readonly conflict?: string
}

/** What is known of the clocks of one reader's input. */
export interface Timekeeper {
  /** Which clock a time is of: the user and the header know better than the line. */
  idOf(given: ClockId): ClockId
  /** Undefined: the wall clock is not known. */
  tsOf(id: ClockId, ns: string): string | undefined
  localTs(local: string): LocalTime
  learn(pair: ClockPair): void
}
