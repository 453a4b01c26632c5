import type { TextPattern } from '../match/pattern.ts'
import type { Problem } from '../program/ast.ts'
import type { Printing } from '../program/print-tree.ts'
import type { Meaning } from '../program/vocabulary.ts'
import type { MapFacts } from './maps.ts'
import type { ClauseFacts } from './recipe.ts'

/** A printing call, compiled. In JSON it prints one record. */
export interface PrintStep {
  readonly id: number
  readonly clause: ClauseFacts
  readonly name: Printing
  /** What it prints, one pattern for each way in which versions of bpftrace print it. */
  readonly patterns: readonly TextPattern[]
  /** What the value of `print()` means; undefined for other calls. */
  readonly meaning: Meaning | undefined
  /** The calls that may follow in the same run. */
  readonly next: readonly PrintStep[]
  /** It may be the first that a run prints. */
  readonly starts: boolean
  /** The run may end with it. */
  readonly ends: boolean
  /** It makes the one record of the run. */
  readonly opens: boolean
}

/** The printing calls that print one line together, or the rest of a run without a line end. */
export interface TextPiece {
  readonly id: number
  readonly clause: ClauseFacts
  /** As in `PrintStep`. */
  readonly patterns: readonly TextPattern[]
  readonly next: readonly TextPiece[]
  readonly starts: boolean
  readonly ends: boolean
  readonly opens: boolean
  /** It does not begin with a `printf`: where it looks like a line of the tool itself, it is that line. */
  readonly isSoft: boolean
}

/** What is known of the output of a program. */
export interface Decoder {
  readonly steps: readonly PrintStep[]
  readonly pieces: readonly TextPiece[]
  readonly maps: ReadonlyMap<string, MapFacts>
  readonly problems: readonly Problem[]
  /** A part of the program could not be compiled: a line that fits nothing may come from it. */
  readonly isPartial: boolean
}
