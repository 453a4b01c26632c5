// The feature sections of a header (tools/perf/util/header.c and
// tools/perf/Documentation/perf.data-file-format.txt, perf 5.10 to 7.2), of which only a few are needed.
import type { ClockPair } from '../../../src/time/clock.ts'
import { CLOCKS } from './attribute.ts'
import { hexOf, textAt } from './text.ts'

/** `HEADER_*`, by bit. */
export const FEATURE = {
  tracingData: 1,
  buildId: 2,
  hostname: 3,
  osRelease: 4,
  eventDesc: 12,
  dirFormat: 24,
  compressed: 27,
  clockData: 29,
} as const

/** A text with its length before it, latin1. Undefined: it does not fit. */
export function readString(bytes: Uint8Array, isLittle: boolean, at = 0): string | undefined {
  if (at + 4 > bytes.length) return undefined
  const length = viewOf(bytes).getUint32(at, isLittle)
  return at + 4 + length <= bytes.length ? textAt(bytes, at + 4, at + 4 + length) : undefined
}

/** An entry of EVENT_DESC. */
export interface DescribedEvent {
  /** As the user typed it, or perf made it; latin1. */
  readonly name: string
  /** u64 each. */
  readonly ids: Uint8Array
}

/** The events in the order of their attributes, as far as they can be read. */
export function readEventDesc(bytes: Uint8Array, isLittle: boolean): readonly DescribedEvent[] {
  const view = viewOf(bytes)
  const events: DescribedEvent[] = []
  if (bytes.length < 8) return events
  const count = view.getUint32(0, isLittle)
  const attributeBytes = view.getUint32(4, isLittle)
  let at = 8
  for (let event = 0; event < count && at + attributeBytes + 8 <= bytes.length; event++) {
    at += attributeBytes
    const ids = view.getUint32(at, isLittle)
    const nameBytes = view.getUint32(at + 4, isLittle)
    const name = readString(bytes, isLittle, at + 4)
    at += 8 + nameBytes
    if (name === undefined || at + 8 * ids > bytes.length) break
    events.push({ name, ids: bytes.subarray(at, at + 8 * ids) })
    at += 8 * ids
  }
  return events
}

/** The build id of a file (latin1), lower-case hex. */
export interface FileBuildId {
  readonly file: string
  readonly id: string
}

const MISC_BUILD_ID_SIZE = 1 << 15

/** One of BUILD_ID, or HEADER_BUILD_ID. Undefined: it does not fit. */
export function readBuildId(bytes: Uint8Array, isLittle: boolean, at: number): FileBuildId | undefined {
  if (at + 36 > bytes.length) return undefined
  const view = viewOf(bytes)
  const end = at + view.getUint16(at + 6, isLittle)
  if (end < at + 36 || end > bytes.length) return undefined
  const hasSize = (view.getUint16(at + 4, isLittle) & MISC_BUILD_ID_SIZE) !== 0
  const size = hasSize ? Math.min(view.getUint8(at + 32), 20) : 20
  return { file: textAt(bytes, at + 36, end), id: hexOf(bytes, at + 12, at + 12 + size) }
}

/** All of BUILD_ID. */
export function readBuildIds(bytes: Uint8Array, isLittle: boolean): readonly FileBuildId[] {
  const ids: FileBuildId[] = []
  const view = viewOf(bytes)
  for (let at = 0; ; at += view.getUint16(at + 6, isLittle)) {
    const id = readBuildId(bytes, isLittle, at)
    if (id === undefined) return ids
    ids.push(id)
  }
}

/** CLOCK_DATA: the wall clock of gettimeofday, whole microseconds, and the clock of the recording just after it. */
export function readClockData(bytes: Uint8Array, isLittle: boolean): ClockPair | undefined {
  if (bytes.length < 24) return undefined
  const view = viewOf(bytes)
  const id = CLOCKS.get(view.getUint32(4, isLittle))
  if (id === undefined) return undefined
  const realtimeNs = String(view.getBigUint64(8, isLittle))
  return { id, ns: String(view.getBigUint64(16, isLittle)), realtimeNs, uncertaintyNs: 1000 }
}

/** COMPRESSED: the most bytes that one compressed record grows to. */
export function readMostUnpacked(bytes: Uint8Array, isLittle: boolean): number | undefined {
  return bytes.length < 20 ? undefined : viewOf(bytes).getUint32(16, isLittle)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
