import { isSum } from '../../../src/kernel/drop-line.ts'
import { COMM_COLUMN } from './head.ts'

/** Where the payload of skb:kfree_skb begins that has no column before it but a comm in its own; its members say whose it is. Undefined: the line is none. */
export function payloadAloneAt(line: string): number | undefined {
  const start = line.charCodeAt(0) === 32 && line.startsWith(' skbaddr=', COMM_COLUMN) ? COMM_COLUMN + 1 : 0
  return OURS.test(line.slice(start, start + 256)) && !isSum(line) ? start : undefined
}

const OURS = /^skbaddr=\S+ (?:rx_sk=\S+ )?protocol=\d+ location=\S/
