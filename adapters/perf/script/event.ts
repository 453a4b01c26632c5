// Any event's payload, the slow and general way.
import type { Side } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { type Argument, splitPayload } from '../../../src/kernel/payload.ts'
import { sectionsOf } from '../../../src/kernel/sections.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'

/** The record of an event with its payload (latin1). `isCut`: the input ends within it. */
export function eventRecord(event: string, payload: string, isCut: boolean, side: Side): EventRecord {
  const split = splitPayload(event, payload)
  const args = isCut ? whole(split.args, side) : split.args
  const { kind, ...sections } = sectionsOf(event, args, side.reasons)
  const record = new EventRecord(kind)
  record.skb = sections.skb
  record.location = sections.location
  record.drop = sections.drop
  record.device = sections.device
  record.args = sections.args
  if (isCut) record.flags = ['incomplete']
  else if (!split.isWhole && payload.trim() !== '') record.payload = payloadPart(payload)
  return record
}

/** Text that `args` and the sections do not hold all of. */
export function payloadPart(payload: string): ReturnType<typeof seal> {
  return replaced(payload) ? seal('payload', utf8(payload), 'text_replaced') : seal('payload', utf8(payload))
}

/** All but the last argument, which touches the end of the input; that stays only when it cannot be a piece of a longer one. */
function whole(args: readonly Argument[], side: Side): readonly Argument[] {
  const last = args.at(-1)
  return last?.key === 'reason' && side.isWholeReason(last.value) ? args : args.slice(0, -1)
}
