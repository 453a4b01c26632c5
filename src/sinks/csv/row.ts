// A row of cells. From record to record mostly the leaves of a few parts change: all else is one text as long as the same parts come again, and a
// part from a mould is the text of the mould with its leaf in it. Cell by cell a row took three times as long.
import { flagsJson } from '../../event/line.ts'
import type { Part } from '../../event/part.ts'
import { partNamed } from '../../event/part-of.ts'
import type { EventRecord } from '../../event/record.ts'
import { flat } from '../../text/flat.ts'
import type { CsvColumn } from './columns.ts'
import { Group } from './group.ts'
import { Quoting } from './quoting.ts'

/** Members that differ from record to record. */
const VARIED: readonly string[] = ['ts', 'clock', 'skb', 'capture', 'id']

/** Writes the rows of a table: UTF-8 bytes, one char a byte. */
export class Rows {
  readonly header: string
  private readonly pieces: readonly (Varied | Stretch)[]
  private latest: EventRecord | undefined

  constructor(columns: readonly CsvColumn[], delimiter: string, safe: boolean) {
    const quoting = new Quoting(delimiter, safe)
    this.header = columns.map(({ name }) => quoting.text(name)).join(delimiter)
    this.pieces = piecesOf(groupsOf(columns, delimiter, quoting), delimiter, quoting)
  }

  of(record: EventRecord): string {
    const { latest, pieces } = this
    const isSame = latest !== undefined && isLike(record, latest)
    this.latest = record
    let row = ''
    for (let at = 0; at < pieces.length; at++) row += pieces[at]?.text(record, isSame) ?? ''
    return row
  }
}

/** Are all members the same, but for the varied ones? */
function isLike(a: EventRecord, b: EventRecord): boolean {
  return (
    a.process === b.process &&
    a.location === b.location &&
    a.drop === b.drop &&
    a.cpu === b.cpu &&
    a.event_name === b.event_name &&
    a.kind === b.kind &&
    a.device === b.device &&
    a.host === b.host &&
    a.labels === b.labels &&
    a.stack === b.stack &&
    a.sample === b.sample &&
    a.metric === b.metric &&
    a.loss === b.loss &&
    a.message === b.message &&
    a.level === b.level &&
    a.stream === b.stream &&
    a.args === b.args &&
    a.payload === b.payload &&
    flagsJson(a) === undefined &&
    flagsJson(b) === undefined
  )
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

/** Stretches of groups that come again, and varied groups between them; delimiters go with the stretches. */
function piecesOf(groups: readonly Group[], delimiter: string, quoting: Quoting): readonly (Varied | Stretch)[] {
  const pieces: (Varied | Stretch)[] = []
  let cells: Cells[] = []
  for (const [at, group] of groups.entries()) {
    if (at > 0) cells.push({ key: () => undefined, text: () => delimiter })
    if (!VARIED.includes(group.member)) {
      cells.push(cellsOf(group, quoting))
      continue
    }
    if (cells.length > 0) pieces.push(new Stretch(cells))
    pieces.push(new Varied(group))
    cells = []
  }
  if (cells.length > 0) pieces.push(new Stretch(cells))
  return pieces
}

/** Some cells, and what they hang on. */
interface Cells {
  readonly key: (record: EventRecord) => Part | string | undefined
  readonly text: (key: Part | string | undefined) => string
}

function cellsOf(group: Group, quoting: Quoting): Cells {
  const word = (key: Part | string | undefined): string => (typeof key === 'string' ? key : '')
  switch (group.member) {
    case 'v':
      return { key: () => '1', text: word }
    case 'kind':
      return { key: (record) => record.kind, text: word }
    case 'flags':
      return { key: flagsJson, text: (key) => (typeof key === 'string' ? quoting.json(key) : '') }
  }
  const partOf = partNamed(group.member) ?? (() => undefined)
  return { key: partOf, text: (key) => group.text(typeof key === 'object' ? key : undefined) }
}

/** Cells side by side that come again with the same parts. */
class Stretch {
  private readonly cells: readonly Cells[]
  private readonly keys: (Part | string | undefined)[]
  private joined: string | undefined
  private isFlat = false

  constructor(cells: readonly Cells[]) {
    this.cells = cells
    this.keys = cells.map(() => undefined)
  }

  text(record: EventRecord, isSame: boolean): string {
    // First, so that the keys are those of this record.
    const isChanged = !isSame && this.changes(record)
    if (this.joined === undefined || isChanged) {
      this.isFlat = false
      let joined = ''
      for (let at = 0; at < this.cells.length; at++) joined += this.cells[at]?.text(this.keys[at]) ?? ''
      this.joined = joined
    } else if (!this.isFlat) {
      this.joined = flat(this.joined)
      this.isFlat = true
    }
    return this.joined
  }

  private changes(record: EventRecord): boolean {
    const { cells, keys } = this
    let isChanged = false
    for (let at = 0; at < cells.length; at++) {
      const key = cells[at]?.key(record)
      if (key === keys[at]) continue
      keys[at] = key
      isChanged = true
    }
    return isChanged
  }
}

class Varied {
  private readonly group: Group
  private readonly partOf: (record: EventRecord) => Part | undefined

  constructor(group: Group) {
    this.group = group
    this.partOf = partNamed(group.member) ?? (() => undefined)
  }

  text(record: EventRecord): string {
    return this.group.text(this.partOf(record))
  }
}
