import type { PartName } from '../../../src/event/generated/members.ts'
import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'

/** The lines before the time: the place or the trap, the interface, the cookie. They end with their CR, if any. */
const HEAD = String.raw`[^\n]+\norigin: \w+\r?(?:\ninput port [^\n]+){0,2}(?:\ncookie: [^\n]+)?`
/** The same where nothing of it is in the drop section but that it is a drop of software. */
const HEAD_OF_SOFTWARE = String.raw`[^\n]+ \((?:0x[0-9a-f]+|\(nil\))\)\r?\norigin: software\r?(?:\ninput port [^\n]+){0,2}`
/** The minute, the second, and the nanoseconds. With another year it is another shape. */
const TIME = String.raw`\ntimestamp: (\w{3} \w{3} [ \d]\d \d\d:\d\d):(\d\d) \d{4} (\d{9}) nsec\r?`
const PACKET = String.raw`\nprotocol: 0x([0-9a-f]+\r?)\nlength: (\d+)\r?\noriginal length: (\d+)\r?\n`

/** A block as Linux 5.10 prints it, with the empty line that ends it. */
const WITHOUT_REASON = blockOf(HEAD, String.raw`\r?\n`)
/** A block as later versions print it. Its last line ends it. */
const WITH_REASON = blockOf(HEAD_OF_SOFTWARE, String.raw`drop reason: (\w+)\r?\n`)

const LENGTH = { is: 'decimal', isColumn: false, most: 2 ** 31 - 1 } as const
const PLACE: readonly PartName[] = ['location', 'device', 'payload']

/** The spans of a whole block (latin1, with its line ends): which bytes make which part of its record. */
export function outlineOfBlock(unit: string): Outline | undefined {
  return outlineBy(WITH_REASON, PLACE, unit) ?? outlineBy(WITHOUT_REASON, [...PLACE, 'drop'], unit)
}

function blockOf(head: string, end: string): RegExp {
  return new RegExp(`^drop at: (${head})${TIME}${PACKET}${end}$`, 'd')
}

function outlineBy(form: RegExp, ofHead: readonly PartName[], unit: string): Outline | undefined {
  const [, head, minute, second, fraction, protocol, length, original, reason] = form.exec(unit)?.indices ?? []
  if (!(head && minute && second && fraction && protocol && length && original)) return undefined
  const spans: readonly OutlineSpan[] = [
    { is: 'key', makes: ofHead, ...span(head) },
    { is: 'key', makes: ['ts', 'clock'], isFixed: true, ...span(minute) },
    { is: 'sixty', leaf: 'second', ...span(second) },
    { is: 'fraction', leaf: 'fraction', ...span(fraction) },
    { is: 'key', makes: ['skb'], ...span(protocol) },
    { ...LENGTH, leaf: 'len', ...span(length) },
    { ...LENGTH, leaf: 'orig_len', ...span(original) },
    ...(reason === undefined ? [] : [{ is: 'key', makes: ['drop'], ...span(reason) } as const]),
  ]
  return { spans, constant: [] }
}

function span([start, end]: readonly [number, number]): { readonly start: number; readonly end: number } {
  return { start, end }
}
