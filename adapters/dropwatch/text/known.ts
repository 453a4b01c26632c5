import { uint } from '../../../src/text/scan.ts'
import { BlockFields, RANK, rankAt, readField } from './field.ts'
import { type BlockHead, DROP_AT, isUnmistakable, readHead, splitNote } from './head.ts'
import { readCount, readSummaryPlace, type SummaryPlace } from './summary.ts'
import { type DropwatchTalk, talkOf } from './talk.ts'

/**
 * What a line is by the grammar. `text` follows `drop at: ` or `drops at `. `note` is what a person wrote after the
 * last value, and mostly empty.
 */
export type Known =
  | { readonly is: 'head'; readonly text: string; readonly head: BlockHead; readonly note: string }
  | { readonly is: 'field'; readonly rank: number; readonly note: string }
  | {
      readonly is: 'summary'
      readonly count: number
      readonly text: string
      readonly place: SummaryPlace
      readonly note: string
    }
  | { readonly is: 'tail dropped'; readonly count: number; readonly note: '' }
  | { readonly is: 'talk'; readonly talk: DropwatchTalk; readonly note: '' }

const TAIL_DROPPED = 'Tail dropped: '

/** What a line is, without its end, terminal control and what precedes it. Undefined: it is not a line of dropwatch. */
export function knownAs(line: string): Known | undefined {
  if (line.startsWith(DROP_AT)) return asHead(line.slice(DROP_AT.length))
  const rank = rankAt(line, 0)
  if (rank > 0) {
    const end = readField(new BlockFields(), rank, line, 0, line.length)
    return end < 0 ? undefined : { is: 'field', rank, note: line.slice(end).trimStart() }
  }
  const counted = readCount(line, 0, line.length)
  if (counted !== undefined) {
    const text = line.slice(counted.placeStart)
    const place = readSummaryPlace(text)
    return place && { is: 'summary', count: counted.count, text, place, note: place.rest }
  }
  if (line.startsWith(TAIL_DROPPED)) {
    const count = uint(line, TAIL_DROPPED.length, line.length)
    return count === undefined ? undefined : { is: 'tail dropped', count, note: '' }
  }
  const talk = talkOf(line)
  return talk && { is: 'talk', talk, note: '' }
}

/** True for a line that begins as a drop does. If it is not a drop, it is damaged. */
export function beginsRecord(line: string): boolean {
  return line.startsWith(DROP_AT) || readCount(line, 0, line.length) !== undefined
}

/**
 * How surely dropwatch printed the line, 0 to 100. Programs of bpftrace may print the like: `3 drops at
 * tcp_v4_rcv+9`.
 */
export function surenessOf(known: Known): number {
  switch (known.is) {
    case 'head':
      return isUnmistakable(known.head) ? 95 : 60
    case 'summary':
      return known.place.address !== undefined || known.place.origin === 'hardware' ? 95 : 60
    case 'field':
      return FIELD_SURENESS.get(known.rank) ?? 40
    case 'tail dropped':
      return 60
    case 'talk':
      return known.talk.only
  }
}

/** How surely dropwatch printed a line that begins like a drop and is not one. */
export function surenessOfDamaged(line: string): number {
  return /^(?:drop at: \S+\+0x|-?\d+ drops at (?:location |\S+ \(0x|.*\[(?:soft|hard)ware\]))/.test(line) ? 90 : 60
}

const FIELD_SURENESS: ReadonlyMap<number, number> = new Map([
  [RANK.timestamp, 95],
  [RANK.ifindex, 90],
  [RANK.originalLength, 80],
  [RANK.reason, 80],
])

function asHead(text: string): Known | undefined {
  const head = readHead(text)
  if (head !== undefined) return { is: 'head', text, head, note: '' }
  const [headText, note] = splitNote(text) ?? []
  const noted = headText === undefined ? undefined : readHead(headText)
  if (headText === undefined || note === undefined || noted === undefined) return undefined
  return { is: 'head', text: headText, head: noted, note }
}
