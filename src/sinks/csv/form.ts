// The lines of a table: each record is a row, by RFC 4180.
import { isPartName } from '../../event/generated/members.ts'
import { flagsJson, lineOf } from '../../event/line.ts'
import { flagsPiece, type LinePiece } from '../../event/pieces.ts'
import type { EventRecord } from '../../event/record.ts'
import { faultInLine, WRONG_LINE } from '../../event/spot-check.ts'
import type { LineForm } from '../line-sink.ts'
import type { CsvColumn } from './columns.ts'
import { type Group, PartGroup, plainGroup } from './group.ts'
import type { Quoting } from './quoting.ts'

/** The line end of RFC 4180. */
export const LINE_END = '\r\n'

/** The rows of a table with these columns. */
export function rowForm(columns: readonly CsvColumn[], delimiter: string, quoting: Quoting): LineForm {
  const groups = groupsOf(columns).map((group) => groupOf(group, delimiter, quoting))
  // Without quotes a row of one empty cell would be an empty line, which readers skip.
  const bareRow = columns.length === 1 ? '""' : ''
  return {
    lineEnd: LINE_END,
    lineOf(record) {
      let row = groups[0]?.textOf(record) ?? ''
      for (let at = 1; at < groups.length; at++) row += delimiter + (groups[at]?.textOf(record) ?? '')
      return row === '' ? bareRow : row
    },
    piecesOf(record) {
      const pieces: LinePiece[] = []
      for (const [at, group] of groups.entries()) {
        const inGroup = group.piecesOf(record)
        if (inGroup === undefined) return undefined
        if (at > 0) pieces.push({ text: delimiter })
        pieces.push(...inGroup)
      }
      return pieces.every(({ text }) => text === '') ? [{ text: bareRow }] : pieces
    },
    faultIn(row, record) {
      const cells = columns.map((column) => cellOf(record, column, quoting)).join(delimiter)
      if (row !== (cells === '' ? bareRow : cells)) return WRONG_LINE
      return faultInLine(lineOf(record), record)
    },
  }
}

/** The columns, with adjacent columns of one member together. */
function groupsOf(columns: readonly CsvColumn[]): readonly (readonly CsvColumn[])[] {
  const groups: CsvColumn[][] = []
  for (const column of columns) {
    const group = groups.at(-1)
    if (group !== undefined && group[0]?.member === column.member) group.push(column)
    else groups.push([column])
  }
  return groups
}

function groupOf(columns: readonly CsvColumn[], delimiter: string, quoting: Quoting): Group {
  const [column] = columns
  if (column !== undefined && isPartName(column.member))
    return new PartGroup(columns, column.member, delimiter, quoting)
  const textOf = (record: EventRecord): string => (column === undefined ? '' : cellOf(record, column, quoting))
  return column?.member === 'flags' ? plainGroup(textOf, flagsPiece) : plainGroup(textOf)
}

/** The cell of one column, made without the help of its group. */
function cellOf(record: EventRecord, column: CsvColumn, quoting: Quoting): string {
  const { member } = column
  if (member === 'v') return '1'
  if (member === 'kind') return record.kind
  if (isPartName(member)) {
    const part = record[member]
    return part === undefined ? '' : quoting.cell(part, column)
  }
  const flags = flagsJson(record)
  return flags === undefined ? '' : quoting.json(flags)
}
