/** The clock, the timer and the dice of shipping. They are handed in, so that a test can have its own. */
export interface Timing {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** A number of at least 0 and less than 1. */
  random(): number
  /** Does something after that time. Returns what calls it off. */
  after(ms: number, action: () => void): () => void
}

/** Waits that time, or until the signal is aborted. */
export function pause(timing: Timing, ms: number, end: AbortSignal): Promise<void> {
  if (end.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const ended = (): void => {
      callOff()
      end.removeEventListener('abort', ended)
      resolve()
    }
    const callOff = timing.after(ms, ended)
    end.addEventListener('abort', ended)
  })
}
