import type { Output } from '../output/output.ts'

/** Quarantined bytes go in pieces of at most this many, so that no line of the file is endless. */
const PIECE_BYTES = 64 * 1024

/** Bytes that nobody could read, or a record that our own schema refused. */
export interface Quarantined {
  readonly path: string
  readonly line: number
  readonly offset: number
  /** latin1. */
  readonly bytes: string
  readonly reader: string | undefined
  readonly why: string
  readonly text: string
  /** Byte in the unit, from 1, where the grammar stopped fitting. */
  readonly column: number
}

/** Writes a unit to the quarantine file: NDJSON by `schemas/quarantine.v1.schema.json`, byte-exact. */
export function quarantine(unit: Quarantined, output: Output): void {
  const pieces = Math.max(1, Math.ceil(unit.bytes.length / PIECE_BYTES))
  for (let piece = 0; piece < pieces; piece++) output.write(`${pieceOf(unit, piece, pieces)}\n`)
}

function pieceOf(unit: Quarantined, piece: number, pieces: number): string {
  const bytes = unit.bytes.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES)
  const { path, line, offset, reader, why, text, column } = unit
  const entry = {
    v: 1,
    path,
    line,
    offset: offset + piece * PIECE_BYTES,
    length: bytes.length,
    base64: Buffer.from(bytes, 'latin1').toString('base64'),
    ...(pieces > 1 && { piece: piece + 1, pieces }),
    ...(reader !== undefined && { reader }),
    why,
    text,
    column,
  }
  return Buffer.from(JSON.stringify(entry), 'utf8').toString('latin1')
}
