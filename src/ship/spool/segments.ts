import { readdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** A place in a spool: a segment by its number, and an offset in it. */
export interface SpoolPlace {
  readonly segment: number
  readonly offset: number
}

const SEGMENT = /^(\d{8})\.ndjson$/

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(8, '0')}.ndjson`)
}

/** The numbers of the segments that are there, in their order. */
export function segmentsIn(folder: string): readonly number[] {
  const numbers = readdirSync(folder).flatMap((name) => {
    const [, digits] = SEGMENT.exec(name) ?? []
    return digits === undefined ? [] : [Number(digits)]
  })
  return numbers.sort((a, b) => a - b)
}

export function segmentBytes(folder: string, segment: number): number {
  return statSync(segmentPath(folder, segment)).size
}

export function removeSegment(folder: string, segment: number): void {
  unlinkSync(segmentPath(folder, segment))
}
