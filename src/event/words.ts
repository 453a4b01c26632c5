// The closed vocabularies of the event that code switches on. The schema defines them.
import type { knownFlags } from './generated/columns.ts'
import { kinds } from './generated/members.ts'
import type { Clock } from './generated/types.ts'

export type Kind = (typeof kinds)[number]
export const KINDS: readonly Kind[] = kinds

export type ClockId = Clock['id']

/** A flag that we set. The schema accepts any word of `[a-z_]+`. */
export type FlagWord = (typeof knownFlags)[number]
