import type { Filled, Part } from '../../event/part.ts'
import type { CsvColumn } from './columns.ts'
import type { Quoting } from './quoting.ts'

/** The cells of all parts of a mould: texts with leaves between them. */
export interface Shape {
  readonly texts: readonly string[]
  /** Which of the mould's leaves; one fewer than texts. */
  readonly leaves: readonly number[]
}

/** Parts whose cells are kept, and moulds whose shape is. */
const KEPT = 256

/** The columns of one member that stand side by side. */
export class Group {
  readonly member: string
  /** The cells of an absent member. */
  readonly none: string
  private readonly columns: readonly CsvColumn[]
  private readonly delimiter: string
  private readonly quoting: Quoting
  private readonly texts = new Map<Part, string>()
  private readonly shapes = new Map<Filled['mould'], Shape>()

  constructor(columns: readonly CsvColumn[], delimiter: string, quoting: Quoting) {
    this.member = columns[0]?.member ?? ''
    this.columns = columns
    this.delimiter = delimiter
    this.quoting = quoting
    this.none = delimiter.repeat(columns.length - 1)
  }

  text(part: Part): string {
    let text = ''
    let isFirst = true
    for (const column of this.columns) {
      const cell = this.cell(part, column)
      text = isFirst ? cell : text + this.delimiter + cell
      isFirst = false
    }
    return text
  }

  /** `text`, remembered: for members whose parts are interned. */
  keptText(part: Part): string {
    return remembered(this.texts, part, () => this.text(part))
  }

  shapeOf(part: Filled): Shape {
    return remembered(this.shapes, part.mould, () => this.newShape(part))
  }

  private newShape(part: Filled): Shape {
    const holes: readonly string[] = part.mould.holes
    const texts: string[] = []
    const leaves: number[] = []
    let text = ''
    for (const [at, column] of this.columns.entries()) {
      if (at > 0) text += this.delimiter
      const hole = holes.indexOf(column.key ?? '')
      if (hole < 0) text += this.cell(part, column)
      else {
        texts.push(text)
        leaves.push(hole)
        text = ''
      }
    }
    return { texts: [...texts, text], leaves }
  }

  private cell(part: Part, { key, member, type }: CsvColumn): string {
    // Its JSON is at hand.
    if (key === undefined && type === 'json') return this.quoting.json(part.text.slice(member.length + 4))
    return this.quoting.value(key === undefined ? part.value() : part.get(key))
  }
}

function remembered<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  let value = kept.get(key)
  if (value === undefined) {
    value = make()
    if (kept.size >= KEPT) kept.clear()
    kept.set(key, value)
  }
  return value
}
