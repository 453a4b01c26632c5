import { Filled, type Part } from '../../event/part.ts'
import type { CsvColumn } from './columns.ts'
import type { Quoting } from './quoting.ts'

/** Parts whose cells are kept. */
const KEPT = 256

/** The cells of all parts of a mould: a leaf behind each text but the last. */
interface Shape {
  readonly mould: Filled['mould']
  readonly texts: readonly string[]
  /** Which of the mould's holes. */
  readonly leaves: readonly number[]
}

/** The columns of one member that stand side by side. */
export class Group {
  readonly member: string
  private readonly columns: readonly CsvColumn[]
  private readonly delimiter: string
  private readonly quoting: Quoting
  private readonly none: string
  /** Interned parts come again. */
  private readonly kept = new Map<Part, string>()
  private shape: Shape | undefined

  constructor(columns: readonly CsvColumn[], delimiter: string, quoting: Quoting) {
    this.member = columns[0]?.member ?? ''
    this.columns = columns
    this.delimiter = delimiter
    this.quoting = quoting
    this.none = delimiter.repeat(columns.length - 1)
  }

  /** The cells of a part; of an absent member they are empty. */
  text(part: Part | undefined): string {
    if (part === undefined) return this.none
    if (part instanceof Filled) {
      if (this.shape?.mould !== part.mould) this.shape = this.shapeOf(part)
      return filledText(this.shape, part)
    }
    let text = this.kept.get(part)
    if (text === undefined) {
      text = this.columns.map((column) => this.cell(part, column)).join(this.delimiter)
      if (this.kept.size >= KEPT) this.kept.clear()
      this.kept.set(part, text)
    }
    return text
  }

  private shapeOf(part: Filled): Shape {
    const texts: string[] = []
    const leaves: number[] = []
    const holes: readonly string[] = part.mould.holes
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
    return { mould: part.mould, texts: [...texts, text], leaves }
  }

  private cell(part: Part, { key, member, type }: CsvColumn): string {
    // Its JSON is at hand.
    if (key === undefined && type === 'json') return this.quoting.json(part.text.slice(member.length + 4))
    return this.quoting.value(key === undefined ? part.value() : part.get(key))
  }
}

/** Leaves are digits, hexadecimal digits and times: no delimiter can be in them. */
function filledText({ texts, leaves }: Shape, part: Filled): string {
  let text = texts[0] ?? ''
  for (let at = 0; at < leaves.length; at++) text += `${leafOf(part, leaves[at])}${texts[at + 1]}`
  return text
}

function leafOf({ a, b, c }: Filled, hole: number | undefined): string | number | undefined {
  return hole === 0 ? a : hole === 1 ? b : c
}
