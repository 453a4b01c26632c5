// Times of records: u64 nanoseconds.

const TWO_32 = 0x100000000
/** From here on a number of nanoseconds is not exact: 104 days. */
const EXACT_HIGH = 1 << 21
const SECOND = 1_000_000_000
const LAST = 0xffffffff
/** `000` to `999`. */
const THOUSAND = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))

/** Reads times, and says which comes first. */
export class RecordClock {
  /** The upper half of the first time, from which keys count: so they are exact. */
  private base: number | undefined
  private readonly lowAt: number
  private readonly highAt: number
  private readonly isLittle: boolean
  private second = 0
  private secondText = ''

  constructor(isLittle: boolean) {
    this.isLittle = isLittle
    this.lowAt = isLittle ? 0 : 4
    this.highAt = isLittle ? 4 : 0
  }

  /** Grows with the time at this offset. Undefined: it says `before everything` (0) or nothing (all ones). */
  keyAt(view: DataView, at: number): number | undefined {
    const low = view.getUint32(at + this.lowAt, this.isLittle)
    const high = view.getUint32(at + this.highAt, this.isLittle)
    if (high === 0 ? low === 0 : high === LAST && low === LAST) return undefined
    this.base ??= high
    return (high - this.base) * TWO_32 + low
  }

  /** Decimal nanoseconds. */
  textAt(view: DataView, at: number): string {
    const low = view.getUint32(at + this.lowAt, this.isLittle)
    const high = view.getUint32(at + this.highAt, this.isLittle)
    if (high >= EXACT_HIGH) return String((BigInt(high) << 32n) + BigInt(low))
    const ns = high * TWO_32 + low
    const second = Math.floor(ns / SECOND)
    if (second === 0) return String(ns)
    if (second !== this.second) {
      this.second = second
      this.secondText = String(second)
    }
    const rest = ns - second * SECOND
    const micro = Math.floor(rest / 1000)
    const milli = Math.floor(micro / 1000)
    // V8 remembers the text of each number that it formats, and its collector copies them: a tenth of the run.
    return `${this.secondText}${THOUSAND[milli]}${THOUSAND[micro - milli * 1000]}${THOUSAND[rest - micro * 1000]}`
  }
}
