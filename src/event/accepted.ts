import { latin1 } from '../text/utf8.ts'
import { type Json, memberOf, type Part } from './part.ts'

/**
 * A part whose value a validator has accepted before: as a member of our own NDJSON, or with more members around it. Optional members can be
 * taken from a value that the schema accepts, and it is still accepted.
 */
class Accepted implements Part {
  readonly text: string
  readonly notes = undefined
  private readonly whole: Json

  constructor(text: string, whole: Json) {
    this.text = text
    this.whole = whole
  }

  value(): Json {
    return this.whole
  }

  get(key: string): Json | undefined {
    return memberOf(this.whole, key)
  }
}

/** `key` is the member's name in a record: `drop`, never `drop_context`. */
export function accepted(key: string, value: Json): Part {
  return new Accepted(`,"${key}":${latin1(JSON.stringify(value))}`, value)
}

/** `text`, `,"key":…` in latin1, is the JSON of the value. */
export function acceptedText(text: string, value: Json): Part {
  return new Accepted(text, value)
}
