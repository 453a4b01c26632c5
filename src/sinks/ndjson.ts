import { lineOf } from '../event/line.ts'
import { linePieces } from '../event/pieces.ts'
import { faultInLine, type SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import { type LineForm, lineSink } from './line-sink.ts'
import type { Sink } from './sink.ts'

/** Writes each record as a JSON object on a line. */
export function ndjsonSink(output: Output, check: SpotCheck): Sink {
  return lineSink(output, NDJSON, check)
}

const NDJSON: LineForm = { lineEnd: '\n', lineOf, piecesOf: linePieces, faultIn: faultInLine }
