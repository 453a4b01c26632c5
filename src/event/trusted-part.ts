import { latin1 } from '../text/utf8.ts'
import { type Json, memberOf, type Part } from './part.ts'

/**
 * A part whose value a validator has accepted before: as a member of our own NDJSON, or with more members around it. Optional members can be
 * taken from a value that the schema accepts, and it is still accepted.
 */
class TrustedPart implements Part {
  readonly notes = undefined
  private readonly key: string
  private readonly whole: Json
  private made: string | undefined

  constructor(key: string, whole: Json, text: string | undefined) {
    this.key = key
    this.whole = whole
    this.made = text
  }

  /** A record that is written as it came asks no part for it. */
  get text(): string {
    this.made ??= `,"${this.key}":${latin1(JSON.stringify(this.whole))}`
    return this.made
  }

  value(): Json {
    return this.whole
  }

  get(key: string): Json | undefined {
    return memberOf(this.whole, key)
  }
}

/** `key` is the member's name in a record: `drop`, never `drop_context`. */
export function trustedPart(key: string, value: Json): Part {
  return new TrustedPart(key, value, undefined)
}

/** `text`, `,"key":…` in latin1, is the JSON of the value. */
export function trustedText(key: string, value: Json, text: string): Part {
  return new TrustedPart(key, value, text)
}
