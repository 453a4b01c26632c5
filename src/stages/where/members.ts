import { isPartName, partOf } from '../../event/generated/members.ts'
import { flagsJson } from '../../event/line.ts'
import { type EventRecord, flagsOf } from '../../event/record.ts'
import type { CelValue } from './value.ts'

/** What an expression makes of a record. */
export type Evaluate = (record: EventRecord) => CelValue | undefined

/** A member as a whole; undefined when there is no such name. */
export function memberOf(name: string): Evaluate | undefined {
  if (name === 'v') return () => 1
  if (name === 'kind') return (record) => record.kind
  if (name === 'flags') return (record) => (flagsJson(record) === undefined ? undefined : flagsOf(record))
  if (!isPartName(name)) return undefined
  const part = partOf[name]
  return (record) => part(record)?.value()
}

/** A key of a member, without the rest of it. */
export function keyOfMember(name: string, key: string): Evaluate | undefined {
  if (!isPartName(name)) return undefined
  const part = partOf[name]
  return (record) => part(record)?.get(key)
}
