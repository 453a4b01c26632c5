import { isSum } from '../../../src/kernel/drop-line.ts'
import { beginsPayload } from '../../../src/kernel/kfree-skb.ts'
import { COMM_COLUMN } from './head.ts'

/** Where the payload of skb:kfree_skb begins that has no column before it but a comm in its own; its members say whose it is. Undefined: the line is none. */
export function payloadAloneAt(line: string): number | undefined {
  const start = line.charCodeAt(0) === 32 && line.startsWith(' skbaddr=', COMM_COLUMN) ? COMM_COLUMN + 1 : 0
  return beginsPayload(line.slice(0, start + 256), start) && !isSum(line) ? start : undefined
}
