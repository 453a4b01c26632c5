// A row of cells. From record to record mostly the leaves of a few parts change: while all other parts are those of the record before, and those
// with leaves are of the same moulds, a row is the one before with other leaves. Cell by cell a row took three times as long.
import { flagsJson } from '../../event/line.ts'
import { Filled, type Part } from '../../event/part.ts'
import { partNamed } from '../../event/part-of.ts'
import { type EventRecord, sharesParts } from '../../event/record.ts'
import { flat } from '../../text/flat.ts'
import type { CsvColumn } from './columns.ts'
import { Group } from './group.ts'
import { Quoting } from './quoting.ts'
import { type Cells, cellsOf, fixedCells, Stretch } from './stretch.ts'

/** Members that differ from record to record. */
const VARIED: readonly string[] = ['ts', 'clock', 'skb', 'capture', 'id']

/** Members before which a stretch ends: those from there on change by themselves, or never. */
const BORDERS: readonly string[] = ['event_name', 'stack']

/** When a row has been used so often, its texts are worth to be in one piece. */
const USES_TO_FLATTEN = 4

/** Writes the rows of a table: UTF-8 bytes, one char a byte. */
export class Rows {
  readonly header: string
  private readonly pieces: readonly (Varied | Stretch)[]
  private readonly varied: readonly Varied[]
  private readonly lineEnd: string
  private latest: EventRecord | undefined
  private flags: string | undefined
  /** The latest row, cut at its leaves: one text more than holes. */
  private texts: string[] = []
  private holes: readonly Hole[] = []
  private uses = 0

  constructor(columns: readonly CsvColumn[], delimiter: string, safe: boolean, lineEnd: string) {
    const quoting = new Quoting(delimiter, safe)
    this.header = columns.map(({ name }) => quoting.text(name)).join(delimiter) + lineEnd
    this.pieces = piecesOf(groupsOf(columns, delimiter, quoting), delimiter, quoting)
    this.varied = this.pieces.filter((piece) => piece instanceof Varied)
    this.lineEnd = lineEnd
  }

  /** The row of a record, with its line end. */
  of(record: EventRecord): string {
    const { latest } = this
    const flags = flagsJson(record)
    const isSame =
      latest !== undefined && flags === this.flags && sharesParts(record, latest) && this.isShapedAlike(record)
    if (!isSame) this.cut(record)
    else if (++this.uses === USES_TO_FLATTEN) this.texts = this.texts.map(flat)
    this.latest = record
    this.flags = flags
    const { texts, holes } = this
    let row = texts[0] ?? ''
    for (let at = 0; at < holes.length; at++) row += `${holes[at]?.text(record)}${texts[at + 1]}`
    return row
  }

  private isShapedAlike(record: EventRecord): boolean {
    for (let at = 0; at < this.varied.length; at++) if (this.varied[at]?.isShapedAlike(record) === false) return false
    return true
  }

  private cut(record: EventRecord): void {
    const texts: string[] = []
    const holes: Hole[] = []
    let text = ''
    for (const piece of this.pieces) {
      if (piece instanceof Stretch) text += piece.text(record)
      else {
        piece.cut(record)
        for (const hole of piece.holes) {
          texts.push(text + hole.before)
          holes.push(hole)
          text = ''
        }
        text += piece.after
      }
    }
    texts.push(text + this.lineEnd)
    this.texts = texts
    this.holes = holes
    this.uses = 0
  }
}

/** Columns of one member that stand side by side. */
function groupsOf(columns: readonly CsvColumn[], delimiter: string, quoting: Quoting): readonly Group[] {
  const runs: CsvColumn[][] = []
  for (const column of columns) {
    const run = runs.at(-1)
    if (run !== undefined && run[0]?.member === column.member) run.push(column)
    else runs.push([column])
  }
  return runs.map((run) => new Group(run, delimiter, quoting))
}

/** Varied groups, and the stretches between them; delimiters go with the stretches. */
function piecesOf(groups: readonly Group[], delimiter: string, quoting: Quoting): readonly (Varied | Stretch)[] {
  const pieces: (Varied | Stretch)[] = []
  let cells: Cells[] = []
  for (const [at, group] of groups.entries()) {
    if (at > 0) cells.push(fixedCells(delimiter))
    const isVaried = VARIED.includes(group.member)
    if (isVaried || BORDERS.includes(group.member)) {
      pieces.push(new Stretch(cells))
      cells = []
    }
    if (isVaried) pieces.push(new Varied(group))
    else cells.push(cellsOf(group, quoting))
  }
  pieces.push(new Stretch(cells))
  return pieces
}

/** What a varied part without a mould is told by. */
const PRESENT = 'present'

/** The cells of a member that differs from record to record. */
class Varied {
  /** In the cells of the record at hand, and the text behind the last of them. */
  holes: readonly Hole[] = []
  after: string
  private readonly group: Group
  private readonly partOf: (record: EventRecord) => Part | undefined
  private shape: Filled['mould'] | typeof PRESENT | undefined

  constructor(group: Group) {
    this.group = group
    this.partOf = partNamed(group.member) ?? (() => undefined)
    this.after = group.none
  }

  /** Is the record's row cut here as that of the record before? */
  isShapedAlike(record: EventRecord): boolean {
    return shapeOf(this.partOf(record)) === this.shape
  }

  cut(record: EventRecord): void {
    const { group, partOf } = this
    const part = partOf(record)
    const shape = shapeOf(part)
    if (shape === this.shape) return
    this.shape = shape
    if (part instanceof Filled) {
      const { texts, leaves } = group.shapeOf(part)
      this.holes = leaves.map((leaf, at) => new Hole(group, partOf, leaf, texts[at] ?? ''))
      this.after = texts.at(-1) ?? ''
    } else {
      this.holes = part === undefined ? [] : [new Hole(group, partOf, undefined, '')]
      this.after = part === undefined ? group.none : ''
    }
  }
}

function shapeOf(part: Part | undefined): Filled['mould'] | typeof PRESENT | undefined {
  return part instanceof Filled ? part.mould : part === undefined ? undefined : PRESENT
}

class Hole {
  /** The text of the group before it, up to the hole before. */
  readonly before: string
  private readonly group: Group
  private readonly partOf: (record: EventRecord) => Part | undefined
  /** Of a mould's leaves the one; undefined: all cells of the group. */
  private readonly leaf: number | undefined

  constructor(
    group: Group,
    partOf: (record: EventRecord) => Part | undefined,
    leaf: number | undefined,
    before: string,
  ) {
    this.group = group
    this.partOf = partOf
    this.leaf = leaf
    this.before = before
  }

  /** Leaves are digits, hexadecimal digits and times: no delimiter is in them. */
  text(record: EventRecord): string | number | undefined {
    const part = this.partOf(record)
    if (part === undefined) return ''
    if (this.leaf === undefined || !(part instanceof Filled)) return this.group.text(part)
    return this.leaf === 0 ? part.a : this.leaf === 1 ? part.b : part.c
  }
}
