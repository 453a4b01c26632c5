// An event in any JSON that the open schema accepts: other blanks, another order, members that this version does not know.
import { accepted } from '../../../src/event/accepted.ts'
import { validateEvent } from '../../../src/event/generated/validate-event.ts'
import type { Json } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { KINDS } from '../../../src/event/words.ts'
import { latin1 } from '../../../src/text/utf8.ts'
import { SETTERS } from './setters.ts'

/** Why a line is no event. */
export interface Refusal {
  readonly text: string
  /** Of the line's characters the one where it stops being one. */
  readonly at: number
  /** It is JSON, but no event. */
  readonly isJson: boolean
}

/** The event in a line without its end. */
export function readAnyLine(line: string): EventRecord | Refusal {
  let event: Json
  try {
    event = JSON.parse(line)
  } catch (error) {
    return noJson(error)
  }
  if (!isObject(event)) return { text: 'not a JSON object', at: 0, isJson: true }
  if (!validateEvent(event)) return { text: whyNot(event), at: 0, isJson: true }
  return recordOf(event)
}

/** The record of an event that the schema accepts; `source` is not set. */
function recordOf(event: { readonly [key: string]: Json | undefined }): EventRecord {
  const record = new EventRecord(KINDS.find((kind) => kind === event.kind) ?? 'message')
  let unknown = ''
  for (const name of Object.keys(event)) {
    const value = event[name]
    if (value === undefined || name === 'v' || name === 'kind') continue
    if (isMember(name)) SETTERS[name](record, accepted(name, value))
    else unknown += `,${JSON.stringify(name)}:${JSON.stringify(value)}`
  }
  if (unknown !== '') record.unknown = latin1(unknown)
  return record
}

function noJson(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error)
  const [, position] = /at position (\d+)/.exec(message) ?? []
  return {
    text: `no JSON: ${message.replace(/\s+/g, ' ')}`,
    at: position === undefined ? 0 : Number(position),
    isJson: false,
  }
}

/** What the schema has against an event, the version first: of another one the rest says nothing. */
function whyNot(event: { readonly [key: string]: Json | undefined }): string {
  if (event.v === undefined) return 'no event of tracenorm: it has no "v"'
  if (event.v !== 1) return `version ${JSON.stringify(event.v)} of the format: only 1 is known here`
  const error = validateEvent.errors?.[0]
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  return `${path === '' ? 'the event' : path} ${error?.message ?? 'is refused by the schema'}`
}

function isMember(name: string): name is keyof typeof SETTERS {
  return Object.hasOwn(SETTERS, name)
}

function isObject(value: Json): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
