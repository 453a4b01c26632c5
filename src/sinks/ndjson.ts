import { members, partNames } from '../event/generated/members.ts'
import { flagsText, HEADS, lineOf } from '../event/line.ts'
import { Filled, textOf } from '../event/part.ts'
import { faultInLine, type SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import { type LineForm, lineSink } from './line-sink.ts'
import type { LeafPlace } from './repeated-line.ts'
import type { Sink } from './sink.ts'

/** Writes each record as a JSON object on a line. */
export function ndjsonSink(output: Output, isChecked: SpotCheck): Sink {
  return lineSink(output, NDJSON, isChecked)
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
}
