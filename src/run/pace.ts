import { ENDLESS, Interrupted, type Patience } from '../input/patience.ts'
import { BrokenPipe } from '../output/output.ts'
import { UNREAD_BYTES, WINDOW_BYTES } from '../read/window.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Cut } from './outcome.ts'

/** Bytes of about three records. */
const SHORTEST_STRIDE = 512

/** How fast an input is read: as fast as the output is taken, and never so far at once that a signal would wait. */
export class Pace {
  /** Bytes read at once. Slow work, as an expression may be, makes it short. */
  private stride = WINDOW_BYTES / 16
  private readonly sink: Sink
  private readonly patience: Patience

  constructor(sink: Sink, patience: Patience = ENDLESS) {
    this.sink = sink
    this.patience = patience
  }

  /**
   * How many bytes are read before the next look at signals, where a window has room for `room`. A long unit is not
   * read again for a few bytes more. `isUnread`: its lines are taken without being read.
   */
  step(room: number, isUnread: boolean): number {
    if (isUnread && this.stride === WINDOW_BYTES) return UNREAD_BYTES
    return room > WINDOW_BYTES ? room : Math.min(room, this.stride)
  }

  /** Records go on to the output, and signals come in. Gives what ends the reading; throws what the output throws. */
  async flush(): Promise<Cut | undefined> {
    try {
      const room = this.sink.flush()
      if (room !== undefined) await this.patience.wait(room)
      const pause = this.patience.pause()
      this.stride = pause === undefined ? Math.min(2 * this.stride, WINDOW_BYTES) : SHORTEST_STRIDE
      if (pause !== undefined) await pause
      return undefined
    } catch (error) {
      if (error instanceof Interrupted) return 'signal'
      if (error instanceof BrokenPipe) return 'closed pipe'
      throw error
    }
  }
}
