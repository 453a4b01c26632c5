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
  private readonly texts = new Kept<Part, string>()
  private readonly shapes = new Kept<Filled['mould'], Shape>()

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
    let text = this.texts.get(part)
    if (text === undefined) {
      text = this.text(part)
      this.texts.set(part, text)
    }
    return text
  }

  shapeOf(part: Filled): Shape {
    let shape = this.shapes.get(part.mould)
    if (shape === undefined) {
      shape = this.newShape(part)
      this.shapes.set(part.mould, shape)
    }
    return shape
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

/**
 * What was made of the last keys. When none of so many came again, it stops keeping for a while: where no two records share a value, that
 * would be all for nothing.
 */
class Kept<K, V> {
  private readonly values = new Map<K, V>()
  private hits = 0
  private rest = 0

  get(key: K): V | undefined {
    const value = this.values.get(key)
    if (value !== undefined) this.hits++
    return value
  }

  set(key: K, value: V): void {
    if (this.rest > 0) {
      this.rest--
      return
    }
    if (this.values.size >= KEPT) {
      if (this.hits < KEPT) this.rest = 64 * KEPT
      this.values.clear()
      this.hits = 0
    }
    this.values.set(key, value)
  }
}
