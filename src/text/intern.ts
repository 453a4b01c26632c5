/** A bounded table from source text to what was made of it. */
export interface Memo<T> {
  /** The value made of `key`: from the table, or made now. */
  get(key: string): T
  /** Forgets all: for values that hang on facts learnt since. */
  clear(): void
}

const GENERATION = 4096
const LONGEST_KEY = 256

/**
 * `make`, remembered by its argument. Two generations of 4,096 texts of at most 256 bytes; a generation that filled with
 * fewer hits than entries (values that never repeat) makes the table rest for as many calls as it holds, so that nothing is kept for nothing.
 * `make` must hang on its argument alone, or the owner must `clear` when what it hangs on changes.
 */
export function intern<T>(make: (text: string) => T): Memo<T> {
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  let hits = 0
  let rest = 0
  return {
    get(key) {
      const recent = young.get(key)
      if (recent !== undefined) {
        hits++
        return recent
      }
      const known = old.get(key)
      if (known !== undefined) hits++
      if (rest > 0) {
        rest--
        return known ?? make(key)
      }
      if (key.length > LONGEST_KEY) return known ?? make(key)
      if (young.size >= GENERATION) {
        if (hits < GENERATION) rest = 16 * GENERATION
        old = young
        young = new Map()
        hits = 0
      }
      // The value too is made of the copy: it may hold slices of its text.
      const copy = copyOf(key)
      const value = known ?? make(copy)
      young.set(copy, value)
      return value
    },
    clear() {
      young = new Map()
      old = new Map()
      hits = 0
      rest = 0
    },
  }
}

/** A text that is no view into its window: a kept slice of 13 chars or more keeps its whole chunk (64 KiB) alive. */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
