import { Cast } from './cast.ts'
import { isNoted, members, type PartName, partNames } from './generated/members.ts'
import { flagsText, HEADS } from './line.ts'
import { Filled, hasNotes, type Part, textOf } from './part.ts'
import type { EventRecord } from './record.ts'

/** A piece of the line of a record. */
export interface LinePiece {
  /** UTF-8 bytes, one char a byte. */
  readonly text: string
  /** The part that it belongs to; undefined: to none. */
  readonly part?: PartName
  /** It is a leaf of that part's mould: the name of its hole, and which of the holes it is. */
  readonly leaf?: { readonly name: string; readonly of: number }
}

/** The line of a record without line end, as `lineOf` makes it, in pieces. */
export function linePieces(record: EventRecord): readonly LinePiece[] {
  return [
    { text: HEADS[record.kind] },
    ...members.flatMap((name) =>
      name === 'flags' ? [flagsPiece(record, flagsText(record))] : piecesOfPart(name, record[name]),
    ),
    { text: `${record.unknown ?? ''}}` },
  ]
}

/** The piece that holds a record's flags: that of the part that has all of them in its notes, if one has. */
export function flagsPiece(record: EventRecord, text: string): LinePiece {
  const [only] = notedParts(record)
  return only === undefined ? { text } : { part: only, text }
}

/** The parts whose notes are flags of the record. */
export function notedParts(record: EventRecord): readonly PartName[] {
  return isNoted(record) ? partNames.filter((name) => hasNotes(record[name])) : []
}

function piecesOfPart(name: PartName, part: Part | undefined): readonly LinePiece[] {
  const text = textOf(part)
  const filled = part instanceof Cast ? part.filled : part
  if (!(filled instanceof Filled)) return [{ part: name, text }]
  const pieces: LinePiece[] = []
  let end = 0
  for (const [of, { at, value }] of filled.leaves().entries()) {
    const leafEnd = at + String(value).length
    pieces.push({ part: name, text: text.slice(end, at) })
    pieces.push({ part: name, text: text.slice(at, leafEnd), leaf: { name: filled.mould.holes[of] ?? '', of } })
    end = leafEnd
  }
  return [...pieces, { part: name, text: text.slice(end) }]
}
