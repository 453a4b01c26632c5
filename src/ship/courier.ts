import { ACKNOWLEDGED, type Fate, type ShipRefusal } from './answer.ts'
import type { ShipLedger } from './ledger.ts'
import type { Carrier, Letter } from './letter.ts'
import { waitBefore } from './retry.ts'
import { pause, type Timing } from './timing.ts'

/** What all couriers of a run share. */
export interface Errand {
  readonly carrier: Carrier
  readonly ledger: ShipLedger
  readonly timing: Timing
  /** Aborted: nothing more is sent. */
  readonly end: AbortSignal
  /** So long a request is repeated without success; then the run ends. */
  readonly retryForMs: number
  settle(letters: readonly Letter[]): void
  /** They are settled when it returns. */
  refuse(letters: readonly Letter[], refusals: readonly ShipRefusal[]): Promise<void>
  /** Hears, once in a while, why something is sent again. */
  troubled(why: string): void
}

/** The platform, or the way to it, does not take anything: a fault of the configuration, or an absence too long. */
export class ShipStopped extends Error {}

/** How often an acknowledgement of Splunk's indexers is asked for, and when it is not waited for any more. */
const ACK_POLL_MS = 1000
const ACK_POLLS = 300

/** So many requests that are too many at once are taken as one that is too large. */
const TOO_MANY = 5

/** What came of sending a batch once. */
interface Attempt {
  /** Batches that are to be sent. */
  readonly again: readonly (readonly Letter[])[]
  /** Before that. */
  readonly wait?: Wait
}

interface Wait {
  readonly why: string
  /** The platform asks for it. */
  readonly askedMs: number | undefined
}

const DONE: Attempt = { again: [] }

/** Sends one batch after the other, each until all of its letters are settled. */
export class Courier {
  private readonly errand: Errand
  /** What is still to be sent of the batch at hand, in its order. */
  private rest: (readonly Letter[])[] = []
  private failures = 0
  /** When the first of the failures in a row began. */
  private since = 0

  constructor(errand: Errand) {
    this.errand = errand
  }

  /** Those of the batch at hand that are not settled. */
  get unsettled(): readonly Letter[] {
    return this.rest.flat()
  }

  /** Returns when all letters are settled, or at the end. Throws ShipStopped, and InputError of the dead letters. */
  async deliver(letters: readonly Letter[]): Promise<void> {
    this.rest = [letters]
    for (;;) {
      const [batch, ...later] = this.rest
      if (batch === undefined || this.errand.end.aborted) return
      const { again, wait } = await this.attempt(batch)
      this.rest = [...again, ...later]
      if (wait !== undefined) await this.waitFor(wait)
    }
  }

  /** Sends a batch once. */
  private async attempt(batch: readonly Letter[]): Promise<Attempt> {
    const { carrier, ledger, end } = this.errand
    ledger.sent += batch.length
    const { verdict, waitMs } = await carrier.carry(batch, end)
    switch (verdict.of) {
      case 'all':
        if (verdict.fate === ACKNOWLEDGED) return this.settleAll(batch)
        return this.sort(batch, () => verdict.fate, waitMs)
      case 'each':
        return this.sort(batch, (at) => verdict.fates[at], waitMs)
      case 'later': {
        const fate = await this.confirmed(verdict.ackId)
        return this.sort(batch, () => fate, undefined)
      }
      case 'halves':
        return this.halve(batch, verdict.refusal, verdict.why)
      case 'stop':
        ledger.open += batch.length
        throw new ShipStopped(verdict.why)
    }
  }

  private settleAll(batch: readonly Letter[]): Attempt {
    const { ledger, settle } = this.errand
    ledger.acknowledged += batch.length
    settle(batch)
    this.failures = 0
    return DONE
  }

  /** Settles what has a verdict. */
  private async sort(
    batch: readonly Letter[],
    fateAt: (at: number) => Fate | undefined,
    waitMs: number | undefined,
  ): Promise<Attempt> {
    const { ledger, settle, refuse, end } = this.errand
    const acknowledged: Letter[] = []
    const refused: Letter[] = []
    const refusals: ShipRefusal[] = []
    const again: Letter[] = []
    let why = 'no verdict'
    for (const [at, letter] of batch.entries()) {
      const fate = fateAt(at)
      if (fate?.is === 'acknowledged') acknowledged.push(letter)
      else if (fate?.is === 'refused') {
        refused.push(letter)
        refusals.push(fate.refusal)
      } else {
        again.push(letter)
        why = fate?.why ?? why
      }
    }
    ledger.acknowledged += acknowledged.length
    this.rest[0] = [...refused, ...again]
    settle(acknowledged)
    if (refused.length > 0) await refuse(refused, refusals)
    if (again.length < batch.length) this.failures = 0
    if (again.length === 0) return DONE
    if (end.aborted) ledger.open += again.length
    else ledger.retried += again.length
    return { again: this.isTooLarge(why, again) ? halvesOf(again) : [again], wait: { why, askedMs: waitMs } }
  }

  private async halve(batch: readonly Letter[], refusal: ShipRefusal, why: string): Promise<Attempt> {
    const { ledger, refuse, troubled } = this.errand
    if (batch.length === 1) {
      await refuse(batch, [refusal])
      return DONE
    }
    troubled(`${why}: what was in a request is sent again in two halves`)
    ledger.retried += batch.length
    return { again: halvesOf(batch) }
  }

  /** Loki answers 429 to a body over its burst, each time that it comes. */
  private isTooLarge(why: string, again: readonly Letter[]): boolean {
    return why === 'HTTP 429' && again.length > 1 && (this.failures + 1) % TOO_MANY === 0
  }

  /** Waits before the next attempt. Throws ShipStopped where there were attempts for too long. */
  private async waitFor({ why, askedMs }: Wait): Promise<void> {
    const { timing, end, retryForMs, troubled } = this.errand
    const now = timing.nowMs()
    if (this.failures === 0) this.since = now
    const forMs = now - this.since
    if (forMs > retryForMs) throw new ShipStopped(`no success for ${Math.round(forMs / 1000)} s: ${why}`)
    if (forMs + (askedMs ?? 0) > retryForMs)
      throw new ShipStopped(`${why}, and it is to be asked again after --retry-for is over`)
    troubled(why)
    await pause(timing, waitBefore(this.failures++, askedMs, timing), end)
  }

  /** Asks until a request is acknowledged. What is not in time is sent again. */
  private async confirmed(ackId: number): Promise<Fate> {
    const { carrier, timing, end } = this.errand
    for (let poll = 0; poll < ACK_POLLS && !end.aborted; poll++) {
      if ((await carrier.confirm?.(ackId, end)) === true) return ACKNOWLEDGED
      await pause(timing, ACK_POLL_MS, end)
    }
    return { is: 'again', why: `no acknowledgement of request ${ackId}` }
  }
}

function halvesOf(batch: readonly Letter[]): readonly (readonly Letter[])[] {
  const middle = Math.ceil(batch.length / 2)
  return [batch.slice(0, middle), batch.slice(middle)]
}
