import { type ChartRow, chartOf } from './chart.ts'
import type { List, Summary } from './collect.ts'
import type { LossCount } from './losses.ts'
import { cutTo, printable, widthOf } from './printable.ts'
import type { Counted, Ranking } from './tally.ts'
import type { Timeline } from './timeline.ts'

/** Where a summary is printed to. */
export interface Terminal {
  /** Columns; undefined: no terminal, nothing is cut. */
  readonly width: number | undefined
  readonly colour: boolean
}

/** What the records do not tell: a sentence each. */
export interface Surroundings {
  /** What a drop reason, as the list has it, means. */
  readonly explain: (reason: string) => string | undefined
  /** `--by`, as typed. */
  readonly by: readonly string[]
  /** What could not be read. */
  readonly unread: readonly string[]
}

/** The summary for people. */
export function renderSummary(summary: Summary, around: Surroundings, terminal: Terminal): string {
  const page = new Page(terminal)
  page.heading(`${counted(summary.packets, 'packet')} dropped`)
  page.line(recordsLine(summary))
  const { reasons, locations, processes, devices, protocols } = summary.drops
  const total = summary.packets
  page.list('reasons', reasons, total, around.explain)
  page.list('locations', locations, total)
  page.list('processes', processes, total)
  page.list('devices', devices, total)
  page.list('protocols', protocols, total)
  page.list('events', summary.events, 0)
  if (summary.by !== undefined) page.groups(around.by, summary.by, total)
  for (const timeline of summary.timelines) page.chart(timeline, total > 0 ? 'packets' : 'records')
  if (summary.timelines.length > 0 && summary.untimed.records > 0)
    page.line(`${counted(summary.untimed.records, 'record')} without a time`)
  page.sentences('lost, as the tools tell it', lossSentences(summary))
  page.sentences('not read', around.unread)
  return page.text
}

function recordsLine({ records }: Summary): string {
  const kinds = Object.entries(records).filter(([, count]) => count > 0)
  const all = kinds.reduce((sum, [, count]) => sum + count, 0)
  const list = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')
  return list === '' ? 'no records' : `${counted(all, 'record')}: ${list}`
}

const MOST_BAR = 40
const LONGEST_NAME = 40

class Page {
  text = ''
  private readonly width: number
  private readonly colour: boolean

  constructor({ width, colour }: Terminal) {
    this.width = width ?? Number.POSITIVE_INFINITY
    this.colour = colour
  }

  /** A line that stands out, and a blank one before it. */
  heading(text: string): void {
    if (this.text !== '') this.text += '\n'
    this.text += `${this.bold(cutTo(text, this.width))}\n`
  }

  line(text: string): void {
    this.text += `${cutTo(text, this.width)}\n`
  }

  /** Values with their packets, or where there are none their records. */
  list(title: string, list: Ranking | List, total: number, explain?: (value: string) => string | undefined): void {
    if (list.top.length === 0) return
    const unit = total > 0 ? 'packets' : 'records'
    const rows = list.top.map((row) => ({ ...row, name: cutTo(printable(row.value), LONGEST_NAME) }))
    const rest = restOf(list, unit)
    const names = Math.max(
      widthOf(title),
      ...rows.map(({ name }) => widthOf(name) + 2),
      ...rest.map(([name]) => widthOf(name) + 2),
    )
    const counts = Math.max(
      unit.length,
      ...[...rows, ...rest.map(([, count]) => count)].map((count) => String(count[unit]).length),
    )
    this.heading(`${title.padEnd(names)}  ${unit.padStart(counts)}${total > 0 ? '       %' : ''}`)
    const cells = (name: string, count: number): string => {
      const share = total > 0 ? `  ${((100 * count) / total).toFixed(1).padStart(6)}` : ''
      return `  ${name}${' '.repeat(names - 2 - widthOf(name))}  ${String(count).padStart(counts)}${share}`
    }
    for (const row of rows) {
      const line = cells(row.name, row[unit])
      const why = explain?.(row.value)
      this.text += `${cutTo(line, this.width)}${this.aside(line, why)}\n`
    }
    for (const [name, count] of rest) this.line(cells(name, count[unit]))
    this.cutNote(list, unit)
  }

  /** What `--by` asks for: a column a field. */
  groups(by: readonly string[], ranking: Ranking, total: number): void {
    const rows = ranking.top.map(({ value }) => fieldsOf(value))
    const rest = restOf(ranking, 'packets')
    const widths = by.map((name, at) => Math.max(widthOf(name), ...rows.map((row) => widthOf(row[at] ?? ''))))
    const line = (cells: readonly string[], packets: string, records: string): string =>
      `  ${cells.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))).join('  ')}  ${packets.padStart(14)}  ${records.padStart(14)}`
    this.heading(`${line(by, 'packets', 'records').slice(2)}  `.trimEnd())
    for (const [at, row] of rows.entries()) {
      const { packets = 0, records = 0 } = ranking.top[at] ?? {}
      this.line(line(row, total > 0 ? String(packets) : '', String(records)))
    }
    for (const [name, { packets, records }] of rest)
      this.line(`  ${name}: ${counted(packets, 'packet')}, ${counted(records, 'record')}`)
    this.cutNote(ranking, 'records')
  }

  chart(timeline: Timeline, unit: 'packets' | 'records'): void {
    const { width, seconds, rows } = chartOf(timeline)
    this.heading(`${unit} over time, ${width} a line (${clockNote(timeline)})`)
    const labels = Math.max(...rows.map(({ label }) => label.length))
    const counts = Math.max(...rows.map((row) => String(row[unit]).length))
    const rates = Math.max(...rows.map((row) => rateOf(row, unit, seconds).length))
    const most = Math.max(1, ...rows.map((row) => row[unit]))
    const room = Math.max(0, Math.min(MOST_BAR, this.width - labels - counts - rates - 8))
    for (const row of rows) {
      const bar = '█'.repeat(Math.ceil((room * row[unit]) / most))
      const rate = rateOf(row, unit, seconds).padStart(rates)
      this.line(`  ${row.label.padStart(labels)}  ${String(row[unit]).padStart(counts)}  ${rate}  ${bar}`.trimEnd())
    }
  }

  sentences(title: string, sentences: readonly string[]): void {
    if (sentences.length === 0) return
    this.heading(`${title}`)
    for (const sentence of sentences) this.text += `  ${sentence}\n`
  }

  /** Behind a line, as far as there is room for a word or two. */
  private aside(line: string, text: string | undefined): string {
    const room = this.width - widthOf(line) - 2
    return text === undefined || room < 12 ? '' : `  ${this.dim(cutTo(text, room))}`
  }

  private cutNote({ uncounted }: Ranking, unit: 'packets' | 'records'): void {
    if (uncounted.records === 0) return
    this.text += `  this list was cut: ${uncounted[unit]} ${unit} are of values that no room was left for; the counts above are exact\n`
  }

  private bold(text: string): string {
    return this.colour ? `\x1b[1m${text}\x1b[22m` : text
  }

  private dim(text: string): string {
    return this.colour ? `\x1b[2m${text}\x1b[22m` : text
  }
}

/** Lines for what is not in the list. */
function restOf(
  list: Ranking | List,
  unit: 'packets' | 'records',
): readonly (readonly [string, Omit<Counted, 'value'>])[] {
  const { others } = list
  const untold = 'untold' in list ? list.untold : undefined
  return [
    ...(others.values > 0 ? [[`${others.values} more`, others] as const] : []),
    ...(untold !== undefined && untold[unit] > 0 ? [['(not told)', untold] as const] : []),
  ]
}

/** A list of values, as `--by` counts them. */
function fieldsOf(value: string): readonly string[] {
  const values: readonly unknown[] = JSON.parse(value)
  return values.map((one) => {
    if (one === null) return '-'
    return cutTo(printable(typeof one === 'string' ? one : JSON.stringify(one)), LONGEST_NAME)
  })
}

function rateOf(row: ChartRow, unit: 'packets' | 'records', seconds: number): string {
  const rate = row[unit] / seconds
  return `${rate === 0 || rate >= 100 ? Math.round(rate) : rate.toFixed(1)}/s`
}

function clockNote({ clock, inputs }: Timeline): string {
  if (clock === 'ts' || clock === 'realtime') return 'UTC'
  const of = inputs > 1 ? `, of ${inputs} inputs that may have nothing to do with one another` : ''
  return clock === 'local' ? `local times of no known zone${of}` : `clock: ${clock}${of}`
}

function lossSentences({ losses, lossesLeft }: Summary): readonly string[] {
  const more = lossesLeft > 0 ? [`${counted(lossesLeft, 'more record')} of losses, of other inputs`] : []
  return [...losses.map(lossSentence), ...more]
}

/** `472 records (ring_full), told in 3 records`. */
function lossSentence({ unit, cause, mode, origin, path, count, records, uncounted }: LossCount): string {
  const what = unit.replaceAll('_', ' ')
  const number = count === undefined ? `an unknown number of ${what}` : `${count} ${what}`
  const where = origin === undefined ? cause : `${origin}, ${cause}`
  const told =
    mode === 'total'
      ? `a running total, at the end of ${printable(path ?? 'the input')}`
      : `told in ${counted(records, 'record')}`
  const gaps = count !== undefined && uncounted > 0 ? `, ${uncounted} of them without a number` : ''
  return `${number} (${where}), ${told}${gaps}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
