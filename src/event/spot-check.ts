import { utf8 } from '../text/utf8.ts'
import { validateStrict } from './generated/validators.ts'
import { lineOf } from './line.ts'
import type { Json } from './part.ts'
import type { EventRecord } from './record.ts'

export const FIRST_CHECKED = 1000
const EVERY = 1024

/** Chooses the lines that are checked before they are written. */
export interface SpotCheck {
  /** True when the next line is checked. */
  isDue(): boolean
  /** All lines are. */
  readonly isFull: boolean
}

/**
 * `spot` checks the first 1,000 lines of a run and one in 1,024 after them; `full` checks all. `midst`: the first ones
 * were checked elsewhere.
 */
export function spotCheck(extent: 'spot' | 'full', place: 'beginning' | 'midst' = 'beginning'): SpotCheck {
  let count = place === 'midst' ? FIRST_CHECKED : 0
  const isFull = extent === 'full'
  return {
    isFull,
    isDue() {
      count++
      return isFull || count <= FIRST_CHECKED || count % EVERY === 0
    },
  }
}

/**
 * What is wrong with the line that a sink is about to write for a record; undefined when it is right. The line must be
 * that of the record's parts, and the strict schema must accept it. `written` is latin1 without its line end.
 */
export function faultInLine(written: string, record: EventRecord): string | undefined {
  if (written !== lineOf(record)) return WRONG_LINE
  // The open schema judged our own NDJSON when it was read.
  if (record.isPublished) return undefined
  const event: Json = JSON.parse(utf8(written))
  if (validateStrict(event)) return undefined
  const error = validateStrict.errors?.[0]
  return `${error?.instancePath ?? ''} ${error?.message ?? 'is refused by the schema'}`.trim()
}

/** The fault of a line, in any format, that is not made of its record. */
export const WRONG_LINE = 'the line to be written is not that of the record'
