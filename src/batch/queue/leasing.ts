/** For how long a worker has a job, and how often one that failed is tried again. */
export interface Leasing {
  /** A worker that says nothing for this time has lost its job. */
  readonly ackWaitMs: number
  /** So often a message is delivered. */
  readonly deliveries: number
  /** So often a job whose messages came to nothing is filed again. */
  readonly filings: number
  /** So many messages wait at most; who files more waits. */
  readonly mostWaiting: number
}

export const LEASING: Leasing = { ackWaitMs: 30_000, deliveries: 4, filings: 4, mostWaiting: 10_000 }

/** A worker says that it works on a job three times in the time of its lease. */
const BEATS = 3

/** What can be held. */
export interface Held {
  working(): void
}

/**
 * Keeps the leases of the jobs that this process has taken, also of those that wait for their turn. Readers work in
 * threads of their own, so nothing keeps these timers from their time.
 */
export class Leases {
  private readonly held = new Set<Held>()
  private readonly timer: NodeJS.Timeout

  constructor({ ackWaitMs }: Leasing) {
    this.timer = setInterval(() => {
      for (const one of this.held) one.working()
    }, ackWaitMs / BEATS)
  }

  hold(one: Held): void {
    this.held.add(one)
    one.working()
  }

  release(one: Held): void {
    this.held.delete(one)
  }

  end(): void {
    clearInterval(this.timer)
  }
}
