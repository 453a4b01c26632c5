import { type PartName, partAt, partNames } from '../../event/generated/members.ts'
import { Filled, type Part } from '../../event/part.ts'
import type { LinePiece } from '../../event/pieces.ts'
import type { EventRecord } from '../../event/record.ts'
import { Kept } from '../../text/kept.ts'
import type { CsvColumn } from './columns.ts'
import type { Quoting } from './quoting.ts'

/** Adjacent cells of one member of a record. */
export interface Group {
  /** The cells, with delimiters between them. */
  textOf(record: EventRecord): string
  /** That text in pieces; undefined when a leaf is inside the JSON of the whole member. */
  piecesOf(record: EventRecord): readonly LinePiece[] | undefined
}

/** A group of cells that are not made of a part. */
export function plainGroup(
  textOf: (record: EventRecord) => string,
  pieceOf: (record: EventRecord, text: string) => LinePiece = (_, text) => ({ text }),
): Group {
  return { textOf, piecesOf: (record) => [pieceOf(record, textOf(record))] }
}

/** A group of cells of a member that is a part. */
export class PartGroup implements Group {
  private readonly columns: readonly CsvColumn[]
  private readonly member: PartName
  /** The index of the member in `partNames`. */
  private readonly part: number
  private readonly delimiter: string
  private readonly quoting: Quoting
  /** The cells of a record without the member. */
  private readonly none: string
  private readonly texts = new Kept<Part, string>()

  constructor(columns: readonly CsvColumn[], member: PartName, delimiter: string, quoting: Quoting) {
    this.columns = columns
    this.member = member
    this.part = partNames.indexOf(member)
    this.delimiter = delimiter
    this.quoting = quoting
    this.none = delimiter.repeat(columns.length - 1)
  }

  textOf(record: EventRecord): string {
    const part = partAt(record, this.part)
    if (part === undefined) return this.none
    // A part from a mould has leaves of its own and hardly comes again.
    if (part instanceof Filled) return this.cellsOf(part)
    let text = this.texts.get(part)
    if (text === undefined) {
      text = this.cellsOf(part)
      this.texts.set(part, text)
    }
    return text
  }

  piecesOf(record: EventRecord): readonly LinePiece[] | undefined {
    const { columns, member } = this
    const part = record[member]
    if (part === undefined) return [{ text: this.none }]
    if (!(part instanceof Filled)) return [{ part: member, text: this.textOf(record) }]
    const holes: readonly string[] = part.mould.holes
    const pieces: LinePiece[] = []
    for (const [at, column] of columns.entries()) {
      const name = column.key ?? column.member
      const of = holes.indexOf(name)
      if (of < 0 && column.key === undefined) return undefined
      if (at > 0) pieces.push({ text: this.delimiter })
      const text = this.quoting.cell(part, column)
      pieces.push(of < 0 ? { part: member, text } : { part: member, text, leaf: { name, of } })
    }
    return pieces
  }

  private cellsOf(part: Part): string {
    let text = ''
    let isFirst = true
    for (const column of this.columns) {
      const cell = this.quoting.cell(part, column)
      text = isFirst ? cell : text + this.delimiter + cell
      isFirst = false
    }
    return text
  }
}
