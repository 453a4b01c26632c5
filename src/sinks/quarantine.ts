import type { Output } from '../output/output.ts'

/** Longer units are written in pieces, so that no line of the file is endless. */
const PIECE_BYTES = 64 * 1024

/** Bytes that no reader understood, or those of a record that our own schema refused. */
export interface Quarantined {
  readonly path: string
  /** The first line of the unit, from 1; undefined in a binary input. */
  readonly line: number | undefined
  /** Bytes before the unit, in the decompressed input. */
  readonly offset: number
  /** The bytes of the unit, in latin1. */
  readonly bytes: string
  /** The reader in charge; undefined when no tool is known. */
  readonly reader: string | undefined
  /** The reason as a word, for programs. */
  readonly why: string
  /** The reason as a sentence, for people. */
  readonly text: string
  /** The byte of the unit, from 1, where the grammar stopped fitting. */
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
    ...(line !== undefined && { line }),
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
