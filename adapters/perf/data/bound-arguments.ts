// Which conversion of a print format prints which argument: the splitter of the text path says it, once, of a text with
// marks in the place of values. So the keys are those of the text, and values may hold anything.
import { splitPayload } from '../../../src/kernel/payload.ts'
import type { PrintConversion } from './print/conversion.ts'
import type { PrintPiece } from './print/print-format.ts'
import type { RawData } from './raw-data.ts'

/** An argument of the event and what its value is made of. */
export interface BoundArgument {
  readonly key: string
  readonly pieces: readonly PrintPiece[]
}

export interface BoundArguments {
  readonly args: readonly BoundArgument[]
  /** They hold all that the text does. */
  readonly isWhole: boolean
}

/** `event`: its full name. */
export function boundArguments(event: string, pieces: readonly PrintPiece[]): BoundArguments {
  const marks = pieces.map((piece, of) => (typeof piece === 'string' ? piece : markOf(piece, of)))
  const split = splitPayload(event, marks.join(''))
  const args = split.args
    .filter(({ key }) => !MARK.test(key))
    .map(({ key, value }): BoundArgument => ({ key, pieces: piecesOf(value, pieces) }))
  const bound = new Set(args.flatMap((arg) => arg.pieces))
  const keyless = pieces.filter((piece) => typeof piece !== 'string').filter((piece) => !bound.has(piece))
  const named = keyless.flatMap((piece) => namedByField(piece, args))
  const isHeld = named.length === keyless.length
  return { args: [...args, ...named], isWhole: isHeld && (split.isWhole || args.length === 0) }
}

const FIRST = 9_000_000
const MARK = /9\d{6}/
const MARKS = /0x9\d{6}|q9\d{6}q|9\d{6}/g

/** A text like those that the conversion prints. */
function markOf({ look }: PrintConversion, of: number): string {
  const number = String(FIRST + of)
  return look === 'pointer' ? `0x${number}` : look === 'text' ? `q${number}q` : number
}

/** The value of an argument, as the splitter cut it, in pieces. */
function piecesOf(value: string, pieces: readonly PrintPiece[]): readonly PrintPiece[] {
  const found: PrintPiece[] = []
  let end = 0
  for (const { 0: text, index } of value.matchAll(MARKS)) {
    const piece = pieces[Number(/\d{7}/.exec(text)?.[0]) - FIRST]
    if (piece === undefined || typeof piece === 'string') continue
    const isBare = piece.look === 'decimal' || piece.look === 'hex'
    // `0x` belongs to the text where the conversion prints bare digits.
    const start = isBare && text.startsWith('0x') ? index + 2 : index
    if (start > end) found.push(value.slice(end, start))
    found.push(piece)
    end = index + text.length
  }
  return end < value.length ? [...found, value.slice(end)] : found
}

/** A conversion without a key has its field's name. Hexadecimal digits get `0x`, so that they stay text. */
function namedByField(piece: PrintConversion, args: readonly BoundArgument[]): readonly BoundArgument[] {
  const { field, table } = piece.expression
  if (field === undefined || table !== undefined || args.some(({ key }) => key === field.name)) return []
  return [{ key: field.name, pieces: piece.look === 'hex' ? ['0x', piece] : [piece] }]
}

/** The text of the pieces for the sample that `raw` shows. */
export function rendered(pieces: readonly PrintPiece[], raw: RawData): string {
  let text = ''
  for (const piece of pieces) text += typeof piece === 'string' ? piece : piece.render(raw)
  return text
}
