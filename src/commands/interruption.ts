import { setImmediate } from 'node:timers/promises'
import { Interrupted, type Patience } from '../input/patience.ts'
import { type EndingSignal, statusOfSignal } from '../report/exit.ts'

/** Signals that end a run; a terminal that is closed sends SIGHUP. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type Signal = (typeof SIGNALS)[number]

/** A live pipe that is silent for so long after a signal has said all. */
const SILENCE_MS = 2000
/** So long a reader may be at work before a signal is looked for. */
const TURN_MS = 50

/**
 * What signals do while this lives: the first ends the run, but for a live pipe, which is read to its end; the second ends the process. A signal comes in
 * when the event loop turns: whatever takes long waits there, or turns it.
 */
export class Interruption implements Patience {
  /** The one that came first. */
  signal: Signal | undefined
  /** Told of a signal at which a live pipe is read to its end. */
  announce: ((signal: Signal) => void) | undefined
  private readonly last: () => void
  private readonly waits = new Set<(error: Interrupted) => void>()
  private isLive = false
  private silence: NodeJS.Timeout | undefined
  private turned = performance.now()

  /** `last` puts right what must not stay, before the process dies of the second. */
  constructor(last: () => void) {
    this.last = last
    for (const signal of SIGNALS) process.on(signal, this.take)
  }

  begins(isLive: boolean): void {
    this.isLive = isLive
    if (this.signal !== undefined && !isLive) throw new Interrupted(false)
  }

  async wait<T>(work: Promise<T>): Promise<T> {
    if (this.signal !== undefined && !this.isLive) throw new Interrupted(false)
    if (this.signal !== undefined) this.beginSilence()
    // Not taken for a turn of the loop: what is there already is waited for without one.
    return new Promise((resolve, reject) => {
      this.waits.add(reject)
      work.then(resolve, reject).finally(() => this.waits.delete(reject))
    })
  }

  pause(): Promise<void> | void {
    if (performance.now() - this.turned > TURN_MS) return this.turn()
  }

  /** Signals do again what they do to any program. */
  release(): void {
    clearTimeout(this.silence)
    for (const signal of SIGNALS) process.off(signal, this.take)
  }

  private readonly take = (signal: Signal): void => {
    if (this.signal !== undefined) {
      this.last()
      die(signal)
    }
    this.signal = signal
    if (this.isLive) {
      this.announce?.(signal)
      this.beginSilence()
    } else this.end(false)
  }

  private async turn(): Promise<void> {
    await setImmediate()
    this.turned = performance.now()
    if (this.signal !== undefined && !this.isLive) throw new Interrupted(false)
  }

  private beginSilence(): void {
    clearTimeout(this.silence)
    const silence = setTimeout(async () => {
      // What came while the program was busy is seen in one more turn of the loop.
      await setImmediate()
      if (this.silence === silence) this.end(true)
    }, SILENCE_MS)
    this.silence = silence
  }

  private end(isWhole: boolean): void {
    for (const reject of this.waits) reject(new Interrupted(isWhole))
  }
}

/**
 * Dies of a signal, so that the caller knows. To exit would wait for the read of stdin that is still under way, and with it for the next line of a
 * quiet pipe. Node ignores SIGPIPE: a handler put up and taken down restores the default.
 */
export function die(signal: EndingSignal): never {
  process.on(signal, nothing)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // A process that cannot die of it, as the first of a container, ends with the status that the shell would give.
  process.exit(statusOfSignal(signal))
}

function nothing(): void {}
