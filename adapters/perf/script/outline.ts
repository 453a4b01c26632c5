import type { PartName } from '../../../src/event/generated/members.ts'
import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'

/** The end of a head, and the payload of skb:kfree_skb. The parts that its tail makes depend on nothing else. */
const REST = String.raw` \[(\d{3,})\] ( *\d+\.\d+): +skb:kfree_skb: skbaddr=(0x[0-9a-f]+)(?: rx_sk=(?:\(nil\)|(0x[0-9a-f]+)))?( protocol=[^\n]*?)`
/** In the default columns, the comm padded to 16 bytes: one line. */
const SAMPLE = new RegExp(String.raw`^([^\n]{16} +-?\d+)${REST}\r?\n$`, 'd')
/** With its call chain, to the blank line; the comm has at most 16 bytes, padding included. */
const CHAIN = new RegExp(String.raw`^([^\n]{1,16}? +-?\d+)${REST}\n\t([^\n]+(?:\n\t[^\n]+)*)\n\n$`, 'd')

const TAIL_PARTS: readonly PartName[] = ['skb', 'location', 'drop']

/** The spans of a whole sample (latin1, with its line ends): which bytes make which part of its record. */
export function outlineOfSample(unit: string): Outline | undefined {
  return outlineBy(SAMPLE, unit)
}

/** The same of a sample with its call chain. */
export function outlineOfChain(unit: string): Outline | undefined {
  return outlineBy(CHAIN, unit)
}

function outlineBy(form: RegExp, unit: string): Outline | undefined {
  const [, head, cpu, time, addr, rxSk, tail, frames] = form.exec(unit)?.indices ?? []
  if (head === undefined || cpu === undefined || time === undefined || addr === undefined || tail === undefined)
    return undefined
  const spans: readonly OutlineSpan[] = [
    { is: 'key', makes: ['process'], ...span(head) },
    { is: 'key', makes: ['cpu'], ...span(cpu) },
    { is: 'leaf', leaf: 'ns', ...span(time) },
    { is: 'leaf', leaf: 'addr', ...span(addr) },
    ...(rxSk === undefined ? [] : [{ is: 'leaf', leaf: 'rx_sk', ...span(rxSk) } as const]),
    { is: 'key', makes: TAIL_PARTS, ...span(tail) },
    ...(frames === undefined ? [] : [{ is: 'key', makes: ['stack'], ...span(frames) } as const]),
  ]
  return { spans, constant: ['event_name'] }
}

function span([start, end]: readonly [number, number]): { readonly start: number; readonly end: number } {
  return { start, end }
}
