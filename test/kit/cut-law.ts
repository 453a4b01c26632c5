// The law of an input that was cut off: what was read before the cut says nothing that the whole input does not say.

import type { Result } from './harness.ts'

/** A record of our NDJSON, parsed. */
type Members = Readonly<Record<string, unknown>>

/** A record with the bytes of the input that it was made of. */
export interface PlacedRecord {
  readonly line: string
  readonly members: Members
  readonly offset: number
  readonly end: number
}

/** Flags that a record of a cut input may have and the record of the whole has not. */
const FLAGS_OF_A_CUT: ReadonlySet<unknown> = new Set([
  'incomplete',
  // perf: a head without padding whose call chain is not there looks like a pasted one.
  'reformatted',
])

/** `ndjson`: latin1, made with `--provenance full`. */
export function placedRecords(ndjson: string): readonly PlacedRecord[] {
  return linesOf(ndjson).map(placed)
}

/**
 * How the records of an input that ends at `cut` break the law; empty where they keep it. A record is as it is in the
 * whole, or it is one of the last, and each of its members has the value that it has in the whole. Text of the unit
 * that the cut is in may be a message, or rejected.
 */
export function breaches(
  whole: readonly PlacedRecord[],
  { ndjson, rejected }: Result,
  input: Buffer,
  cut: number,
): readonly string[] {
  const lineStart = cut === 0 ? 0 : input.lastIndexOf(10, cut - 1) + 1
  const lines = linesOf(ndjson)
  const lastRejected = Number(rejected.at(-1)?.split(' ')[1] ?? cut)
  const firstOther = lines.findIndex((line, at) => line !== whole[at]?.line)
  const same = firstOther < 0 ? lines.length : firstOther
  const missing = whole.slice(same)
  const found: string[] = []
  const settled = new Set<PlacedRecord>()
  let pieces = 0
  for (const line of lines.slice(same)) {
    const piece = placed(line)
    const at = missing.findIndex((record) => record.line === line)
    if (at >= 0) {
      missing.splice(at, 1)
      if (pieces > 0 && !isAside(piece)) found.push(`changed before ${line}`)
      continue
    }
    const there = whole.filter(({ offset, end }) => offset <= piece.offset && piece.offset < end)
    const isInCut = piece.end >= lineStart || there.some(({ end }) => end > lineStart)
    if (piece.members.kind === 'message' && isInCut) continue
    pieces++
    const record = there.find((one) => otherMember(piece, one) === undefined)
    if (record !== undefined) settled.add(record)
    else found.push(`${there[0] && otherMember(piece, there[0])}: ${line} is not in ${there[0]?.line}`)
  }
  // What the tool says within the last block counts as of the block, also where it comes after the cut.
  const lastBlock = lines.map(placed).findLast((record) => !isAside(record))?.offset
  const lost = missing.filter(
    (one) =>
      one.end <= Math.min(lineStart, lastRejected) && !settled.has(one) && !(isAside(one) && one.offset === lastBlock),
  )
  return [...found, ...lost.map(({ line }) => `lost: ${line}`)]
}

function linesOf(ndjson: string): readonly string[] {
  return ndjson.split('\n').slice(0, -1)
}

function placed(line: string): PlacedRecord {
  const members = JSON.parse(line)
  const { offset, length } = members.capture
  return { line, members, offset, end: offset + length }
}

/** What a tool may say within a block, which does not end the block. */
function isAside({ members }: PlacedRecord): boolean {
  return members.kind === 'message' || members.kind === 'loss'
}

/** The first member that the record of the whole has not, or with another value. */
function otherMember(piece: PlacedRecord, record: PlacedRecord): string | undefined {
  const whole = new Map(Object.entries(record.members))
  const other = Object.entries(piece.members).find(([name, value]) => {
    if (name === 'capture') return false
    // A later line of a unit that the cut took apart is no drop of its own, and the whole has no room for its stack.
    if (piece.offset > record.offset && ((name === 'kind' && value === 'trace') || name === 'stack')) return false
    if (name === 'flags') return flagsOf(value).some((flag) => !flagsOf(whole.get(name)).includes(flag))
    if (name === 'payload') return !isPart(textLines(value), textLines(whole.get(name)))
    return !isPart(value, whole.get(name))
  })
  return other?.[0]
}

function flagsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.filter((flag) => !FLAGS_OF_A_CUT.has(flag)) : []
}

/** A payload of several lines may lack the last ones, as a stack may lack outer frames. */
function textLines(value: unknown): readonly string[] {
  return String(value).split('\n')
}

function isPart(part: unknown, whole: unknown): boolean {
  if (part === whole) return true
  if (typeof part !== 'object' || typeof whole !== 'object' || part === null || whole === null) return false
  const members = new Map(Object.entries(whole))
  return Object.entries(part).every(([name, value]) => isPart(value, members.get(name)))
}
