import { setTimeout } from 'node:timers/promises'
import type { Leasing } from './leasing.ts'
import type { Queue } from './queue.ts'

/** The server is asked so often in the time of a lease, but not less often than each second. */
const LOOKS = 8
const LONGEST_PAUSE_MS = 1000
/** Nothing happens for so many leases: nothing will. */
const IDLE_LEASES = 2

/** Sees when a queue has come to rest. It has no clock: looks are counted. */
export class Calm {
  private readonly pauseMs: number
  private readonly queue: Queue
  private readonly most: number
  private quiet = 0
  private seen = ''
  private isWorkedOn = false

  constructor(queue: Queue, { ackWaitMs }: Leasing) {
    this.queue = queue
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, ackWaitMs / LOOKS)
    this.most = (IDLE_LEASES * ackWaitMs) / this.pauseMs
    queue.jobs.watchWork(() => {
      this.isWorkedOn = true
    })
  }

  /** The time between two looks. */
  pause(): Promise<void> {
    return setTimeout(this.pauseMs)
  }

  /** True where nothing has happened for long. `known` is what the caller sees; any change of it is something. */
  async look(known: string): Promise<boolean> {
    const { waiting, unanswered, delivered, asking } = await this.queue.jobs.state()
    const seen = `${known} ${delivered}`
    // Messages are not lost while no worker asks for them: the workers are not there.
    const isQuiet = seen === this.seen && !this.isWorkedOn && (asking > 0 || waiting + unanswered === 0)
    this.seen = seen
    this.isWorkedOn = false
    this.quiet = isQuiet ? this.quiet + 1 : 0
    if (this.quiet < this.most) return false
    this.quiet = 0
    return true
  }
}
