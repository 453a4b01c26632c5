// A page of text as wide as a terminal: names are cut where they must be, numbers never.
import { printable } from '../../text/printable.ts'
import { cutTo, padded, widthOf, wrapped } from './columns.ts'

/** Where a page is printed to. */
export interface Terminal {
  /** Columns; undefined: no terminal, nothing is cut. */
  readonly width: number | undefined
  readonly colour: boolean
}

/**
 * A line of a table: its names on the left, its numbers on the right, and what may stand behind them if there is room.
 */
export interface TableRow {
  readonly names: readonly string[]
  readonly numbers: readonly number[]
  readonly aside?: string | undefined
}

export interface Table {
  /** Of the columns of names. */
  readonly titles: readonly string[]
  /** Of the columns of numbers. */
  readonly units: readonly string[]
  readonly rows: readonly TableRow[]
  /** What the first numbers are parts of; undefined: no column tells how many in a hundred. */
  readonly whole: number | undefined
}

/** A name is not cut to less: then the terminal may break the line. */
const SHORTEST_NAME = 6
/** `  100.0`, and a blank more. */
const SHARE = 8

export class Page {
  text = ''
  readonly width: number
  private readonly colour: boolean

  constructor({ width, colour }: Terminal) {
    this.width = width ?? Number.POSITIVE_INFINITY
    this.colour = colour
  }

  /** A line that stands out, and a blank one before it. */
  heading(text: string): void {
    if (this.text !== '') this.text += '\n'
    for (const line of wrapped(printable(text), this.width)) this.text += `${this.bold(line)}\n`
  }

  sentence(text: string, indent = ''): void {
    for (const line of wrapped(printable(text), this.width - indent.length)) this.text += `${indent}${line}\n`
  }

  sentences(title: string, sentences: readonly string[]): void {
    if (sentences.length === 0) return
    this.heading(title)
    for (const sentence of sentences) this.sentence(sentence, '  ')
  }

  /** A mark, a text beside it, and sentences below that one. Of `names` in the text each is cut to the width. */
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

  table({ titles, units, rows: told, whole }: Table): void {
    const rows = told.map((row) => ({ ...row, names: row.names.map(printable) }))
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
      this.text += `${text}${this.behind(text, aside)}\n`
    }
  }

  /** All of it, or nothing: half a sentence says nothing. */
  private behind(line: string, text: string | undefined): string {
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

/** Widths of columns that fit into `room`: the widest are cut, all to the same. */
function fitted(wanted: readonly number[], room: number): readonly number[] {
  let most = Math.max(...wanted)
  const sum = (): number => wanted.reduce((all, width) => all + Math.min(width, most), 0)
  while (most > SHORTEST_NAME && sum() > room) most--
  return wanted.map((width) => Math.min(width, most))
}
