import { isNoted, members, type PartName, partNames } from '../event/generated/members.ts'
import { flagsText, HEADS, lineOf } from '../event/line.ts'
import { Filled, type Part, textOf } from '../event/part.ts'
import type { EventRecord } from '../event/record.ts'
import { faultInLine, type SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import type { LinePiece } from '../shapes/learn.ts'
import { type LineForm, lineSink } from './line-sink.ts'
import type { LeafPlace } from './repeated-line.ts'
import type { Sink } from './sink.ts'

/** Writes each record as a JSON object on a line. */
export function ndjsonSink(output: Output, check: SpotCheck): Sink {
  return lineSink(output, NDJSON, check)
}

const NDJSON: LineForm = {
  lineEnd: '\n',
  lineOf,
  placesIn(record) {
    const places: LeafPlace[] = []
    let at = HEADS[record.kind].length
    for (const name of members) {
      if (name === 'flags') {
        at += flagsText(record).length
        continue
      }
      const part = record[name]
      if (part instanceof Filled)
        places.push(
          ...part.leaves().map((leaf, of) => ({
            part: partNames.indexOf(name),
            leaf: of,
            at: at + leaf.at,
            length: String(leaf.value).length,
          })),
        )
      at += textOf(part).length
    }
    return places
  },
  faultIn: faultInLine,
  piecesOf,
}

function piecesOf(record: EventRecord): readonly LinePiece[] | undefined {
  // Notes of parts become flags, which no single part makes.
  if (record.source !== undefined || isNoted(record)) return undefined
  return [
    { text: HEADS[record.kind] },
    ...members.flatMap((name) => (name === 'flags' ? [{ text: flagsText(record) }] : piecesOfPart(name, record[name]))),
    { text: `${record.unknown ?? ''}}\n` },
  ]
}

function piecesOfPart(name: PartName, part: Part | undefined): readonly LinePiece[] {
  const text = textOf(part)
  if (!(part instanceof Filled)) return [{ part: name, text }]
  const pieces: LinePiece[] = []
  let end = 0
  for (const [index, { at, value }] of part.leaves().entries()) {
    const leaf = part.mould.holes[index]
    // Protocols repeat: a shape chooses one with the text around it.
    if (leaf === undefined || leaf === 'protocol') continue
    pieces.push({ part: name, text: text.slice(end, at) })
    pieces.push({ part: name, leaf, text: String(value) })
    end = at + String(value).length
  }
  return [...pieces, { part: name, text: text.slice(end) }]
}
