import { type members, setPart } from './generated/members.ts'
import type { Json, Part } from './part.ts'
import type { EventRecord } from './record.ts'
import type { FlagWord } from './words.ts'

/** For each member the function that sets it on a record. */
export const SETTERS: Readonly<Record<(typeof members)[number], (record: EventRecord, part: Part) => void>> = {
  ...setPart,
  flags: (record, part) => {
    record.flags = flagWords(part.value())
  },
}

/** Words of a later version are kept as they are: nothing here looks at them. */
function flagWords(value: Json): readonly FlagWord[] {
  // Sound: by the schema, flags is a list of words, and only words that we know are ever compared.
  return value as readonly FlagWord[]
}
