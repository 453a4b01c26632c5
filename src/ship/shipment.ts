import { InputError } from '../errors.ts'
import { Interrupted, type Patience } from '../input/patience.ts'
import type { Output } from '../output/output.ts'
import type { BacklogCounts } from './backlog.ts'
import { ShipStopped } from './courier.ts'
import type { DeadLetters, Undelivered } from './dead-letters.ts'
import { backlogOutput } from './intake.ts'
import { openShipLedger, type ShipLedger, shipImbalance } from './ledger.ts'
import { linesOf } from './letter-sink.ts'
import { Shipper, type ShipperOptions } from './shipper.ts'
import { pause } from './timing.ts'

/** All that a run of `ship` has opened. */
export interface ShipmentParts extends Omit<ShipperOptions, 'ledger' | 'bury' | 'troubled'> {
  /** The platform as the user named it. */
  readonly to: string
  readonly deadLetters: DeadLetters | undefined
  /** After a signal, nothing is sent any more when this time is over. */
  readonly drainMs: number
  /** Says a sentence to people. */
  readonly say: (sentence: string) => void
}

/** How a shipment ended. */
export interface ShipmentEnd {
  readonly ledger: Readonly<ShipLedger>
  readonly counts: BacklogCounts
  /** Books that do not balance: a bug of ours. */
  readonly imbalance: string | undefined
  /** Where that is which is left. */
  readonly keptWhere: string
  /** Why not all was delivered. */
  readonly failure: Error | undefined
}

/** The same trouble is reported again after this time. */
const REPEAT_MS = 60_000
const MOST_TROUBLES = 100

/** Records on their way from the readers to a platform. Sending begins at once. */
export class Shipment {
  /** Takes the records' lines. */
  readonly output: Output
  readonly ledger = openShipLedger()
  private readonly parts: ShipmentParts
  private readonly shipper: Shipper
  private readonly running: Promise<void>
  private failure: Error | undefined
  /** When each trouble was said last. */
  private readonly troubles = new Map<string, number>()
  private closing: Promise<ShipmentEnd> | undefined

  constructor(parts: ShipmentParts) {
    this.parts = parts
    const { ledger } = this
    this.shipper = new Shipper({
      ...parts,
      ledger,
      bury: (letters) => this.bury(letters),
      troubled: (why) => this.troubled(why),
    })
    const output = backlogOutput(parts.backlog)
    this.output = { ...output, flush: () => this.flush(output) }
    this.running = this.shipper.run().catch((error) => {
      this.failure = this.inWords(error)
    })
  }

  get counts(): BacklogCounts {
    return this.parts.backlog.counts
  }

  /** Records that are in no request yet. */
  get waiting(): number {
    return this.parts.backlog.waiting
  }

  /** An input ended; `isWhole`: all of it was read. Throws InputError. */
  inputEnded(isWhole: boolean): void {
    this.parts.backlog.inputs.next(isWhole)
  }

  /**
   * Reading has ended. Waits until all is delivered; after a signal, no longer than the drain takes. `isAll`: all
   * inputs were read. Throws InputError of the spool and of the dead letters.
   */
  async finish(isAll: boolean, patience: Patience): Promise<ShipmentEnd> {
    const { backlog, drainMs, timing } = this.parts
    await backlog.close(isAll)
    this.shipper.close()
    if (await isInterrupted(patience, this.running)) {
      const over = new AbortController()
      await Promise.race([this.running.finally(() => over.abort()), pause(timing, drainMs, over.signal)])
    }
    return this.close()
  }

  /** Nothing more is sent. What is left goes to the dead letters where no spool keeps it. Throws InputError. */
  close(): Promise<ShipmentEnd> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<ShipmentEnd> {
    const { backlog, deadLetters, carrier } = this.parts
    this.shipper.stop()
    await this.running
    const lines = [...this.shipper.unsettled()]
    if (backlog.outlives) this.ledger.left = lines.length + backlog.waiting
    else {
      for (let chunk = backlog.next(); chunk !== undefined; chunk = backlog.next()) lines.push(...linesOf(chunk.lines))
      this.ledger.left = lines.length
      const reason = this.failure?.message ?? 'the run ended before it was sent'
      await deadLetters?.add(lines.map((line) => ({ line, refusal: { reason, isUnsure: true } })))
    }
    await carrier.close()
    await backlog.end()
    deadLetters?.close()
    const { ledger, counts, failure } = this
    const kept = backlog.outlives ? 'in the spool' : deadLetters === undefined ? 'and lost' : 'among the dead letters'
    return { ledger, counts, imbalance: shipImbalance(ledger, counts), keptWhere: kept, failure }
  }

  private flush(output: Output): Promise<void> | void {
    if (this.failure !== undefined) throw this.failure
    const room = output.flush()
    return room && this.untilRoom(room)
  }

  private async untilRoom(room: Promise<void>): Promise<void> {
    await room
    if (this.failure !== undefined) throw this.failure
  }

  private async bury(letters: readonly Undelivered[]): Promise<void> {
    const { deadLetters } = this.parts
    if (deadLetters === undefined) {
      const [first] = letters
      if (first !== undefined) this.troubled(`records are refused: ${first.refusal.reason}`)
      return
    }
    await deadLetters.add(letters)
    this.ledger.dead += letters.length
  }

  private troubled(why: string): void {
    const nowMs = this.parts.timing.nowMs()
    const { troubles } = this
    if (nowMs - (troubles.get(why) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return
    if (troubles.size >= MOST_TROUBLES) troubles.clear()
    troubles.set(why, nowMs)
    this.parts.say(`${this.parts.to}: ${why}`)
  }

  private inWords(error: unknown): Error {
    if (error instanceof ShipStopped) return new InputError(`--to ${this.parts.to}: ${error.message}`, HINT)
    return error instanceof Error ? error : new Error(String(error))
  }
}

const HINT = 'with --spool DIR the records wait for the next run; see docs/ship.md'

/** Whether a signal came before the work was done. */
async function isInterrupted(patience: Patience, work: Promise<void>): Promise<boolean> {
  try {
    patience.begins(false)
    await patience.wait(work)
    return false
  } catch (error) {
    if (error instanceof Interrupted) return true
    throw error
  }
}
