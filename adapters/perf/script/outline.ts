import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'

/**
 * A sample of skb:kfree_skb in the default columns, comm padded to 16 bytes: which bytes make which part. The parts
 * that the tail makes depend on nothing else: protocol, location and reason are in it.
 */
const SAMPLE =
  /^([\s\S]{16} +-?\d+) \[(\d{3,})\] ( *\d+\.\d+): +skb:kfree_skb: skbaddr=(0x[0-9a-f]+)(?: rx_sk=(?:\(nil\)|(0x[0-9a-f]+)))?( protocol=[^\n]*?)\r?\n$/d

/** Of a whole line, latin1, with its end. */
export function outlineOfSample(unit: string): Outline | undefined {
  const [, head, cpu, time, addr, rxSk, tail] = SAMPLE.exec(unit)?.indices ?? []
  if (head === undefined || cpu === undefined || time === undefined || addr === undefined || tail === undefined)
    return undefined
  const socket: readonly OutlineSpan[] = rxSk === undefined ? [] : [{ is: 'leaf', leaf: 'rx_sk', ...span(rxSk) }]
  const spans: readonly OutlineSpan[] = [
    { is: 'key', makes: ['process'], ...span(head) },
    { is: 'key', makes: ['cpu'], ...span(cpu) },
    { is: 'leaf', leaf: 'ns', ...span(time) },
    { is: 'leaf', leaf: 'addr', ...span(addr) },
    ...socket,
    { is: 'key', makes: ['skb', 'location', 'drop'], ...span(tail) },
  ]
  return { spans, constant: ['event_name'] }
}

function span([start, end]: readonly [number, number]): { readonly start: number; readonly end: number } {
  return { start, end }
}
