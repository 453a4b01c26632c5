import type { PartName } from '../../../src/event/generated/members.ts'
import { FREE_TEXT_LEAVES } from '../../../src/event/leaf.ts'
import { COMM_BYTES, MOST_PID_T } from '../../../src/kernel/limits.ts'
import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'
import { COMM_COLUMN } from './head.ts'
import { COMM_WORDS, PLAIN_TAIL } from './squeezed-line.ts'

const BLANK = 32

/** The end of a head, and the payload of skb:kfree_skb. The parts that its tail makes depend on nothing else. */
const REST = String.raw` \[(\d{3,})\] ( *\d+\.\d+): +skb:kfree_skb: skbaddr=(0x[0-9a-f]+)(?: rx_sk=(?:\(nil\)|(0x[0-9a-f]+)))?( protocol=[^\n]*?)`

/** What a line or more look like, and what their head and tail are where they are divided. */
interface Form {
  readonly text: RegExp
  readonly dividedHead: (unit: string, end: number) => readonly OutlineSpan[] | undefined
  readonly dividedTail: (unit: string, start: number) => readonly OutlineSpan[] | undefined
}

/** In the default columns, the comm padded to 16 bytes: one line. */
const SAMPLE: Form = { text: new RegExp(String.raw`^([^\n]{16} +-?\d+)${REST}\r?\n$`, 'd'), dividedHead, dividedTail }
/** With its call chain, to the blank line; the comm has at most 16 bytes, padding included. */
const CHAIN: Form = {
  text: new RegExp(String.raw`^([^\n]{1,16}? +-?\d+)${REST}\n\t([^\n]+(?:\n\t[^\n]+)*)\n\n$`, 'd'),
  dividedHead: dividedChainHead,
  dividedTail: () => undefined,
}

/** In one line with squeezed blanks. One blank may be before it. */
const SQUEEZED: Form = {
  text: new RegExp(
    String.raw`^ ?(${COMM_WORDS} \d{1,7}) \[(\d{3,4})\] (\d+\.\d+): skb:kfree_skb: skbaddr=(0x[0-9a-f]{1,16})(?: rx_sk=(?:\(nil\)|(0x[0-9a-f]{1,16})))?(${PLAIN_TAIL})\r?\n$`,
    'd',
  ),
  dividedHead: dividedSqueezedHead,
  dividedTail: () => undefined,
}

const TAIL_PARTS: readonly PartName[] = ['skb', 'location', 'drop']

/** The spans of a whole sample (latin1, with its line ends): which bytes make which part of its record. */
export function outlineOfSample(unit: string): Outline | undefined {
  return outlineBy(SAMPLE, unit)
}

/** The same of a sample with its call chain. */
export function outlineOfChain(unit: string): Outline | undefined {
  return outlineBy(CHAIN, unit)
}

/** The same of a line with squeezed blanks, which another such line follows. */
export function outlineOfSqueezed(unit: string): Outline | undefined {
  const outline = outlineBy(SQUEEZED, unit)
  const [head, , time] = outline?.spans ?? []
  if (outline === undefined || head === undefined || time === undefined) return undefined
  const blank = unit.lastIndexOf(' ', head.end - 1)
  if (blank - head.start > COMM_BYTES || Number(unit.slice(blank, head.end)) > MOST_PID_T) return undefined
  // A blank that fills the column of the comm by chance has another reading: within the head, or after the CPU.
  const isIndented = head.start > 0
  if (isIndented && (unit.charCodeAt(COMM_COLUMN) === BLANK || COLUMNS_OF_CHANCE.has(head.end))) return undefined
  return { ...outline, ahead: time.end }
}

/** Where a head ends after which the CPU, of three or four digits, may end before that column. */
const COLUMNS_OF_CHANCE: ReadonlySet<number> = new Set([COMM_COLUMN - 6, COMM_COLUMN - 7])

function outlineBy(form: Form, unit: string): Outline | undefined {
  const [, head, cpu, time, addr, rxSk, tail, frames] = form.text.exec(unit)?.indices ?? []
  if (head === undefined || cpu === undefined || time === undefined || addr === undefined || tail === undefined)
    return undefined
  const spans: readonly OutlineSpan[] = [
    { is: 'key', makes: ['process'], ...span(head), divided: form.dividedHead(unit, head[1]) },
    { is: 'key', makes: ['cpu'], ...span(cpu) },
    { is: 'seconds', leaf: 'ns', ...span(time) },
    { is: 'pointer', leaf: 'addr', ...span(addr) },
    ...(rxSk === undefined ? [] : [{ is: 'pointer', leaf: 'rx_sk', ...span(rxSk) } as const]),
    { is: 'key', makes: TAIL_PARTS, ...span(tail), divided: form.dividedTail(unit, tail[0]) },
    ...(frames === undefined ? [] : [{ is: 'key', makes: ['stack'], ...span(frames) } as const]),
  ]
  return { spans, constant: ['event_name', 'process'] }
}

/** perf prints `:1234` for a thread of which it knows no name. */
const COMM = { is: 'text', leaf: 'comm', isColumn: true, most: COMM_BYTES, without: '', withoutFirst: ':' } as const
const TID = { is: 'decimal', leaf: 'tid', isColumn: true, most: MOST_PID_T } as const

/** A comm in its column, and a TID in one of 5 or 7 bytes: longer TIDs make their column wider. */
function dividedHead(unit: string, end: number): readonly OutlineSpan[] | undefined {
  const width = end - COMM_COLUMN - 1
  if (unit.charCodeAt(0) !== BLANK || (width !== 5 && width !== 7)) return undefined
  return [
    { ...COMM, start: 1, end: COMM_COLUMN },
    { ...TID, start: COMM_COLUMN + 1, end },
  ]
}

/** One word of those that COMM_WORDS lets through, but for those with a V; and a TID. */
const COMM_WORD = {
  is: 'text',
  leaf: 'comm',
  isColumn: false,
  most: COMM_BYTES,
  without: " !#$%&'()*,;<=>?[]^`{|}~",
  withoutFirst: '0123456789./:+@-V',
} as const

function dividedSqueezedHead(unit: string, end: number): readonly OutlineSpan[] | undefined {
  const blank = unit.lastIndexOf(' ', end - 1)
  const start = unit.charCodeAt(0) === BLANK ? 1 : 0
  if (unit.slice(start, blank).includes(' ')) return undefined
  // Where a line is indented, no blank may fill the column of the comm by chance: only a key has a known length.
  if (start === 1) return undefined
  return [
    { ...COMM_WORD, start, end: blank },
    { ...TID, isColumn: false, start: blank + 1, end },
  ]
}

/** The comm is not padded here; a blank and the column of the TID, 5 or 7 bytes, follow it. */
function dividedChainHead(unit: string, end: number): readonly OutlineSpan[] | undefined {
  const commEnd = unit.indexOf(' ')
  const width = end - commEnd - 1
  if (commEnd === 0 || (width !== 5 && width !== 7)) return undefined
  return [
    { ...COMM_WORD, start: 0, end: commEnd },
    { ...TID, start: commEnd, end },
  ]
}

/**
 * A symbol with its offset. A symbol that holds a point is none of them: three points say that something was left out.
 */
const TAIL =
  / protocol=(\d+) location=([^\s+.\d][^\s+.]*)\+0x([0-9a-f]+)((?: \[[\w-]+\])?(?: reason: [A-Z][A-Z0-9_]*)?)\r?\n/dy
const SYMBOL = {
  is: 'text',
  leaf: 'symbol',
  isColumn: false,
  most: FREE_TEXT_LEAVES.symbol,
  without: ' +.',
  withoutFirst: '0123456789',
} as const

function dividedTail(unit: string, start: number): readonly OutlineSpan[] | undefined {
  TAIL.lastIndex = start
  const [, protocol, symbol, offset, rest] = TAIL.exec(unit)?.indices ?? []
  if (protocol === undefined || symbol === undefined || offset === undefined || rest === undefined) return undefined
  return [
    { is: 'key', makes: ['skb'], ...span(protocol) },
    { ...SYMBOL, ...span(symbol) },
    { is: 'hex', leaf: 'offset', ...span(offset) },
    { is: 'key', makes: ['location', 'drop'], ...span(rest) },
  ]
}

function span([start, end]: readonly [number, number]): { readonly start: number; readonly end: number } {
  return { start, end }
}
