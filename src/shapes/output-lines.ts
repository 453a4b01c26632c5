import { SLACK } from '../text/byte-words.ts'

/** So much is written before somebody takes it. */
export const OUTPUT_BYTES = 64 * 1024
/** What one line may add to it. */
const LONGEST_LINE = 400 * 1024

const DIGITS = 20
const ZERO = 48
const NINE = 57

/**
 * The output of one call: whole lines, one after the other. What was taken for it is counted until somebody resets it.
 */
export class OutputLines {
  readonly bytes = new Uint8Array(OUTPUT_BYTES + LONGEST_LINE + SLACK)
  readonly words = new DataView(this.bytes.buffer)
  length = 0
  /** Units of input. */
  units = 0
  /** Lines of input. */
  lines = 0
  /** Where the last unit began. */
  lastStart = 0
}

/** The number of a line in decimal digits, ready to be copied: to count on is cheaper than to divide. */
export class LineNumber {
  private readonly digits = new Uint8Array(DIGITS)
  private start = DIGITS - 1

  set(line: number): void {
    const text = String(line)
    this.start = DIGITS - text.length
    for (let at = 0; at < text.length; at++) this.digits[this.start + at] = text.charCodeAt(at)
  }

  /** So many lines on. */
  add(lines: number): void {
    for (let count = 0; count < lines; count++) this.next()
  }

  private next(): void {
    const { digits } = this
    let at = DIGITS - 1
    while (digits[at] === NINE && at >= this.start) digits[at--] = ZERO
    if (at < this.start) {
      this.start = at
      digits[at] = ZERO
    }
    digits[at] = (digits[at] ?? 0) + 1
  }

  /** Gives where the digits end. */
  writeTo(bytes: Uint8Array, at: number): number {
    const { digits, start } = this
    for (let from = start; from < DIGITS; from++) bytes[at + from - start] = digits[from] ?? 0
    return at + DIGITS - start
  }
}
