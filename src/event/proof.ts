import { validateStrict } from './generated/validators.ts'
import { lineOf } from './line.ts'
import type { Json } from './part.ts'
import type { EventRecord } from './record.ts'

const FIRST = 1000
const EVERY = 1024

/**
 * The spot check behind "validated": the first 1,000 records of a run and one in 1,024 after, or all, are parsed back from the bytes that
 * leave and checked whole by the strict schema. Gives what the validator said, undefined when all is well.
 */
export function proofOf(extent: 'spot' | 'full'): (record: EventRecord) => string | undefined {
  let count = 0
  return (record) => {
    count++
    if (extent === 'spot' && count > FIRST && count % EVERY !== 0) return undefined
    // What came as our own NDJSON was checked when it was read, by the open schema.
    if (record.source !== undefined) return undefined
    const event: Json = JSON.parse(Buffer.from(lineOf(record), 'latin1').toString('utf8'))
    if (validateStrict(event)) return undefined
    const error = validateStrict.errors?.[0]
    return `${error?.instancePath ?? ''} ${error?.message ?? 'is refused by the schema'}`.trim()
  }
}
