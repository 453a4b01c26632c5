// An event in any JSON that the open schema accepts: with other blanks, another order, or members that this version
// does not know.

import { validateEvent } from '../../../src/event/generated/validate-event.ts'
import type { Json } from '../../../src/event/part.ts'
import { recordOf } from '../../../src/event/published.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { inWords, refusalBy } from '../../../src/event/refusal.ts'
import { DEEPEST, isDeeperThan } from './depth.ts'

/** Why a line is not an event. */
export interface NoEvent {
  readonly text: string
  /** The index in the line where it stops being one. */
  readonly at: number
  /** The line is JSON, but not an event. */
  readonly isJson: boolean
}

/** Reads the event in a line without its end. */
export function readAnyLine(line: string): EventRecord | NoEvent {
  let event: Json
  try {
    event = JSON.parse(line)
  } catch (error) {
    return noJson(line, error)
  }
  if (!isObject(event)) return { text: 'not a JSON object', at: 0, isJson: true }
  if (isDeeperThan(DEEPEST, event)) return { text: `nested deeper than ${DEEPEST} levels`, at: 0, isJson: true }
  if (!validateEvent(event)) return { text: whyNot(event), at: 0, isJson: true }
  return recordOf(event)
}

function noJson(line: string, error: unknown): NoEvent {
  // V8 reports the place, or the text around it: `Unexpected token 'c', "{"v": curl}" is not valid JSON`.
  const message = error instanceof Error ? error.message : String(error)
  const reason = message.replace(/, (?:\.\.\.)?".*is not valid JSON$/s, '')
  return { text: `no JSON: ${shown(reason)}`, at: positionIn(message) ?? brokenAt(line), isJson: false }
}

function positionIn(message: string): number | undefined {
  const [, position] = /at position (\d+)/.exec(message) ?? []
  return position === undefined ? undefined : Number(position)
}

/** Where a line stops being the beginning of JSON. The only fault of a shorter line is that it ends. */
function brokenAt(line: string): number {
  let whole = /^\s*\{?/.exec(line)?.[0].length ?? 0
  if (!line.slice(0, whole).endsWith('{')) return whole
  let broken = line.length
  while (broken - whole > 1) {
    const middle = (whole + broken) >> 1
    if (isBegin(line.slice(0, middle))) whole = middle
    else broken = middle
  }
  return whole
}

function isBegin(text: string): boolean {
  try {
    JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return message.startsWith('Unexpected end') || positionIn(message) === text.length
  }
  return true
}

/** Text of the input in a message. Nothing in it moves the cursor of a terminal. */
function shown(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** Why the schema refuses an event. The version comes first: in another one the rest says nothing. */
function whyNot({ v }: { readonly [key: string]: Json | undefined }): string {
  if (v === undefined) return 'no event of tracenorm: it has no "v"'
  if (v !== 1)
    return `${typeof v === 'number' ? `version ${v}` : 'another version'} of the format: only 1 is known here`
  return shown(inWords(refusalBy(validateEvent)))
}

function isObject(value: Json): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
