// The clock of an entry's time. perf trace prints milliseconds since its first event, or with -T those of perf's own
// clock, which counts from the boot of the host.
import type { ClockId } from '../../../src/event/words.ts'
import { secondsToNs } from '../../../src/text/scan.ts'

/** No perf runs within the first second after a boot. */
const NOT_SINCE_BOOT_MS = 1000

/** What is known of the clock so far. */
export class EntryClock {
  private readonly given: 'relative' | 'unknown' | undefined
  private id: ClockId | undefined

  /** `given` is the value of `--perf-time`. */
  constructor(given: string | undefined) {
    this.given = given === undefined ? undefined : given === 'absolute' ? 'unknown' : 'relative'
  }

  /** The clock of this time, by the first time of the capture. */
  idOf(time: string): ClockId {
    if (Number(time) < NOT_SINCE_BOOT_MS) this.id = 'relative'
    this.id ??= 'unknown'
    return this.given ?? this.id
  }

  /** Another capture may begin in the same input. */
  restart(): void {
    this.id = undefined
  }
}

/** `6319716.435`, milliseconds, as decimal nanoseconds. Undefined: 64 bits do not hold it. */
export function millisecondsToNs(time: string): string | undefined {
  const dot = time.length - 4
  const whole = time.slice(0, dot).padStart(4, '0')
  const seconds = `${whole.slice(0, -3)}.${whole.slice(-3)}${time.slice(dot + 1)}`
  return secondsToNs(seconds, 0, seconds.length)
}
