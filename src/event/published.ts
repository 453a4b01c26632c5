// Records of our own NDJSON, whose events the schema has accepted.
import { latin1, utf8 } from '../text/utf8.ts'
import type { Json } from './part.ts'
import { EventRecord } from './record.ts'
import { SETTERS } from './setters.ts'
import { trustedPart } from './trusted-part.ts'
import { KINDS } from './words.ts'

/** The record of an event that the schema accepts. `source` is not set. */
export function recordOf(event: { readonly [key: string]: Json | undefined }): EventRecord {
  const record = new EventRecord(KINDS.find((kind) => kind === event.kind) ?? 'message')
  let unknown = ''
  for (const name of Object.keys(event)) {
    const value = event[name]
    if (value === undefined || name === 'v' || name === 'kind') continue
    if (isMember(name)) SETTERS[name](record, trustedPart(name, value))
    else unknown += `,${JSON.stringify(name)}:${JSON.stringify(value)}`
  }
  if (unknown !== '') record.unknown = latin1(unknown)
  return record
}

/** The record of a line that this program wrote (latin1, without its line end). Throws SyntaxError for no JSON. */
export function recordOfLine(line: string): EventRecord {
  const record = recordOf(JSON.parse(utf8(line)))
  record.source = line
  record.isPublished = true
  return record
}

function isMember(name: string): name is keyof typeof SETTERS {
  return Object.hasOwn(SETTERS, name)
}
