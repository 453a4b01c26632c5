import type { ClockOffset } from '../time/clock.ts'

const NONE: ClockOffset = { seconds: 0, nanoseconds: 0, least: 0, most: -1 }
const SECOND_NS = 1_000_000_000
const ZERO = 48
/** `2023-02-23T18:03:36.` */
const TO_POINT = 20
const FRACTION = 9
const CAPITAL_Z = 90

/** Makes `ts` of digits: the text up to the second is kept, as most lines have the second of the one before. */
export class WallClock {
  private readonly offset: ClockOffset
  private seconds = Number.NaN
  private nanoseconds = 0
  private readonly text = new Uint8Array(TO_POINT)
  private textOf = Number.NaN

  constructor(offset = NONE) {
    this.offset = offset
  }

  /** Reads seconds, a point, and 6 or 9 digits; false: it is not a time to which the offset applies. */
  takes(words: DataView, at: number, size: number, fraction: number): boolean {
    const { least, most } = this.offset
    const seconds = numberAt(words, at, size)
    if (seconds < least || seconds > most) return false
    const below = numberAt(words, at + size + 1, fraction)
    const nanoseconds = (fraction === FRACTION ? below : below * 1000) + this.offset.nanoseconds
    const carries = nanoseconds >= SECOND_NS
    this.seconds = seconds + this.offset.seconds + (carries ? 1 : 0)
    this.nanoseconds = carries ? nanoseconds - SECOND_NS : nanoseconds
    return true
  }

  /** Gives where the text of the time that was read ends. */
  writeTo(bytes: Uint8Array, at: number): number {
    const { text, seconds } = this
    if (seconds !== this.textOf) this.makeText(seconds)
    for (let i = 0; i < TO_POINT; i++) bytes[at + i] = text[i] ?? 0
    let rest = this.nanoseconds
    for (let i = at + TO_POINT + FRACTION - 1; i >= at + TO_POINT; i--) {
      const tenth = Math.floor(rest / 10)
      bytes[i] = ZERO + rest - 10 * tenth
      rest = tenth
    }
    bytes[at + TO_POINT + FRACTION] = CAPITAL_Z
    return at + TO_POINT + FRACTION + 1
  }

  private makeText(seconds: number): void {
    const text = new Date(seconds * 1000).toISOString()
    for (let i = 0; i < TO_POINT; i++) this.text[i] = text.charCodeAt(i)
    this.textOf = seconds
  }
}

function numberAt(words: DataView, at: number, digits: number): number {
  let value = 0
  for (let i = at; i < at + digits; i++) value = value * 10 + words.getUint8(i) - ZERO
  return value
}
