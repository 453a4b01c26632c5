import { lineOf } from '../event/line.ts'
import { type LinePiece, linePieces } from '../event/pieces.ts'
import type { EventRecord } from '../event/record.ts'
import { faultInLine, type SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import { type LineForm, lineSink } from './line-sink.ts'
import type { Sink } from './sink.ts'

/** Writes each record as a JSON object on a line. */
export function ndjsonSink(output: Output, check: SpotCheck): Sink {
  return lineSink(output, NDJSON, check)
}

const NDJSON: LineForm = { lineEnd: '\n', lineOf, piecesOf, faultIn: faultInLine }

/** A record that is written as it was read has the pieces of its parts where these make the same line. */
function piecesOf(record: EventRecord): readonly LinePiece[] | undefined {
  const pieces = linePieces(record)
  const { source } = record
  return source === undefined || pieces.map(({ text }) => text).join('') === source ? pieces : undefined
}
