// The samples of a recording, in the order of its bytes: as little of the container as tests of decoders need.
import { type EventAttribute, readAttribute } from '../../../../adapters/perf/data/attribute.ts'
import type { Sample } from '../../../../adapters/perf/data/sample.ts'

export interface Walked {
  readonly tracing: Uint8Array | undefined
  readonly samples: readonly Sample[]
  /** Records that are no samples: type, offset, end. */
  readonly others: readonly { readonly type: number; readonly at: number; readonly end: number }[]
}

/** A recording of the file form or the pipe form, little endian, not compressed, complete. */
export function walk(bytes: Buffer): Walked {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const u64 = (at: number): number => Number(view.getBigUint64(at, true))
  const attributes: EventAttribute[] = []
  const ids = new Map<number, EventAttribute>()
  const samples: Sample[] = []
  const others: Walked['others'][number][] = []
  let tracing: Uint8Array | undefined
  let at = 16
  let end = bytes.length
  const isPipe = u64(8) === 16
  if (!isPipe) {
    const size = u64(16)
    for (let entry = u64(24), index = 0; entry < u64(24) + u64(32); entry += size, index++) {
      const attribute = readAttribute(bytes.subarray(entry, entry + size - 16), true, index)
      attributes.push(attribute)
      const start = u64(entry + size - 16)
      for (let id = start; id < start + u64(entry + size - 8); id += 8) ids.set(u64(id), attribute)
    }
    at = u64(40)
    end = u64(48) === 0 ? bytes.length : at + u64(48)
    if (u64(48) > 0 && (view.getUint8(72) & 2) !== 0) tracing = bytes.subarray(u64(end), u64(end) + u64(end + 8))
  }
  while (at + 8 <= end) {
    const type = view.getUint32(at, true)
    const next = at + view.getUint16(at + 6, true)
    if (next <= at) break
    if (type === 64) {
      const size = view.getUint32(at + 12, true)
      const attribute = readAttribute(bytes.subarray(at + 8, at + 8 + size), true, attributes.length)
      attributes.push(attribute)
      for (let id = at + 8 + size; id < next; id += 8) ids.set(u64(id), attribute)
    }
    if (type === 66) tracing = bytes.subarray(next, next + view.getUint32(at + 8, true))
    if (type === 9) {
      const sample = sampleAt(view, bytes, at, attributes, ids)
      if (sample !== undefined) samples.push(sample)
    } else others.push({ type, at, end: next })
    at = type === 66 ? next + view.getUint32(at + 8, true) : next
  }
  return { tracing, samples, others }
}

function sampleAt(
  view: DataView,
  bytes: Buffer,
  start: number,
  attributes: readonly EventAttribute[],
  ids: ReadonlyMap<number, EventAttribute>,
): Sample | undefined {
  const [first] = attributes
  if (first === undefined) return undefined
  const u64 = (at: number): number => Number(view.getBigUint64(at, true))
  const before = [0, 1, 2, 3].filter((bit) => (first.sampleType >> bit) & 1).length
  const idAt = (first.sampleType & 0x10000) !== 0 ? start + 8 : start + 8 + 8 * before
  const attribute = attributes.length === 1 ? first : ids.get(u64(idAt))
  if (attribute === undefined) return undefined
  const has = (bit: number): boolean => ((attribute.sampleType >> bit) & 1) === 1
  let at = start + 8 + (has(16) ? 8 : 0)
  const ip = has(0) ? at : 0
  if (has(0)) at += 8
  const pid = has(1) ? view.getInt32(at, true) : -1
  const tid = has(1) ? view.getInt32(at + 4, true) : -1
  at += [1, 2, 3, 6, 9, 7, 8].filter(has).length * 8
  if (has(4)) return undefined
  let chain = 0
  let chainLength = 0
  if (has(5)) {
    chainLength = u64(at)
    chain = at + 8
    at = chain + 8 * chainLength
  }
  const size = has(10) ? view.getUint32(at, true) : 0
  return {
    view,
    bytes,
    isLittle: true,
    attribute,
    cpuMode: view.getUint16(start + 4, true) & 7,
    pid,
    tid,
    ip,
    chain,
    chainLength,
    raw: has(10) ? at + 4 : 0,
    rawEnd: has(10) ? at + 4 + size : 0,
    hasUserStack: has(13),
  }
}
