import { isPartName, partOf } from '../../event/generated/members.ts'
import { flagsJson } from '../../event/line.ts'
import { type EventRecord, flagsOf } from '../../event/record.ts'
import type { CelValue } from './value.ts'

/** Gives the value of an expression for a record; undefined when something is missing. */
export type Evaluate = (record: EventRecord) => CelValue | undefined

/** Reads a member as a whole; undefined when no member has that name. */
export function memberOf(name: string): Evaluate | undefined {
  if (name === 'v') return () => 1
  if (name === 'kind') return (record) => record.kind
  if (name === 'flags') return (record) => (flagsJson(record) === undefined ? undefined : flagsOf(record))
  if (!isPartName(name)) return undefined
  const part = partOf[name]
  return (record) => part(record)?.value()
}

/** Reads a key of a member, without the rest of the member; undefined when no part has that name. */
export function keyOfMember(name: string, key: string): Evaluate | undefined {
  if (!isPartName(name)) return undefined
  const part = partOf[name]
  return (record) => part(record)?.get(key)
}
