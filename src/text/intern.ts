import { detached } from './detached.ts'

/** A bounded table from source text to what was made of it. */
export interface Memo<T> {
  /** The value made of `key`: from the table, or made now. */
  get(key: string): T
  /** The value made of `[start, end)` of `text`. Most lines repeat the one before: that is seen without a look into the table. */
  of(text: string, start: number, end: number): T
  /** Forgets all: for values that hang on facts learnt since. */
  clear(): void
}

interface MemoEntry<T> {
  readonly key: string
  readonly value: T
}

const GENERATION = 4096
const LONGEST_KEY = 256

/**
 * `make`, remembered by its argument. Two generations of 4,096 texts of at most 256 bytes; a generation that filled with
 * fewer hits than entries (values that never repeat) makes the table rest for as many calls as it holds, so that nothing is kept for nothing.
 * `make` must hang on its argument alone, or the owner must `clear` when what it hangs on changes.
 */
export function intern<T>(make: (text: string) => T): Memo<T> {
  return new Interned(make)
}

class Interned<T> implements Memo<T> {
  private readonly make: (text: string) => T
  private young = new Map<string, MemoEntry<T>>()
  private old = new Map<string, MemoEntry<T>>()
  private hits = 0
  private rest = 0
  private last: MemoEntry<T> | undefined

  constructor(make: (text: string) => T) {
    this.make = make
  }

  of(text: string, start: number, end: number): T {
    // A slice that is compared whole: `startsWith` takes 2.5 ns a char, this a third of it.
    const key = text.slice(start, end)
    const { last } = this
    return last !== undefined && key === last.key ? last.value : this.get(key)
  }

  get(key: string): T {
    const known = this.young.get(key)
    if (known !== undefined) {
      this.hits++
      this.last = known
      return known.value
    }
    const older = this.old.get(key)
    if (older !== undefined) this.hits++
    if (key.length > LONGEST_KEY || this.isResting()) return older === undefined ? this.make(key) : older.value
    const entry = older ?? this.entryOf(detached(key))
    this.young.set(entry.key, entry)
    this.last = entry
    return entry.value
  }

  /** Of a copy: the value may hold slices of its text. */
  private entryOf(copy: string): MemoEntry<T> {
    return { key: copy, value: this.make(copy) }
  }

  clear(): void {
    this.young = new Map()
    this.old = new Map()
    this.hits = 0
    this.rest = 0
    this.last = undefined
  }

  /** True while nothing new is kept; makes room for what is. */
  private isResting(): boolean {
    if (this.rest > 0) {
      this.rest--
      return true
    }
    if (this.young.size < GENERATION) return false
    if (this.hits < GENERATION) this.rest = 16 * GENERATION
    this.old = this.young
    this.young = new Map()
    this.hits = 0
    return false
  }
}
