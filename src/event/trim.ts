import { requiredKeys } from './generated/fields.ts'
import { type PartName, partNames } from './generated/members.ts'
import type { MemberName } from './generated/types.ts'
import { memberValidators } from './generated/validators.ts'
import { asObject, isList, isObject, type Json, type Part, sealJson } from './part.ts'
import type { EventRecord } from './record.ts'

/** The most bytes of a line of output: Loki refuses longer lines. */
export const LONGEST_LINE_BYTES = 256 * 1024
/**
 * The most bytes of a name and its key. No path of Linux is longer, so a longer text is not a name: it is left out.
 */
const LONGEST_NAME_BYTES = 4096
/** The most bytes of a name that the schema requires. */
const LONGEST_NEEDED_BYTES = 64 * 1024
/** The most unknown members that are removed from a section, one by one. */
const MOST_UNKNOWN = 1000

type Size = (record: EventRecord) => number

/** Each step is taken only while the line is too long. No step cuts an enum, a name or a number: it stays or goes. */
const STEPS: readonly ((record: EventRecord, sizeOf: Size) => void)[] = [
  leaveUnknown,
  leaveFrames,
  leaveLongNames,
  cutFreeTexts,
  leaveEntries,
  cutNeededNames,
]

/**
 * Makes the line of a record fit. The record gets the flag `truncated` when more than `capture.raw` has to go.
 * `sizeOf` gives the bytes of the line of the record as it is.
 */
export function trim(record: EventRecord, sizeOf: Size): void {
  record.source = undefined
  change(record, 'capture', (capture) => without(capture, 'raw'))
  if (sizeOf(record) <= LONGEST_LINE_BYTES) return
  record.flags = [...(record.flags ?? []), 'truncated']
  for (const step of STEPS) {
    step(record, sizeOf)
    if (sizeOf(record) <= LONGEST_LINE_BYTES) return
  }
}

/** Removes members and flags of another version. */
function leaveUnknown(record: EventRecord): void {
  record.unknown = undefined
  record.flags = record.flags?.filter((flag) => flag.length <= LONGEST_FLAG).slice(-MOST_FLAGS)
  for (const name of partNames) change(record, name, (value) => knownOf(definitionOf(name, record), value))
}

/** The value without the members that this version does not know. */
function knownOf(member: MemberName, value: Json): Json {
  const validate = memberValidators[member]
  let known = value
  for (let count = 0; count < MOST_UNKNOWN && !validate(known); count++) {
    const [error] = validate.errors ?? []
    if (error?.keyword !== 'additionalProperties') break
    known = withoutAt(known, error.instancePath.split('/').slice(1), String(error.params.additionalProperty))
  }
  return known
}

const LONGEST_FLAG = 64
const MOST_FLAGS = 64

/** Removes outer frames; the innermost stays. */
function leaveFrames(record: EventRecord, sizeOf: Size): void {
  const frames = record.stack?.value()
  if (!isList(frames)) return
  const count = mostOf(frames.length, savedBy([frames.map(jsonBytes)]), excessOf(record, sizeOf))
  change(record, 'stack', () => frames.slice(0, count))
}

/** Removes members that are too long for a name. */
function leaveLongNames(record: EventRecord): void {
  for (const name of partNames) {
    const isFree = name === 'message' || name === 'payload'
    const isShort = (record[name]?.text.length ?? 0) <= LONGEST_NAME_BYTES
    if (!isFree && !isShort) change(record, name, (value) => withoutLong(value, name))
  }
}

/**
 * Cuts all free texts to the same length, the greatest that fits. One character stays at least: no text becomes empty.
 */
function cutFreeTexts(record: EventRecord, sizeOf: Size): void {
  const sizes: number[] = []
  cutAll(record, (text) => {
    sizes.push(jsonBytes(text))
    return text
  })
  const saved = (bytes: number): number => sizes.reduce((sum, size) => sum + Math.max(0, size - bytes), 0)
  const bytes = mostOf(LONGEST_LINE_BYTES, saved, excessOf(record, sizeOf))
  cutAll(record, (text) => prefixOf(text, bytes))
}

function cutAll(record: EventRecord, cut: CutText): void {
  for (const name of partNames) {
    const cutIn = FREE_TEXTS[name]
    if (cutIn !== undefined) change(record, name, (value) => cutIn(value, cut))
  }
}

/** Keeps the first entries of each list and of each open section, as many as fit. */
function leaveEntries(record: EventRecord, sizeOf: Size): void {
  const sizes = partNames.flatMap((name) => entrySizes(name, record[name]?.value()))
  const most = Math.max(0, ...sizes.map(({ length }) => length))
  const count = mostOf(most, savedBy(sizes), excessOf(record, sizeOf))
  for (const name of partNames) change(record, name, (value) => firstOf(name, value, count))
}

/** Cuts the names that the schema requires. */
function cutNeededNames(record: EventRecord): void {
  change(record, 'metric', (value) => withText(value, 'name', (name) => prefixOf(name, LONGEST_NEEDED_BYTES)))
  change(record, 'capture', (value) => withText(value, 'path', (path) => prefixOf(path, LONGEST_NEEDED_BYTES)))
}

function excessOf(record: EventRecord, sizeOf: Size): number {
  return sizeOf(record) - LONGEST_LINE_BYTES
}

/** The greatest amount, up to `most`, that saves enough bytes; 1 when no amount does. */
function mostOf(most: number, saved: (amount: number) => number, excess: number): number {
  let low = 1
  let high = most
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (saved(middle) >= excess) low = middle
    else high = middle - 1
  }
  return low
}

/** The bytes that are saved when only the first `count` entries of each list stay. */
function savedBy(lists: readonly (readonly number[])[]): (count: number) => number {
  // Sums from the end, with commas, made once: a list may have 1,000,000 entries.
  const tails = lists.map((sizes) => {
    const tail = [0]
    for (const size of sizes.toReversed()) tail.push((tail.at(-1) ?? 0) + size + 1)
    return tail.reverse()
  })
  return (count) => tails.reduce((sum, tail) => sum + (tail[count] ?? 0), 0)
}

type CutText = (text: string) => string

/** How to cut the texts that have no grammar of their own, by member. */
const FREE_TEXTS: Readonly<Partial<Record<PartName, (value: Json, cut: CutText) => Json>>> = {
  message: cutWhole,
  payload: cutWhole,
  args: cutMembers,
  labels: cutMembers,
  sample: (value, cut) => {
    const { addr, phys_addr, ...rest } = asObject(value)
    return ordered(value, { ...asObject(cutMembers(rest, cut)), addr, phys_addr })
  },
  metric: (value, cut) => {
    const { text, keys } = asObject(value)
    return {
      ...asObject(value),
      ...(typeof text === 'string' && { text: cut(text) }),
      ...(isList(keys) && { keys: keys.map((key) => cutWhole(key, cut)) }),
    }
  },
}

function cutWhole(value: Json, cut: CutText): Json {
  return typeof value === 'string' ? cut(value) : value
}

function cutMembers(value: Json, cut: CutText): Json {
  return mapped(value, (inner) => cutWhole(inner, cut))
}

/** The value without members that are too long for a name. Free texts stay here: they are cut, not removed. */
function withoutLong(value: Json, name: PartName): Json | undefined {
  if (isList(value)) return value.map((item) => withoutLong(item, name)).filter((item) => item !== undefined)
  if (typeof value === 'string') return jsonBytes(value) > LONGEST_NAME_BYTES ? undefined : value
  return mapped(value, (inner, key) => {
    if (jsonBytes(key) > LONGEST_NAME_BYTES) return undefined
    const isFree = isNamedByAnybody(name) || (name === 'metric' && (key === 'text' || key === 'keys'))
    if ((isFree && !isObject(inner)) || requiredKeys[name]?.includes(key) === true) return inner
    return withoutLong(inner, name)
  })
}

function isNamedByAnybody(name: PartName): boolean {
  return name === 'args' || name === 'labels' || name === 'sample'
}

/** The bytes of the entries of each list, and of the members of an open section. */
function entrySizes(name: PartName, value: Json | undefined): readonly (readonly number[])[] {
  if (value === undefined) return []
  if (isNamedByAnybody(name))
    return [Object.entries(asObject(value)).map(([key, inner]) => jsonBytes(key) + 1 + jsonBytes(inner ?? ''))]
  if (name !== 'metric') return []
  const { keys, buckets } = asObject(value)
  return [keys, buckets].filter(isList).map((list) => list.map(jsonBytes))
}

function firstOf(name: PartName, value: Json, count: number): Json {
  if (isNamedByAnybody(name)) return Object.fromEntries(Object.entries(asObject(value)).slice(0, count))
  return name === 'metric' ? mapped(value, (inner) => (isList(inner) ? inner.slice(0, count) : inner)) : value
}

function withText(value: Json, key: string, cut: CutText): Json {
  const text = asObject(value)[key]
  return typeof text === 'string' ? { ...asObject(value), [key]: cut(text) } : value
}

/** Replaces the value of a part. The part goes when its new value is undefined or an empty object. */
function change(record: EventRecord, name: PartName, by: (value: Json) => Json | undefined): void {
  const part: Part | undefined = record[name]
  if (part === undefined) return
  const before = part.value()
  const value = by(before)
  if (value === before) return
  const isGone = value === undefined || (isObject(value) && Object.keys(value).length === 0)
  record[name] = isGone ? undefined : sealJson(definitionOf(name, record), value, ...(part.notes?.flags ?? []))
}

function definitionOf(name: PartName, record: EventRecord): MemberName {
  return name === 'drop' && record.kind !== 'drop' ? 'drop_context' : name
}

function without(value: Json, key: string): Json {
  if (!isObject(value) || value[key] === undefined) return value
  return mapped(value, (inner, name) => (name === key ? undefined : inner))
}

function withoutAt(value: Json, [first, ...rest]: readonly string[], key: string): Json {
  if (first === undefined) return without(value, key)
  if (isList(value)) return value.map((item, index) => (String(index) === first ? withoutAt(item, rest, key) : item))
  const name = first.replaceAll('~1', '/').replaceAll('~0', '~')
  return mapped(value, (inner, of) => (of === name ? withoutAt(inner, rest, key) : inner))
}

/** The object with each value replaced; undefined removes the member. */
function mapped(value: Json, by: (inner: Json, key: string) => Json | undefined): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const other = inner === undefined ? undefined : by(inner, key)
      return other === undefined ? [] : [[key, other]]
    }),
  )
}

/** The members of `by` in the order of `value`. */
function ordered(value: Json, by: { readonly [key: string]: Json | undefined }): Json {
  return mapped(value, (_, key) => by[key])
}

/** The longest beginning of a text whose JSON has at most `bytes`, in whole characters, and one at least. */
function prefixOf(text: string, bytes: number): string {
  let left = bytes - QUOTES
  let end = 0
  // Large steps first, then smaller ones.
  for (let step = 4096; step >= 1; step >>= 6) {
    for (;;) {
      const next = characterEnd(text, end + step)
      const size = jsonBytes(text.slice(end, next)) - QUOTES
      if (next === end || size > left) break
      left -= size
      end = next
    }
  }
  return text.slice(0, Math.max(end, characterEnd(text, 1)))
}

/** `at`, but not inside a character and not after the end. */
function characterEnd(text: string, at: number): number {
  const isWithin = /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))
  return Math.min(isWithin ? at + 1 : at, text.length)
}

const QUOTES = 2

/** The bytes of a value as JSON in UTF-8. */
function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value))
}
