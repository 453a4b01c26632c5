import { partAt } from '../../event/generated/members.ts'
import { Filled, type Part } from '../../event/part.ts'
import type { EventRecord } from '../../event/record.ts'
import type { LeafPlace } from '../repeated-line.ts'
import type { CsvColumn } from './columns.ts'
import type { Quoting } from './quoting.ts'

/** Cells that stand side by side, of one member of a record. */
export interface Group {
  /** Without the delimiter behind them. */
  textOf(record: EventRecord): string
  /** Where in that text the leaves stand; undefined when one stands within the JSON of the whole member. */
  placesIn(record: EventRecord): readonly LeafPlace[] | undefined
}

/** Cells whose text is no part's. */
export function plainGroup(textOf: (record: EventRecord) => string): Group {
  return { textOf, placesIn: () => [] }
}

/** Parts whose cells are kept. */
const KEPT = 256

/** The columns of a member that is a part. */
export class PartGroup implements Group {
  private readonly columns: readonly CsvColumn[]
  /** The member's place in `partNames`. */
  private readonly part: number
  private readonly delimiter: string
  private readonly quoting: Quoting
  private readonly none: string
  private readonly texts = new Kept<Part, string>()

  constructor(columns: readonly CsvColumn[], part: number, delimiter: string, quoting: Quoting) {
    this.columns = columns
    this.part = part
    this.delimiter = delimiter
    this.quoting = quoting
    this.none = delimiter.repeat(columns.length - 1)
  }

  textOf(record: EventRecord): string {
    const part = partAt(record, this.part)
    if (part === undefined) return this.none
    // A part with leaves of its own hardly comes again.
    if (part instanceof Filled) return this.cellsOf(part)
    let text = this.texts.get(part)
    if (text === undefined) {
      text = this.cellsOf(part)
      this.texts.set(part, text)
    }
    return text
  }

  placesIn(record: EventRecord): readonly LeafPlace[] | undefined {
    const part = partAt(record, this.part)
    if (!(part instanceof Filled)) return []
    const { columns } = this
    const holes: readonly string[] = part.mould.holes
    const places: LeafPlace[] = []
    let at = 0
    for (const column of columns) {
      const cell = this.quoting.cell(part, column)
      const leaf = holes.indexOf(column.key ?? column.member)
      if (leaf < 0 && column.key === undefined) return undefined
      if (leaf >= 0) places.push({ part: this.part, leaf, at, length: cell.length })
      at += cell.length + this.delimiter.length
    }
    return places
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
