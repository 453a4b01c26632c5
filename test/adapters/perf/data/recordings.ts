// Recordings in other forms than they were written: turned into a stream of compressed records, cut, with a byte
// changed; and their conversion in this process.
import { expect } from 'vitest'
import { adapters } from '../../../../adapters/registry.ts'
import { imbalance } from '../../../../src/read/ledger.ts'
import { BARE_PLAN } from '../../../../src/run/plan.ts'
import { wire } from '../../../../src/run/wire.ts'
import { convertBytes, eventsIn } from '../../../kit/convert-bytes.ts'
import type { Event } from '../reading.ts'

/** A record as these tests look at it. */
export interface RecordedEvent extends Event {
  readonly clock?: { readonly id: string; readonly ns: string }
  readonly host?: { readonly name?: string; readonly kernel?: string }
  readonly drop?: { readonly reason?: string; readonly code?: number; readonly decoded_by?: string }
  readonly capture: { readonly path: string; readonly offset: number; readonly length: number }
}

export interface Converted {
  readonly events: readonly RecordedEvent[]
  readonly ndjson: string
  /** `offset word`. */
  readonly rejected: readonly string[]
  readonly hints: readonly string[]
}

const wired = await wire({ ...BARE_PLAN, validate: 'full' }, adapters)

/** Converts a recording, and holds its books. A recording that cannot seek comes in pieces of these sizes. */
export async function recorded(bytes: Uint8Array, isSeekable: boolean, sizes?: readonly number[]): Promise<Converted> {
  const { output, rejected, outcome } = await convertBytes(wired, bytes, {
    isSeekable,
    path: 'perf.data',
    ...(sizes !== undefined && { sizes }),
  })
  expect([imbalance(outcome.ledger), outcome.bugs, outcome.ledger.bytesRead]).toEqual([undefined, [], bytes.length])
  return {
    events: eventsIn<RecordedEvent>(output),
    ndjson: output,
    rejected: rejected.map(({ offset, why }) => `${offset} ${why.word}`),
    hints: [...outcome.hints],
  }
}

/** What records say, but for their place in the recording. */
export function saidBy({ events }: Converted): readonly unknown[] {
  return events.map(({ capture: _, ...rest }) => rest)
}

/** The records of a little-endian recording from a pipe, whole: type and bytes. */
export function recordsIn(bytes: Buffer): readonly { readonly type: number; readonly bytes: Buffer }[] {
  const records: { type: number; bytes: Buffer }[] = []
  for (let at = 16; at + 8 <= bytes.length; ) {
    const type = bytes.readUInt32LE(at)
    const more = type === TRACING_DATA ? bytes.readUInt32LE(at + 8) : 0
    const end = at + bytes.readUInt16LE(at + 6) + more
    records.push({ type, bytes: bytes.subarray(at, end) })
    at = end
  }
  return records
}

const TRACING_DATA = 66
const FIRST_OF_PERF = 64
const COMPRESSED = 81
/** Of a zstd frame without a length: magic, descriptor, a window of 1 MiB. */
const FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])

/** The same recording as `-z` writes it, but not smaller: blocks of a frame that never ends, `pieceBytes` a record. */
export function compressedLike(bytes: Buffer, pieceBytes: number): Buffer {
  const out: Buffer[] = [bytes.subarray(0, 16)]
  let waiting = Buffer.alloc(0)
  let isFirst = true
  const put = (piece: Buffer): void => {
    const head = Buffer.alloc(3)
    head.writeUIntLE(piece.length << 3, 0, 3)
    const content = Buffer.concat([...(isFirst ? [FRAME] : []), head, piece])
    isFirst = false
    const record = Buffer.alloc(8)
    record.writeUInt32LE(COMPRESSED, 0)
    record.writeUInt16LE(8 + content.length, 6)
    out.push(record, content)
  }
  for (const { type, bytes: record } of recordsIn(bytes)) {
    if (type < FIRST_OF_PERF) waiting = Buffer.concat([waiting, record])
    while (waiting.length >= pieceBytes) {
      put(waiting.subarray(0, pieceBytes))
      waiting = waiting.subarray(pieceBytes)
    }
    if (type < FIRST_OF_PERF) continue
    if (waiting.length > 0) put(waiting)
    waiting = Buffer.alloc(0)
    out.push(record)
  }
  if (waiting.length > 0) put(waiting)
  return Buffer.concat(out)
}

/** With one bit, or all bits, of a byte changed. */
export function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}
