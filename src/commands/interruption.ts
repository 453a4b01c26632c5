import { setImmediate } from 'node:timers/promises'
import { Interrupted, type Patience } from '../input/patience.ts'
import { SIGNALS, type Signal, type Signals } from './io.ts'

/** A live pipe that is silent for this time after a signal is at its end. */
const SILENCE_MS = 2000
/** A reader works at most for this time before the event loop turns. */
const TURN_MS = 50

/**
 * What signals do while this lives. The first ends the run, but a live pipe is read to its end; the second ends the
 * process. A signal comes in when the event loop turns: whatever takes long waits there, or turns it.
 */
export class Interruption implements Patience {
  /** The one that came first. */
  signal: Signal | undefined
  /** Called when a signal comes at which a live pipe is read to its end. */
  announce: ((signal: Signal) => void) | undefined
  /** After the first signal a live pipe is read for this time at most. Undefined: until it is silent. */
  longestDrainMs: number | undefined
  /** Rejects with `Interrupted` at the second signal: nothing is waited for any more. */
  readonly second: Promise<never>
  private readonly signals: Signals
  private endAtOnce: (error: Interrupted) => void = nothing
  private readonly waits = new Set<(error: Interrupted) => void>()
  private isLive = false
  private silence: NodeJS.Timeout | undefined
  private drain: NodeJS.Timeout | undefined
  private isOver = false
  private turned = nowMs()

  constructor(signals: Signals) {
    this.signals = signals
    this.second = new Promise((_, reject) => {
      this.endAtOnce = reject
    })
    for (const signal of SIGNALS) signals.on(signal, this.take)
  }

  begins(isLive: boolean): void {
    this.isLive = isLive
    this.endWhereSignalled()
  }

  async wait<T>(work: Promise<T>): Promise<T> {
    this.endWhereSignalled()
    if (this.signal !== undefined) this.beginSilence()
    // This does not count as a turn of the loop: what is there already comes without one.
    return new Promise((resolve, reject) => {
      this.waits.add(reject)
      work.then(resolve, reject).finally(() => this.waits.delete(reject))
    })
  }

  pause(): Promise<void> | void {
    if (nowMs() - this.turned > TURN_MS) return this.turn()
  }

  /** Signals do again what they do to any program. */
  release(): void {
    clearTimeout(this.silence)
    clearTimeout(this.drain)
    for (const signal of SIGNALS) this.signals.off(signal, this.take)
  }

  private readonly take = (signal: Signal): void => {
    const isSecond = this.signal !== undefined
    this.signal = signal
    if (isSecond) this.endAtOnce(new Interrupted(false))
    else if (this.isLive) {
      this.announce?.(signal)
      this.beginSilence()
      this.limitDrain()
    } else this.end(false)
  }

  private async turn(): Promise<void> {
    await setImmediate()
    this.turned = nowMs()
    this.endWhereSignalled()
  }

  /** Throws Interrupted after a signal, except while a live pipe is read to its end. */
  private endWhereSignalled(): void {
    if (this.signal !== undefined && (!this.isLive || this.isOver)) throw new Interrupted(false)
  }

  private limitDrain(): void {
    if (this.longestDrainMs === undefined) return
    this.drain = setTimeout(() => {
      this.isOver = true
      this.end(false)
    }, this.longestDrainMs)
  }

  private beginSilence(): void {
    clearTimeout(this.silence)
    const silence = setTimeout(async () => {
      // One more turn of the loop shows what came while the program was busy.
      await setImmediate()
      if (this.silence === silence) this.end(true)
    }, SILENCE_MS)
    this.silence = silence
  }

  private end(isWhole: boolean): void {
    for (const reject of this.waits) reject(new Interrupted(isWhole))
  }
}

function nothing(): void {}

/** Of a clock that nobody sets. Node loads `performance` when it is first used, which takes 3 ms. */
function nowMs(): number {
  const [seconds, ns] = process.hrtime()
  return seconds * 1e3 + ns / 1e6
}
