// The closed vocabularies of the event that code switches on, by the schema.
import type { knownFlags } from './generated/columns.ts'
import { kinds } from './generated/members.ts'
import type { Clock } from './generated/types.ts'

export type Kind = (typeof kinds)[number]
export const KINDS: readonly Kind[] = kinds

export type ClockId = Clock['id']

/** Flags of a record. The schema lets any word of `[a-z_]+` pass; these are ours. */
export type FlagWord = (typeof knownFlags)[number]
