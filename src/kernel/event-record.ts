// The record of an event by its payload, whichever tool printed it: the general, slower way.
import { type Part, seal } from '../event/part.ts'
import { EventRecord } from '../event/record.ts'
import { trimmed } from '../text/blank.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import { KFREE_SKB, readMembers } from './kfree-skb.ts'
import { type Argument, type Split, splitPayload } from './payload.ts'
import type { Reasons } from './reasons/reasons.ts'
import { sectionsOf } from './sections.ts'
import { isNameArgument } from './text-arguments.ts'

/** How much of a payload is here. */
export type PayloadExtent =
  | 'whole'
  /** The input ends within it. The member at the end is left out. */
  | 'cut'
  /** Columns follow that cannot be told from it. */
  | 'open'

/** What is known of the reasons of drops. */
export interface ReasonKnowledge {
  readonly reasons: Reasons
  /** A reason's name that begins no other name. */
  isWholeReason(name: string): boolean
}

/** The record of an event with its payload (latin1), without `event_name`. */
export function eventRecord(
  event: string,
  payload: string,
  extent: PayloadExtent,
  context: ReasonKnowledge,
): EventRecord {
  const split = splitOf(event, payload)
  const args =
    extent === 'cut'
      ? withoutCut(event, split.args, payload, context)
      : extent === 'open'
        ? split.args.slice(0, -1)
        : split.args
  const { record, isWhole } = argumentsRecord(event, args, context.reasons)
  if (extent !== 'whole') record.flags = ['incomplete']
  // Unnamed columns of bare numbers have wide gaps; an author's notes have not.
  else if (split.isReformatted) record.flags = [/ {8}/.test(payload) ? 'incomplete' : 'reformatted']
  const isHeld = split.isWhole && isWhole && extent === 'whole'
  if (extent !== 'cut' && !isHeld && trimmed(payload) !== '') record.payload = payloadPart(payload)
  return record
}

/** A record of the arguments of an event, without `event_name`. `isWhole`: its sections hold all of them. */
export function argumentsRecord(
  event: string,
  args: readonly Argument[],
  reasons: Reasons,
): { readonly record: EventRecord; readonly isWhole: boolean } {
  const { kind, isWhole, ...sections } = sectionsOf(event, args, reasons)
  const record = new EventRecord(kind)
  record.skb = sections.skb
  record.location = sections.location
  record.drop = sections.drop
  record.device = sections.device
  record.args = sections.args
  return { record, isWhole }
}

function splitOf(event: string, payload: string): Split {
  const members = event === KFREE_SKB && !payload.startsWith('[FAILED TO PARSE]') ? readMembers(payload) : undefined
  if (members === undefined) return splitPayload(event, payload)
  return { args: members.args, isWhole: members.rest === '', isReformatted: members.isReformatted }
}

/** The `event_name` part of a name in latin1. */
export function eventNamePart(name: string): Part {
  return replaced(name) ? seal('event_name', utf8(name), 'text_replaced') : seal('event_name', utf8(name))
}

/** The `payload` part: text that `args` and the sections do not hold in full. */
export function payloadPart(payload: string): Part {
  return replaced(payload) ? seal('payload', utf8(payload), 'text_replaced') : seal('payload', utf8(payload))
}

/** Adds text (latin1) that no other member holds to the payload of a record. */
export function addPayload(record: EventRecord, text: string, separator: ' ' | '\n'): void {
  const { payload } = record
  const before = payload?.value()
  const isLossy = replaced(text) || payload?.notes?.flags?.includes('text_replaced') === true
  const whole = typeof before === 'string' ? `${before}${separator}${utf8(text)}` : utf8(text)
  record.payload = isLossy ? seal('payload', whole, 'text_replaced') : seal('payload', whole)
}

/**
 * The arguments without the last one where it touches the end of the input. It stays only if it cannot be a piece of
 * a longer one.
 */
function withoutCut(
  event: string,
  args: readonly Argument[],
  payload: string,
  context: ReasonKnowledge,
): readonly Argument[] {
  const last = args.at(-1)
  if (last === undefined || (last.key === 'reason' && context.isWholeReason(last.value))) return args
  const behind = payload.slice(payload.lastIndexOf(last.value) + last.value.length)
  const touches = isNameArgument(event, last.key) ? /^[ ,.]*$/ : /^[,.]*$/
  return touches.test(behind) ? args.slice(0, -1) : args
}
