import { areEqual } from '../text/byte-words.ts'
import type { Arena } from './arena.ts'

const SLOTS = 8192
/** More distinct values than a capture's threads, or places of drops. */
const MOST_KEYS = 4096
const LONGEST_PROBE = 16
/** One word in so many bytes of a longer key, a call chain, is part of the hash; three or four words of any other. */
const LONG = 128
const STRIDE = 12

/** The known values of a span of input: found by a hash of some of their bytes, and compared whole. */
export class Keys {
  /** How many there are; they are numbered as they came. */
  count = 0
  private readonly arena: Arena
  private readonly slots = new Int32Array(SLOTS).fill(-1)
  private readonly at = new Int32Array(MOST_KEYS)
  private readonly length = new Int32Array(MOST_KEYS)
  private readonly hash = new Int32Array(MOST_KEYS)
  /** The number of the key that was found or added last. */
  latest = 0

  constructor(arena: Arena) {
    this.arena = arena
  }

  /** The number of the key that the bytes `[start, end)` are; -1: it is not known. */
  find(words: DataView, start: number, end: number): number {
    const last = this.latest
    const length = end - start
    if (this.isKey(last, words, start, length) && last < this.count) return last
    const hash = hashOf(words, start, length)
    for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const key = this.slots[slot] ?? -1
      if (key < 0) return -1
      if (this.hash[key] === hash && this.isKey(key, words, start, length)) {
        this.latest = key
        return key
      }
    }
  }

  /** Keeps a key that is not known yet; gives its number; -1: there is no room. */
  add(words: DataView, start: number, end: number): number {
    if (this.count === MOST_KEYS) return -1
    const length = end - start
    const hash = hashOf(words, start, length)
    let slot = hash & (SLOTS - 1)
    for (let probes = 0; (this.slots[slot] ?? -1) >= 0; probes++) {
      if (probes === LONGEST_PROBE) return -1
      slot = (slot + 1) & (SLOTS - 1)
    }
    const key = this.count++
    this.at[key] = this.arena.add(new Uint8Array(words.buffer, words.byteOffset + start, length))
    this.length[key] = length
    this.hash[key] = hash
    this.slots[slot] = key
    this.latest = key
    return key
  }

  private isKey(key: number, words: DataView, start: number, length: number): boolean {
    return this.length[key] === length && areEqual(words, start, this.arena.words, this.at[key] ?? 0, length)
  }
}

/**
 * Of the length and of some words. Keys that differ elsewhere alone have the same hash, and are told apart when they
 * are compared.
 */
function hashOf(words: DataView, start: number, length: number): number {
  let hash = length
  if (length < 4) {
    for (let at = start; at < start + length; at++) hash = mixed(hash, words.getUint8(at))
    return hash
  }
  const last = start + length - 4
  const stride = length < LONG ? Math.max(4, Math.floor(length / 3)) : STRIDE
  for (let at = start; at < last; at += stride) hash = mixed(hash, words.getInt32(at, true))
  return mixed(hash, words.getInt32(last, true))
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}
