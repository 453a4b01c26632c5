import type { Json, Part } from '../../event/part.ts'
import { latin1 } from '../../text/utf8.ts'
import type { CsvColumn } from './columns.ts'

/** Characters that a spreadsheet may read as the beginning of a formula. */
const FORMULA = '=+-@\t\r'

/** Makes single cells: UTF-8 bytes, one char a byte. */
export class Quoting {
  private readonly delimiter: number
  private readonly safe: boolean

  constructor(delimiter: string, safe: boolean) {
    this.delimiter = delimiter.charCodeAt(0)
    this.safe = safe
  }

  /** The cell of a column, from the part of the column's member. */
  cell(part: Part, { key, member, type }: CsvColumn): string {
    // The part's text has its JSON after `,"member":`.
    if (key === undefined && type === 'json') return this.json(part.text.slice(member.length + 4))
    return this.value(key === undefined ? part.value() : part.get(key))
  }

  /** The cell of a value; an empty cell when there is no value. */
  value(value: Json | undefined): string {
    if (typeof value === 'string') return this.text(value)
    if (value === undefined || value === null) return ''
    return typeof value === 'object' ? this.json(latin1(JSON.stringify(value))) : String(value)
  }

  /**
   * The cell of a text, in quotes where it needs them. An empty text has quotes, because an empty cell means no text.
   */
  text(text: string): string {
    if (text === '') return '""'
    let isAscii = true
    let isBare = true
    for (let at = 0; at < text.length; at++) {
      const c = text.charCodeAt(at)
      if (c === 34 || c === this.delimiter || c === 10 || c === 13) isBare = false
      else if (c > 127) isAscii = false
    }
    const guarded = this.safe && FORMULA.includes(text.charAt(0)) ? `'${text}` : text
    const bytes = isAscii ? guarded : latin1(guarded)
    return isBare ? bytes : this.json(bytes)
  }

  /** The cell of JSON, or of any bytes, in quotes. */
  json(bytes: string): string {
    return `"${bytes.replaceAll('"', '""')}"`
  }
}
