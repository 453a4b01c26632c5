// Ranges of addresses, of which a later one hides what it overlaps.

export interface AddressRange<T> {
  readonly start: bigint
  /** The first address after it. */
  readonly end: bigint
  readonly value: T
}

/** In ascending order, without overlap. */
export class RangeList<T> {
  private readonly most: number
  private ranges: AddressRange<T>[] = []

  /** `most`: how many it keeps. Others are left out. */
  constructor(most: number) {
    this.most = most
  }

  get length(): number {
    return this.ranges.length
  }

  add(start: bigint, end: bigint, value: T): void {
    this.replace(start, end, this.ranges.length < this.most ? [{ start, end, value }] : [])
  }

  /** Nothing is in this range from now on. */
  remove(start: bigint, end: bigint): void {
    this.replace(start, end, [])
  }

  at(address: bigint): T | undefined {
    const range = this.ranges[this.firstAfter(address)]
    return range !== undefined && range.start <= address ? range.value : undefined
  }

  copy(): RangeList<T> {
    const copy = new RangeList<T>(this.most)
    copy.ranges = [...this.ranges]
    return copy
  }

  private replace(start: bigint, end: bigint, inner: readonly AddressRange<T>[]): void {
    const { ranges } = this
    if (end <= start) return
    const first = this.firstAfter(start)
    let after = first
    while (after < ranges.length && (ranges[after]?.start ?? end) < end) after++
    const [before, behind] = [ranges[first], ranges[after - 1]]
    const left = after > first && before !== undefined && before.start < start ? [{ ...before, end: start }] : []
    const right = after > first && behind !== undefined && behind.end > end ? [{ ...behind, start: end }] : []
    ranges.splice(first, after - first, ...left, ...inner, ...right)
  }

  /** The first range that ends after the address. */
  private firstAfter(address: bigint): number {
    let low = 0
    let high = this.ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.ranges[middle]?.end ?? 0n) <= address) low = middle + 1
      else high = middle
    }
    return low
  }
}
