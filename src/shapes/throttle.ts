/** Lines that may be learned before a rest; each line of a known shape gives some of it back. */
const CREDIT = 1024
const REFUND = 1 / 4
/** Looks after which a key that was new in nearly all of them is divided, and what part is nearly all. */
const FEW_LOOKS = 128
const NEARLY_ALL = 15 / 16
/** The same when the credit is used up. */
const TOO_MANY = 1 / 4
const SHORTEST_REST = 4096
const LONGEST_REST = 2 ** 20

/** How much is learned: to look for shapes where nothing repeats costs more than it gives. */
export class Throttle {
  private credit = CREDIT
  private rest = 0
  private nextRest = SHORTEST_REST
  /** Lines that were learned since keys were divided, or since a rest. */
  private looks = 0
  /** By the parts that a key makes: in how many of them it was new. */
  private readonly misses = new Map<string, number>()
  /** Parts whose key comes again too seldom: it is divided into leaves. */
  readonly varying = new Set<string>()

  get isAwake(): boolean {
    return this.rest === 0
  }

  /** Lines went by during a rest. */
  passed(lines: number): void {
    this.rest = Math.max(0, this.rest - lines)
    if (this.rest === 0) this.credit = CREDIT / 4
  }

  /** Units had known shapes. */
  refund(units: number): void {
    this.credit = Math.min(CREDIT, this.credit + REFUND * units)
  }

  /** A key that can be divided had a value that was not known. */
  missed(makes: string): void {
    this.misses.set(makes, (this.misses.get(makes) ?? 0) + 1)
  }

  /** A line was looked at that has no known shape. True: more keys are divided from now on. */
  spend(): boolean {
    this.credit--
    this.looks++
    if (this.looks % FEW_LOOKS === 0 && this.divides(NEARLY_ALL)) return true
    if (this.credit > 0) return false
    if (this.divides(TOO_MANY)) return true
    this.rest = this.nextRest
    this.nextRest = Math.min(LONGEST_REST, 4 * this.nextRest)
    this.beginLooks()
    return false
  }

  /** Keys that were new in such a part of the looks are learned as leaves from now on. False: there are none. */
  private divides(part: number): boolean {
    const before = this.varying.size
    for (const [makes, misses] of this.misses) if (misses >= part * this.looks) this.varying.add(makes)
    if (this.varying.size === before) return false
    this.credit = CREDIT
    this.beginLooks()
    return true
  }

  private beginLooks(): void {
    this.looks = 0
    this.misses.clear()
  }
}
