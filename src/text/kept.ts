/** The most values that are kept. */
const KEPT = 256

/**
 * Keeps what was made of the latest keys. It stops keeping for a while when few keys have come again: keeping costs
 * time, and helps only where records share values.
 */
export class Kept<K, V> {
  private readonly values = new Map<K, V>()
  private hits = 0
  private rest = 0

  get(key: K): V | undefined {
    const value = this.values.get(key)
    if (value !== undefined) this.hits++
    return value
  }

  set(key: K, value: V): void {
    if (this.rest > 0) {
      this.rest--
      return
    }
    if (this.values.size >= KEPT) {
      if (this.hits < KEPT) this.rest = 64 * KEPT
      this.values.clear()
      this.hits = 0
    }
    this.values.set(key, value)
  }
}
