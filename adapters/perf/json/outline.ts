import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'
import { digitsEnd } from '../../../src/text/scan.ts'

const TIMESTAMP = '"timestamp": '
const CHAIN = '[\n'
const CHAIN_END = ']'

/**
 * The spans of a sample (latin1, whole lines) as perf writes it, each member in a line of its own: which bytes make
 * which part of its record. It was read as a plain sample, of skb:kfree_skb or without fields. Undefined: it has
 * another layout.
 */
export function outlineOfSample(unit: string): Outline | undefined {
  const ns = unit.indexOf(TIMESTAMP) + TIMESTAMP.length
  const nsEnd = digitsEnd(unit, ns)
  const chain = unit.indexOf(CHAIN, nsEnd) + CHAIN.length
  const drop = valueAfter(unit, '"skbaddr": "', chain)
  const chainEnd = unit.lastIndexOf(CHAIN_END, drop?.start ?? unit.length)
  if (ns < TIMESTAMP.length || chain < CHAIN.length || chainEnd < chain) return undefined
  const fields = drop === undefined ? [] : fieldsFrom(unit, drop)
  if (fields === undefined) return undefined
  return {
    spans: [
      { is: 'nanoseconds', leaf: 'ns', start: ns, end: nsEnd },
      { is: 'key', makes: ['cpu', 'process'], start: nsEnd, end: chain - CHAIN.length },
      { is: 'key', makes: ['stack'], start: chain, end: chainEnd },
      ...fields,
    ],
    constant: ['event_name'],
  }
}

interface ValueSpan {
  readonly start: number
  readonly end: number
}

/** The fields of skb:kfree_skb, from the value of the first one on. */
function fieldsFrom(unit: string, addr: ValueSpan): readonly OutlineSpan[] | undefined {
  const location = valueAfter(unit, '"location": "', addr.end)
  const protocol = location && valueAfter(unit, '"protocol": "', location.end)
  const last = unit.lastIndexOf('"\n')
  if (location === undefined || protocol === undefined || last < protocol.start) return undefined
  const rxSk = valueAfter(unit, '"rx_sk": "0x', location.end)
  if (rxSk === undefined)
    return [
      { is: 'pointer', leaf: 'addr', ...addr },
      { is: 'key', makes: ['skb', 'location', 'drop'], start: location.start, end: last },
    ]
  return [
    { is: 'pointer', leaf: 'addr', ...addr },
    { is: 'key', makes: ['location'], ...location },
    { is: 'pointer', leaf: 'rx_sk', start: rxSk.start - 2, end: rxSk.end },
    { is: 'key', makes: ['skb', 'drop'], start: protocol.start, end: last },
  ]
}

/** The text after the first `opening` from `from` on, up to its quote. */
function valueAfter(unit: string, opening: string, from: number): ValueSpan | undefined {
  const at = unit.indexOf(opening, from)
  const start = at + opening.length
  const end = unit.indexOf('"', start)
  return at < 0 || end < 0 ? undefined : { start, end }
}
