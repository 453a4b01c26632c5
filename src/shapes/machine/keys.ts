// The values of keys: found by a hash of some of their bytes, and compared whole. See `run.ts`.
import { ENTRY_HASH, ENTRY_LENGTH, ENTRY_START, KEY_LATEST, KEY_SLOTS, SLOTS } from './layout.ts'
import { areEqual, byteAt, type i32, intAt, product, quotient, setInt, wordAt } from './words.ts'

/** One word in so many bytes of a longer key, a call chain, is part of the hash; three or four words of any other. */
const LONG: i32 = 128
const STRIDE: i32 = 12
const HASH_FACTOR: i32 = -1640531535

/** The entry of the key that the bytes `[start, end)` are; 0: it is not known. */
export function find(key: i32, start: i32, end: i32): i32 {
  const latest: i32 = intAt(key + KEY_LATEST)
  const length: i32 = end - start
  if (latest !== 0 && isEntry(latest, start, length)) return latest
  const hash: i32 = hashOf(start, length)
  let slot: i32 = hash & (SLOTS - 1)
  let entry: i32 = intAt(key + KEY_SLOTS + 4 * slot)
  while (entry !== 0) {
    if (intAt(entry + ENTRY_HASH) === hash && isEntry(entry, start, length)) {
      setInt(key + KEY_LATEST, entry)
      return entry
    }
    slot = (slot + 1) & (SLOTS - 1)
    entry = intAt(key + KEY_SLOTS + 4 * slot)
  }
  return 0
}

function isEntry(entry: i32, start: i32, length: i32): boolean {
  return intAt(entry + ENTRY_LENGTH) === length && areEqual(start, intAt(entry + ENTRY_START), length)
}

/**
 * Of the length and of some words. Keys that differ elsewhere alone have the same hash, and are told apart when they
 * are compared.
 */
export function hashOf(start: i32, length: i32): i32 {
  let hash: i32 = length
  if (length < 4) {
    for (let at: i32 = start; at < start + length; at++) hash = mixed(hash, byteAt(at))
    return hash
  }
  const last: i32 = start + length - 4
  let stride: i32 = STRIDE
  if (length < LONG) stride = length < 12 ? 4 : quotient(length, 3)
  for (let at: i32 = start; at < last; at += stride) hash = mixed(hash, wordAt(at))
  return mixed(hash, wordAt(last))
}

function mixed(hash: i32, word: i32): i32 {
  const mixture: i32 = product(hash ^ word, HASH_FACTOR)
  return mixture ^ (mixture >>> 15)
}
