// Lines that report a dropped packet, of any tool, damaged ones included.

import { isWithin } from '../text/nearest.ts'
import { KFREE_SKB } from './kfree-skb.ts'

interface Telling {
  /** The event, or the tool's phrase. */
  readonly name: string
  readonly named: RegExp
  /** Text that no other event prints: it shows the drop where the name was damaged. */
  readonly alone?: RegExp
  /** A member of the text that follows the name, with the beginning of a value. */
  readonly piece: RegExp
}

const TELLING: readonly Telling[] = [
  {
    name: KFREE_SKB,
    named: /kfree_skb|\bfree_skb/,
    alone: /\bskbaddr=(?:0x[0-9a-f]{1,16}|\(nil\)|[0-9a-f]{16}) (?:rx_sk=\S{1,18} )?protocol=\d{1,5} location=/,
    piece:
      /\b(?:skbaddr|rx_sk)"?[=:] ?"?(?:0x|\(nil\)|[0-9a-f]{8})|\bprotocol"?[=:] ?"?\d|\blocation"?[=:] ?"?[\w.]+(?:\+0x|$| )|\breason"?: ?"?(?:[A-Z][A-Z0-9_]{2}|0x)|kfree_skb: (?:s(?:k(?:b(?:a(?:d(?:d(?:r(?:=0?)?)?)?)?)?)?)?)?$/,
  },
  {
    name: 'devlink:devlink_trap_report',
    named: /devlink_trap_report/,
    piece: /\b(?:bus_name|driver_name|trap_name|trap_group_name|input_dev_name)"?[=:] ?"?\w/,
  },
  {
    name: 'drops at',
    named: /\bdrops? at\b/,
    alone: new RegExp(`^.?-?\\d{0,10}.?(?:${oneEditFrom('drops at ')})`),
    piece: /\(0x[0-9a-f]|\+(?:0x)?[0-9a-f]+ \(|\[(?:soft|hard)|ware\]|location (?:0x|\(nil)/,
  },
]

/** An expression for a phrase of letters and blanks in which one byte is missing, changed or added. */
function oneEditFrom(phrase: string): string {
  const edits = [...phrase].flatMap((_, at) => [
    `${phrase.slice(0, at)}.${phrase.slice(at)}`,
    `${phrase.slice(0, at)}.?${phrase.slice(at + 1)}`,
  ])
  return edits.join('|')
}

/** A line that names a drop, and where in it. */
export interface DropNamed {
  readonly name: string
  readonly at: number
}

/**
 * The drop that a line (latin1) reports: it names one, and holds a piece of what is printed after that name. Such a
 * line is never foreign text: it is a drop, or it is rejected. A name alone is not enough: listings of events, commands
 * and frames of stacks have it too.
 */
export function dropNamed(line: string): DropNamed | undefined {
  for (const { name, named, alone, piece } of TELLING) {
    let at = line.search(named)
    if (at < 0 && alone !== undefined && !isSum(line)) at = line.search(alone)
    if (at >= 0 && piece.test(line)) return { name, at }
  }
  return undefined
}

/** True for a line of `perf report`, `    50.00%  curl     skbaddr=…`. It is a sum, not a packet. */
export function isSum(line: string): boolean {
  return /^(?:\x1b\[[\d;]*[mK]|[ \t>])*\d{1,3}\.\d\d%(?:\x1b| )/.test(line)
}

/** One damaged byte changes one letter of a name, or two where it is an escape. */
const DAMAGED_LETTERS = 2

/** The event of a drop whose name is nearly this one (latin1), but not the same. */
export function nearDrop(event: string): string | undefined {
  const names = TELLING.map(({ name }) => name).filter((name) => name.includes(':'))
  if (names.includes(event)) return undefined
  return names.find((name) => isWithin(DAMAGED_LETTERS, name, event))
}

/** A piece of what is printed after the name of a drop. */
export function hasPieceOf(drop: string, payload: string): boolean {
  return TELLING.some(({ name, piece }) => name === drop && piece.test(payload))
}
