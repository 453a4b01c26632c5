import { shellWord } from '../../text/printable.ts'
import { type ChartRow, chartOf } from './chart.ts'
import type { List, Summary } from './collect.ts'
import type { LossCount } from './losses.ts'
import { Page, type Row, type Terminal } from './page.ts'
import type { Count, Ranking } from './tally.ts'
import type { Timeline } from './timeline.ts'

type Unit = 'packets' | 'records'

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
  page.sentence(recordsLine(summary))
  const { reasons, locations, processes, devices, protocols } = summary.drops
  const total = summary.packets
  putList(page, 'reasons', reasons, total, around.explain)
  putList(page, 'locations', locations, total)
  putList(page, 'processes', processes, total)
  putList(page, 'devices', devices, total)
  putList(page, 'protocols', protocols, total)
  putList(page, 'events', summary.events, 0)
  if (summary.by !== undefined) putGroups(page, around.by, summary.by, total)
  for (const timeline of summary.timelines) putChart(page, timeline, total > 0 ? 'packets' : 'records')
  if (summary.timelines.length > 0 && summary.untimed.records > 0)
    page.sentence(`${counted(summary.untimed.records, 'record')} without a time`)
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

/** Values with their packets, or where there are none their records. */
function putList(
  page: Page,
  title: string,
  ranking: Ranking | List,
  total: number,
  explain: (value: string) => string | undefined = () => undefined,
): void {
  if (ranking.top.length === 0) return
  const unit = total > 0 ? 'packets' : 'records'
  const rows = ranking.top.map((row) => ({
    names: [row.value],
    numbers: [row[unit]],
    aside: explain(row.value),
  }))
  const rest = restOf(ranking, [unit])
  page.table({ titles: [title], units: [unit], rows: [...rows, ...rest], whole: total > 0 ? total : undefined })
  cutNote(page, ranking, unit)
}

/** What `--by` asks for: a column a field. */
function putGroups(page: Page, by: readonly string[], ranking: Ranking, total: number): void {
  const units: readonly Unit[] = total > 0 ? ['packets', 'records'] : ['records']
  const rows = ranking.top.map((row) => ({ names: fieldsOf(row.value), numbers: units.map((unit) => row[unit]) }))
  page.table({ titles: by, units, rows: [...rows, ...restOf(ranking, units)], whole: undefined })
  cutNote(page, ranking, 'records')
}

const MOST_BAR = 40

function putChart(page: Page, timeline: Timeline, unit: Unit): void {
  const { width, seconds, rows } = chartOf(timeline)
  page.heading(`${unit} over time, ${width} a line (${clockNote(timeline)})`)
  const labels = Math.max(...rows.map(({ label }) => label.length))
  const counts = Math.max(...rows.map((row) => String(row[unit]).length))
  const rates = Math.max(...rows.map((row) => rateOf(row, unit, seconds).length))
  const most = Math.max(1, ...rows.map((row) => row[unit]))
  const room = Math.max(0, Math.min(MOST_BAR, page.width - labels - counts - rates - 8))
  for (const row of rows) {
    const bar = '█'.repeat(Math.ceil((room * row[unit]) / most))
    const rate = rateOf(row, unit, seconds).padStart(rates)
    page.text += `  ${row.label.padStart(labels)}  ${String(row[unit]).padStart(counts)}  ${rate}  ${bar}`.trimEnd()
    page.text += '\n'
  }
}

function cutNote(page: Page, { uncounted }: Ranking, unit: Unit): void {
  if (uncounted.records === 0) return
  page.sentence(
    `this list was cut: there was no room for the values of ${counted(uncounted[unit], unit.slice(0, -1))}; the counts above are exact`,
    '  ',
  )
}

/** Lines for what is not in the list. */
function restOf(ranking: Ranking | List, units: readonly Unit[]): readonly Row[] {
  const { others } = ranking
  const numbersOf = (count: Count): readonly number[] => units.map((unit) => count[unit])
  const untold = 'untold' in ranking ? numbersOf(ranking.untold) : []
  return [
    ...(others.values > 0 ? [{ names: [`${others.values} more`], numbers: numbersOf(others) }] : []),
    ...(untold.some((number) => number > 0) ? [{ names: ['(not told)'], numbers: untold }] : []),
  ]
}

/** A list of values, as `--by` counts them. */
function fieldsOf(value: string): readonly string[] {
  const values: readonly unknown[] = JSON.parse(value)
  return values.map((one) => {
    if (one === null) return '-'
    return typeof one === 'string' ? one : JSON.stringify(one)
  })
}

function rateOf(row: ChartRow, unit: Unit, seconds: number): string {
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
  const number = count === undefined ? `an unknown number of ${what}` : counted(count, what.replace(/s$/, ''))
  const where = origin === undefined ? cause : `${origin}, ${cause}`
  const told =
    mode === 'total'
      ? `a running total, at the end of ${path === undefined ? 'the input' : shellWord(path)}`
      : `told in ${counted(records, 'record')}`
  const gaps = count !== undefined && uncounted > 0 ? `, ${uncounted} of them without a number` : ''
  return `${number} (${where}), ${told}${gaps}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
