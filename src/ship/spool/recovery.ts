import { readFileSync, truncateSync } from 'node:fs'
import { InputError } from '../../errors.ts'
import { attempt } from '../../output/fault.ts'
import { shellWord } from '../../text/printable.ts'
import { readCursor, removePartialCursors, type SpoolCursor } from './cursor.ts'
import type { InputTaken } from './frame.ts'
import type { FrameReader } from './frame-reader.ts'
import { removeSegment, type SpoolPlace, segmentBytes, segmentPath, segmentsIn } from './segments.ts'

/** What an earlier run left in a spool. */
export interface Recovered {
  /** Segments that may hold what is to be sent. */
  readonly segments: number[]
  readonly bytes: number
  readonly start: SpoolPlace
  readonly records: number
  /** How much was taken of each input, at the start and at the end. */
  readonly before: Map<string, InputTaken>
  readonly inputs: Map<string, InputTaken>
  /** Bytes of a last frame that was not written whole. */
  readonly torn: number
}

/**
 * Looks through what an earlier run left: its frames from the cursor on. A last frame that ends early is cut off: the
 * run that wrote it did not count it as taken. Throws InputError for any other damage.
 */
export function recovered(folder: string, reader: FrameReader): Recovered {
  removePartialCursors(folder)
  const cursor = readCursor(folder)
  const segments = remaining(folder, cursor)
  const start = startOf(segments, cursor)
  const before = new Map((cursor?.inputs ?? []).map((input) => [input.path, input]))
  const inputs = new Map(before)
  let records = 0
  let torn = 0
  for (const segment of segments) {
    let place: SpoolPlace = segment === start.segment ? start : { segment, offset: 0 }
    for (;;) {
      const frame = reader.at(place)
      if (frame === undefined) break
      if (frame === 'damaged') throw isDamaged(folder, place)
      if (frame === 'torn') {
        if (segment !== segments.at(-1) || isFollowed(folder, place, reader)) throw isDamaged(folder, place)
        torn = cutOff(folder, place)
        break
      }
      const { head, end } = frame
      records += head.records
      if (head.input !== undefined) inputs.set(head.input.path, head.input)
      place = end
    }
  }
  const bytes = segments.reduce((sum, segment) => sum + segmentBytes(folder, segment), 0)
  return { segments, bytes, start, records, before, inputs, torn }
}

export function isDamaged(folder: string, { segment, offset }: SpoolPlace): InputError {
  return new InputError(
    `${shellWord(segmentPath(folder, segment))}: byte ${offset}: the checksum is not that of the records`,
    "the disk or another program changed it; move the file away to ship those after it: grep -v '^#' shows its records",
  )
}

/** Whether a whole frame comes after a place: then what is there was damaged, and not left unfinished. */
function isFollowed(folder: string, { segment, offset }: SpoolPlace, reader: FrameReader): boolean {
  const path = segmentPath(folder, segment)
  const bytes = attempt(path, () => readFileSync(path))
  for (let lf = bytes.indexOf(NEXT_FRAME, offset); lf >= 0; lf = bytes.indexOf(NEXT_FRAME, lf + 1)) {
    const frame = reader.at({ segment, offset: lf + 1 })
    if (typeof frame === 'object') return true
  }
  return false
}

/** The end of a line, and the beginning of a frame after it. No record begins so. */
const NEXT_FRAME = '\n#{'

/** The segments from the cursor on. A process that was killed may have left earlier ones. */
function remaining(folder: string, cursor: SpoolCursor | undefined): number[] {
  const first = cursor?.place.segment ?? 0
  const all = segmentsIn(folder)
  for (const segment of all) if (segment < first) attempt(folder, () => removeSegment(folder, segment))
  return all.filter((segment) => segment >= first)
}

function startOf(segments: readonly number[], cursor: SpoolCursor | undefined): SpoolPlace {
  const [first = cursor?.place.segment ?? 1] = segments
  return cursor?.place.segment === first ? cursor.place : { segment: first, offset: 0 }
}

/** Cuts a segment off at a place. Gives the number of bytes after it. */
function cutOff(folder: string, { segment, offset }: SpoolPlace): number {
  const torn = segmentBytes(folder, segment) - offset
  attempt(segmentPath(folder, segment), () => truncateSync(segmentPath(folder, segment), offset))
  return torn
}
