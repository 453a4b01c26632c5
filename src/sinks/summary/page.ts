// A page of text as wide as a terminal. Names are cut where they must be, numbers never.
import { printable } from '../../text/printable.ts'
import { cutTo, padded, widthOf, wrapped } from './columns.ts'

/** The terminal, or the file, that a page is printed to. */
export interface Terminal {
  /** In columns. Undefined when it is not a terminal: then nothing is cut. */
  readonly width: number | undefined
  readonly colour: boolean
}

/** A row of a table: names on the left, numbers on the right, and a text after them if there is room. */
export interface TableRow {
  readonly names: readonly string[]
  readonly numbers: readonly number[]
  readonly aside?: string | undefined
}

/** A table of names and numbers. */
export interface Table {
  /** The titles of the columns of names. */
  readonly titles: readonly string[]
  /** The titles of the columns of numbers. */
  readonly units: readonly string[]
  readonly rows: readonly TableRow[]
  /** The sum that the first number of a row is a share of; undefined for a table without percentages. */
  readonly whole: number | undefined
}

/** Names are not cut below this width: then the terminal may break the line. */
const SHORTEST_NAME = 6
/** The width of `  100.0` and a blank. */
const SHARE = 8

/** A text for a terminal, made piece by piece. */
export class Page {
  text = ''
  readonly width: number
  private readonly colour: boolean

  constructor({ width, colour }: Terminal) {
    this.width = width ?? Number.POSITIVE_INFINITY
    this.colour = colour
  }

  /** Adds a bold line after a blank one. */
  heading(text: string): void {
    if (this.text !== '') this.text += '\n'
    for (const line of wrapped(printable(text), this.width)) this.text += `${this.bold(line)}\n`
  }

  /** Adds a sentence, wrapped to the width. */
  sentence(text: string, indent = ''): void {
    for (const line of wrapped(printable(text), this.width - indent.length)) this.text += `${indent}${line}\n`
  }

  /** Adds a heading and sentences below it; nothing when there are none. */
  sentences(title: string, sentences: readonly string[]): void {
    if (sentences.length === 0) return
    this.heading(title)
    for (const sentence of sentences) this.sentence(sentence, '  ')
  }

  /** Adds a mark, a bold text beside it, and sentences below. `nameOf` cuts a name of the text to the width. */
  entry(mark: string, text: (nameOf: (name: string) => string) => string, below: readonly string[]): void {
    const indent = ' '.repeat(widthOf(mark))
    const room = Math.max(SHORTEST_NAME, this.width - indent.length)
    const [first = '', ...rest] = wrapped(
      text((name) => cutTo(printable(name), room)),
      room,
    )
    this.text += `${mark}${this.bold(first)}\n`
    for (const line of rest) this.text += `${indent}${this.bold(line)}\n`
    for (const sentence of below) this.sentence(sentence, indent)
  }

  /** Adds a table. Names are cut to fit; the share and the text aside are left out when there is no room. */
  table({ titles, units, rows: given, whole }: Table): void {
    const rows = given.map((row) => ({ ...row, names: row.names.map(printable) }))
    const digits = units.map((unit, at) =>
      Math.max(unit.length, ...rows.map(({ numbers }) => String(numbers[at]).length)),
    )
    const wanted = titles.map((title, at) =>
      Math.max(widthOf(title) - (at === 0 ? INDENT.length : 0), ...rows.map(({ names }) => widthOf(names[at] ?? ''))),
    )
    const room = digits.reduce((left, width) => left - width - 2, this.width - 2 * titles.length)
    const hasShare = whole !== undefined && room - SHARE >= SHORTEST_NAME
    const [first = 0, ...others] = fitted(wanted, room - (hasShare ? SHARE : 0))
    const line = (firstWidth: number, names: readonly string[], numbers: readonly string[], share: string): string =>
      [
        ...[firstWidth, ...others].map((width, at) => padded(cutTo(names[at] ?? '', width), width)),
        ...numbers.map((number, at) => number.padStart(digits[at] ?? 0)),
        ...(hasShare ? [share.padStart(SHARE - 2)] : []),
      ].join('  ')
    if (this.text !== '') this.text += '\n'
    this.text += `${this.bold(line(first + INDENT.length, titles, units, '%'))}\n`
    for (const { names, numbers, aside } of rows) {
      const share = ((100 * (numbers[0] ?? 0)) / (whole ?? 1)).toFixed(1)
      const text = INDENT + line(first, names, numbers.map(String), share)
      this.text += `${text}${this.aside(text, aside)}\n`
    }
  }

  /** The text aside if there is room for all of it, else nothing. */
  private aside(line: string, text: string | undefined): string {
    const room = this.width - widthOf(line) - 2
    return text === undefined || widthOf(text) > room ? '' : `  ${this.dim(text)}`
  }

  private bold(text: string): string {
    return this.colour ? `\x1b[1m${text}\x1b[22m` : text
  }

  private dim(text: string): string {
    return this.colour ? `\x1b[2m${text}\x1b[22m` : text
  }
}

const INDENT = '  '

/** The widths of columns that fit into `room`. The widest are cut, all to the same width. */
function fitted(wanted: readonly number[], room: number): readonly number[] {
  let most = Math.max(...wanted)
  const sum = (): number => wanted.reduce((all, width) => all + Math.min(width, most), 0)
  while (most > SHORTEST_NAME && sum() > room) most--
  return wanted.map((width) => Math.min(width, most))
}
