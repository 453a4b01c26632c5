import { utf8 } from '../text/utf8.ts'
import { validateStrict } from './generated/validators.ts'
import { lineOf } from './line.ts'
import type { Json } from './part.ts'
import type { EventRecord } from './record.ts'

const FIRST = 1000
const EVERY = 1024

/** Which of the lines that leave are looked at: the first 1,000 of a run and one in 1,024 after, or all. */
export type SpotCheck = () => boolean

export function spotCheck(extent: 'spot' | 'full'): SpotCheck {
  let count = 0
  return () => {
    count++
    return extent === 'full' || count <= FIRST || count % EVERY === 0
  }
}

/**
 * What is wrong with the line that a sink is about to write for a record: it must be what the record's parts say, and pass the strict schema.
 * `written` is latin1, without its line end. Undefined when all is well.
 */
export function faultInLine(written: string, record: EventRecord): string | undefined {
  if (written !== lineOf(record)) return ANOTHER
  // What came as our own NDJSON was judged when it was read, by the open schema.
  if (record.isPublished) return undefined
  const event: Json = JSON.parse(utf8(written))
  if (validateStrict(event)) return undefined
  const error = validateStrict.errors?.[0]
  return `${error?.instancePath ?? ''} ${error?.message ?? 'is refused by the schema'}`.trim()
}

/** For every form of a line. */
export const ANOTHER = 'the line to be written is not that of the record'
