import { type PartName, partNames } from '../../../src/event/generated/members.ts'
import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'
import { endOfValue } from './own-line.ts'

const HEAD = /^\{"v":1,"kind":"[a-z]+"/
const TS = /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z"$/
/** Places in it: of the minute, the second, and the digits below. */
const MINUTE = 1
const SECOND = 18
const FRACTION = 21
const FRACTION_END = 30

const CLOCK = /^\{"id":"\w+","ns":"(\d+)"\}$/d
const CAPTURE = /^\{.*"line":(\d+)\}$/d
const ADDRESS = /^\{"addr":"(0x[0-9a-f]+)"/d
const MOST_LINE = 2 ** 31 - 1

/** The spans of an event as we write it (latin1, with its line end). A clock without nanoseconds does not repeat. */
export function outlineOfOwnLine(unit: string): Outline | undefined {
  const spans: OutlineSpan[] = []
  let at = HEAD.exec(unit)?.[0].length ?? unit.length
  while (unit.startsWith(',"', at)) {
    const keyEnd = unit.indexOf('":', at)
    const name = unit.slice(at + 2, keyEnd)
    const start = keyEnd + 2
    const end = keyEnd < 0 ? -1 : endOfValue(unit, start, unit.length)
    const own = end < 0 ? undefined : spansOf(name, unit, start, end)
    if (own === undefined) return undefined
    spans.push(...own)
    at = end
  }
  return /^\}\r?\n$/.test(unit.slice(at)) ? { spans, constant: ['skb'] } : undefined
}

/** Of the member at `[start, end)`. Undefined: it is not as we write it. */
function spansOf(name: string, unit: string, start: number, end: number): readonly OutlineSpan[] | undefined {
  const value = unit.slice(start, end)
  switch (name) {
    case 'flags':
      return []
    case 'ts':
      if (!TS.test(value)) return undefined
      return [
        { is: 'key', makes: ['ts'], isFixed: true, start: start + MINUTE, end: start + SECOND },
        { is: 'sixty', leaf: 'second', start: start + SECOND, end: start + FRACTION - 1 },
        { is: 'fraction', leaf: 'fraction', start: start + FRACTION, end: start + FRACTION_END },
      ]
    case 'clock': {
      const [, ns] = CLOCK.exec(value)?.indices ?? []
      return ns && [{ is: 'nanoseconds', leaf: 'ns', start: start + ns[0], end: start + ns[1] }]
    }
    case 'capture': {
      const [, line] = CAPTURE.exec(value)?.indices ?? []
      return (
        line && [
          {
            is: 'decimal',
            leaf: 'line',
            most: MOST_LINE,
            isColumn: false,
            start: start + line[0],
            end: start + line[1],
          },
        ]
      )
    }
    default: {
      const part = partNames.find((one) => one === name)
      return part && spansOfPart(part, value, start, end)
    }
  }
}

/** Packets differ in their address. */
function spansOfPart(part: PartName, value: string, start: number, end: number): readonly OutlineSpan[] {
  const [, address] = part === 'skb' ? (ADDRESS.exec(value)?.indices ?? []) : []
  if (address === undefined) return [{ is: 'key', makes: [part], start, end }]
  const rest = start + address[1] + '"'.length
  return [
    { is: 'pointer', leaf: 'addr', start: start + address[0], end: start + address[1] },
    { is: 'key', makes: [part], start: rest, end },
  ]
}
