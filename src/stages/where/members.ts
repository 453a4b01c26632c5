import type { Part } from '../../event/part.ts'
import { type EventRecord, flagsOf, MEMBERS } from '../../event/record.ts'
import type { Value } from './value.ts'

/** What an expression makes of a record. */
export type Evaluate = (record: EventRecord) => Value | undefined

type Member = Exclude<(typeof MEMBERS)[number], 'flags'>

/** A function for each: one for all, with the member's name in a variable, takes three times as long. */
const PARTS: Readonly<Record<Member, (record: EventRecord) => Part | undefined>> = {
  ts: (record) => record.ts,
  clock: (record) => record.clock,
  host: (record) => record.host,
  labels: (record) => record.labels,
  event_name: (record) => record.event_name,
  cpu: (record) => record.cpu,
  process: (record) => record.process,
  skb: (record) => record.skb,
  location: (record) => record.location,
  drop: (record) => record.drop,
  device: (record) => record.device,
  stack: (record) => record.stack,
  sample: (record) => record.sample,
  metric: (record) => record.metric,
  loss: (record) => record.loss,
  message: (record) => record.message,
  level: (record) => record.level,
  stream: (record) => record.stream,
  args: (record) => record.args,
  payload: (record) => record.payload,
  capture: (record) => record.capture,
  id: (record) => record.id,
}

/** A member as a whole; undefined when there is no such name. */
export function memberOf(name: string): Evaluate | undefined {
  if (name === 'v') return () => 1
  if (name === 'kind') return (record) => record.kind
  if (name === 'flags') {
    return (record) => {
      const flags = flagsOf(record)
      return flags.length === 0 ? undefined : flags
    }
  }
  const partOf = partNamed(name)
  return partOf && ((record) => partOf(record)?.value())
}

/** A key of a member, without the rest of it. */
export function keyOfMember(name: string, key: string): Evaluate | undefined {
  const partOf = partNamed(name)
  return partOf && ((record) => partOf(record)?.get(key))
}

function partNamed(name: string): ((record: EventRecord) => Part | undefined) | undefined {
  const member = MEMBERS.find((one) => one === name)
  return member === undefined || member === 'flags' ? undefined : PARTS[member]
}
