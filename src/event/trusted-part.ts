import { latin1 } from '../text/utf8.ts'
import { type Json, memberOf, type Part } from './part.ts'

/**
 * A part whose value a validator has accepted before: as a member of our own NDJSON, or with more optional members.
 * The schema still accepts a value after optional members are removed.
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

  /** Made on demand: a record that is written as it was read does not ask for it. */
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

/** A part of a trusted value. `key` is the member's name in a record: `drop`, never `drop_context`. */
export function trustedPart(key: string, value: Json): Part {
  return new TrustedPart(key, value, undefined)
}

/** A part of a trusted value whose text is known: `,"key":…` in latin1, the JSON of the value. */
export function trustedText(key: string, value: Json, text: string): Part {
  return new TrustedPart(key, value, text)
}
