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

/** The record of an event with its payload (latin1). */
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
  const { kind, isWhole, ...sections } = sectionsOf(event, args, context.reasons)
  const record = new EventRecord(kind)
  record.skb = sections.skb
  record.location = sections.location
  record.drop = sections.drop
  record.device = sections.device
  record.args = sections.args
  if (extent !== 'whole') record.flags = ['incomplete']
  // Unnamed columns of bare numbers have wide gaps; an author's notes have not.
  else if (split.isReformatted) record.flags = [/ {8}/.test(payload) ? 'incomplete' : 'reformatted']
  const isHeld = split.isWhole && isWhole && extent === 'whole'
  if (extent !== 'cut' && !isHeld && trimmed(payload) !== '') record.payload = payloadPart(payload)
  return record
}

function splitOf(event: string, payload: string): Split {
  const members = event === KFREE_SKB && !payload.startsWith('[FAILED TO PARSE]') ? readMembers(payload) : undefined
  if (members === undefined) return splitPayload(event, payload)
  return { args: members.args, isWhole: members.rest === '', isReformatted: members.isReformatted }
}

/** The `payload` part: text that `args` and the sections do not hold in full. */
export function payloadPart(payload: string): Part {
  return replaced(payload) ? seal('payload', utf8(payload), 'text_replaced') : seal('payload', utf8(payload))
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
