import type { Json, Part } from '../../event/part.ts'
import { latin1 } from '../../text/utf8.ts'
import type { CsvColumn } from './columns.ts'

/** What a spreadsheet may take for the begin of a formula. */
const FORMULA = '=+-@\t\r'

/** Writes single cells: UTF-8 bytes, one char a byte. */
export class Quoting {
  private readonly delimiter: number
  private readonly safe: boolean

  constructor(delimiter: string, safe: boolean) {
    this.delimiter = delimiter.charCodeAt(0)
    this.safe = safe
  }

  /** The cell of a column of the part's. */
  cell(part: Part, { key, member, type }: CsvColumn): string {
    // Its JSON is at hand.
    if (key === undefined && type === 'json') return this.json(part.text.slice(member.length + 4))
    return this.value(key === undefined ? part.value() : part.get(key))
  }

  value(value: Json | undefined): string {
    if (typeof value === 'string') return this.text(value)
    if (value === undefined || value === null) return ''
    return typeof value === 'object' ? this.json(latin1(JSON.stringify(value))) : String(value)
  }

  /** Quoted where it must be; an empty text is, as an empty cell is no text. */
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

  /** JSON, or any bytes that need quotes. */
  json(bytes: string): string {
    return `"${bytes.replaceAll('"', '""')}"`
  }
}
