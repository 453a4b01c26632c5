// Lines that tell of a dropped packet, whoever printed them and whatever has become of them.

interface Telling {
  /** The event, or the tool's phrase. */
  readonly name: string
  readonly named: RegExp
  /** A member of the text that follows the name, with the beginning of a value. */
  readonly piece: RegExp
}

const TELLING: readonly Telling[] = [
  {
    name: 'skb:kfree_skb',
    named: /kfree_skb/,
    piece:
      /\b(?:skbaddr|rx_sk)"?[=:] ?"?(?:0x|\(nil\)|[0-9a-f]{8})|\bprotocol"?[=:] ?"?\d|\blocation"?[=:] ?"?[\w.]+(?:\+0x|$| )|\breason"?: ?"?(?:[A-Z][A-Z0-9_]{2}|0x)/,
  },
  {
    name: 'devlink:devlink_trap_report',
    named: /devlink_trap_report/,
    piece: /\b(?:bus_name|driver_name|trap_name|trap_group_name|input_dev_name)"?[=:] ?"?\w/,
  },
  {
    name: 'drops at',
    named: /\bdrops? at\b/,
    piece: /\(0x[0-9a-f]|\+(?:0x)?[0-9a-f]+ \(|\[(?:software|hardware)\]/,
  },
]

/** A line that names a drop, and where in it. */
export interface DropNamed {
  readonly name: string
  readonly at: number
}

/**
 * The drop that a line (latin1) tells of: it names one, and holds a piece of what is printed behind that name. Such a line is never anybody's text: it is a
 * drop, or it is rejected. A name alone is none: listings of events, commands and frames of stacks have it too.
 */
export function dropNamed(line: string): DropNamed | undefined {
  for (const { name, named, piece } of TELLING) {
    const at = line.search(named)
    if (at >= 0 && piece.test(line)) return { name, at }
  }
  return undefined
}
