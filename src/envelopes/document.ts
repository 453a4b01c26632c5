// The event as one JSON object, by our names or by another convention's.
import { members } from '../event/generated/members.ts'
import { flagsText, lineOf } from '../event/line.ts'
import type { Json } from '../event/part.ts'
import type { EventRecord } from '../event/record.ts'
import { latin1 } from '../text/utf8.ts'
import { type Convention, constantsOf } from './convention.ts'

/** Makes the JSON of a record (latin1). Without a convention it is its line of NDJSON. */
export function documentOf(convention: Convention | undefined): (record: EventRecord) => string {
  if (convention === undefined) return ownDocument
  return (record) => {
    let text = `{"v":1,"kind":"${record.kind}"`
    for (const [name, value] of constantsOf(convention, record.kind)) text += memberText(name, value)
    for (const name of members) {
      if (name === 'flags') text += flagsText(record)
      else {
        const part = record[name]
        if (part !== undefined) text += convention.textOf(name, part)
      }
    }
    return `${text}${record.unknown ?? ''}}`
  }
}

/** Lines of our own NDJSON keep what they came with: there may be blanks before and after. */
function ownDocument(record: EventRecord): string {
  const line = lineOf(record)
  return line.charCodeAt(0) === OPENING_BRACE ? line : line.trim()
}

const OPENING_BRACE = 123

/** `,"name":…` in latin1. */
function memberText(name: string, value: Json): string {
  return `,"${name}":${latin1(JSON.stringify(value))}`
}
