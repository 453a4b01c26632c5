// Records of perf itself (tools/lib/perf/include/perf/event.h, perf 5.10 to 7.2).
import type { Out, Reject } from '../../../src/contract.ts'
import { readAttribute } from './attribute.ts'
import { readBuildId } from './features.ts'
import { learnFeature } from './learn-feature.ts'
import type { Recording } from './recording.ts'
import type { RecordBytes } from './run.ts'
import { textAt } from './text.ts'

/** `PERF_RECORD_*` from 64 on. */
export const PERF = {
  headerAttr: 64,
  tracingData: 66,
  buildId: 67,
  finishedRound: 68,
  auxTrace: 71,
  eventUpdate: 78,
  feature: 80,
  compressed: 81,
  compressed2: 83,
} as const
/** The highest type that some perf writes. */
export const LAST_KNOWN = 86

const EVENT_UPDATE_NAME = 2
const LEAST_ATTRIBUTE = 64

/** What a whole record, which is claimed, teaches of the recording. */
export function learnPerfRecord(
  type: number,
  { bytes, view }: RecordBytes,
  at: number,
  end: number,
  recording: Recording,
  out: Out,
): void {
  const { isLittle, attributes } = recording
  switch (type) {
    case PERF.headerAttr: {
      const size = view.getUint32(at + 12, isLittle) || LEAST_ATTRIBUTE
      const attribute = readAttribute(bytes.subarray(at + 8, end), isLittle, attributes.count)
      recording.addAttribute(attribute, bytes.subarray(Math.min(at + 8 + size, end), end))
      return
    }
    case PERF.buildId: {
      const known = readBuildId(bytes.subarray(at, end), isLittle, 0)
      if (known !== undefined) recording.symbols.buildId(known.file, known.id)
      return
    }
    case PERF.eventUpdate: {
      if (view.getBigUint64(at + 8, isLittle) !== BigInt(EVENT_UPDATE_NAME)) return
      const layout = attributes.ofId(Number(view.getBigUint64(at + 16, isLittle)))
      if (layout !== undefined) recording.label(layout.attribute.index, textAt(bytes, at + 24, end))
      return
    }
    case PERF.feature: {
      const bit = Number(view.getBigUint64(at + 8, isLittle))
      if (end > at + 16) learnFeature(bit, bytes.subarray(at + 16, end), recording, out)
      return
    }
  }
}

/** The bytes that each type must have, header included. */
const LEAST: ReadonlyMap<number, number> = new Map([
  [PERF.headerAttr, 8 + LEAST_ATTRIBUTE],
  [PERF.tracingData, 12],
  [PERF.auxTrace, 16],
  [PERF.eventUpdate, 24],
  [PERF.feature, 16],
  [PERF.compressed2, 16],
])

const TOO_SHORT: Reject = { word: 'malformed', text: 'a record of perf that is too short for its type' }

/** Why a record cannot be read. */
export function refusalOf(type: number, bytes: number): Reject | undefined {
  return bytes < (LEAST.get(type) ?? 8) ? TOO_SHORT : undefined
}
