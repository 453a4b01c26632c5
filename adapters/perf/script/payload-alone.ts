import { isSum } from '../../../src/kernel/drop-line.ts'
import { beginsPayload } from '../../../src/kernel/kfree-skb.ts'
import { COMM_COLUMN } from './head.ts'

/**
 * Offset of a payload of skb:kfree_skb with no column before it, or only the comm's: its members name the event.
 * Undefined: the line has none.
 */
export function payloadAloneAt(line: string): number | undefined {
  const start = line.charCodeAt(0) === 32 && line.startsWith(' skbaddr=', COMM_COLUMN) ? COMM_COLUMN + 1 : 0
  return beginsPayload(line.slice(0, start + 256), start) && !isSum(line) ? start : undefined
}
