import { inputName } from '../../text/printable.ts'
import { type ChartRow, chartOf } from './chart.ts'
import type { Summary } from './collect.ts'
import type { FacetList } from './facet.ts'
import type { LossCount } from './losses.ts'
import { Page, type TableRow, type Terminal } from './page.ts'
import type { Timeline } from './timeline.ts'
import type { Count, Ranking } from './value-counts.ts'

type CountKey = keyof Count

/** The explanation of a drop reason. */
export interface Explained {
  readonly meaning: string
  /** What to check first. */
  readonly check?: string
}

/** What a summary for people needs beyond the records. */
export interface SummaryContext {
  /** Explains a drop reason as the list has it. */
  readonly explain: (reason: string) => Explained | undefined
  /** `--by`, as typed. */
  readonly by: readonly string[]
  /** What could not be read, in sentences. */
  readonly unread: readonly string[]
}

/** The summary as a page for people. */
export function renderSummary(summary: Summary, around: SummaryContext, terminal: Terminal): string {
  const page = new Page(terminal)
  page.heading(`${counted(summary.packets, 'packet')} dropped`)
  page.sentence(recordsLine(summary))
  page.sentences('not read', around.unread)
  putTriples(page, summary, around)
  putMaps(page, summary)
  const { reasons, locations, processes, devices, protocols } = summary.drops
  const total = summary.packets
  putList(page, 'reasons', reasons, total, (reason) => around.explain(reason)?.meaning)
  putList(page, 'locations', locations, total)
  putList(page, 'processes', processes, total)
  putList(page, 'devices', devices, total)
  putList(page, 'protocols', protocols, total)
  putList(page, 'events', summary.events, 0)
  if (summary.by !== undefined) putGroups(page, around.by, summary.by, total)
  for (const timeline of summary.timelines) putChart(page, timeline, total > 0 ? 'packets' : 'records')
  if (summary.timelines.length > 0 && summary.untimed.records > 0)
    page.sentence(`${counted(summary.untimed.records, 'record')} without a time`)
  page.sentences('lost, as the tools report it', lossSentences(summary))
  return page.text
}

/** With their explanations, more would not fit on a screen. */
const MOST_TRIPLES = 3
const MOST_MAPS = 5

/** What was dropped most, and what to do about it. */
function putTriples(page: Page, { triples, packets }: Summary, { explain }: SummaryContext): void {
  const shown = triples.top.slice(0, MOST_TRIPLES).filter((triple) => triple.packets > 0)
  if (shown.length === 0) return
  page.heading('dropped most: reason, place, thread')
  const explained = new Set<string>()
  for (const { reason, location, process, packets: count } of shown) {
    const known = reason === undefined || explained.has(reason) ? undefined : explain(reason)
    if (reason !== undefined) explained.add(reason)
    const below =
      known === undefined ? [] : [known.meaning, ...(known.check === undefined ? [] : [`check first: ${known.check}`])]
    const text = (nameOf: (name: string) => string): string =>
      [
        reason === undefined ? 'unknown reason' : nameOf(reason),
        ...(location === undefined ? [] : [`at ${nameOf(location)}`]),
        ...(process === undefined ? [] : [`while ${nameOf(process)} ran`]),
      ].join(' ')
    page.entry(shareOf(count, packets), (nameOf) => `${text(nameOf)}: ${counted(count, 'packet')}`, below)
  }
  const rest = packets - shown.reduce((sum, triple) => sum + triple.packets, 0)
  if (rest > 0) page.entry(shareOf(rest, packets), () => `all others: ${counted(rest, 'packet')}`, [])
}

/** A share as a mark of an entry: `   75.0%  `. */
function shareOf(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1).padStart(7)}%  `
}

function putMaps(page: Page, { maps, mapsLeft }: Summary): void {
  if (maps.length === 0) return
  const isOne = new Set(maps.map(({ path }) => path)).size === 1
  const rows = maps.slice(0, MOST_MAPS).map(({ name, keys, value, path }) => ({
    names: [keys.length === 0 ? name : `${name}[${keys.join(', ')}]`, ...(isOne ? [] : [path ?? ''])],
    numbers: [value],
  }))
  page.table({
    titles: ['counted in bpftrace maps', ...(isOne ? [] : ['input'])],
    units: ['as printed last'],
    rows,
    whole: undefined,
  })
  const more = maps.length - rows.length
  if (more > 0) page.sentence(`${more} more; --json has all`, '  ')
  if (mapsLeft > 0) page.sentence(`${counted(mapsLeft, 'record')} of further entries are not counted`, '  ')
}

function recordsLine({ records }: Summary): string {
  const kinds = Object.entries(records).filter(([, count]) => count > 0)
  const all = kinds.reduce((sum, [, count]) => sum + count, 0)
  const list = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')
  return list === '' ? 'no records' : `${counted(all, 'record')}: ${list}`
}

/** A table of values with their packets, or with their records when no packets were dropped. */
function putList(
  page: Page,
  title: string,
  ranking: Ranking | FacetList,
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

/** The table of `--by`, with a column for each field. */
function putGroups(page: Page, by: readonly string[], ranking: Ranking, total: number): void {
  const units: readonly CountKey[] = total > 0 ? ['packets', 'records'] : ['records']
  const rows = ranking.top.map((row) => ({ names: fieldsOf(row.value), numbers: units.map((unit) => row[unit]) }))
  page.table({ titles: by, units, rows: [...rows, ...restOf(ranking, units)], whole: undefined })
  cutNote(page, ranking, 'records')
}

const MOST_BAR = 40

function putChart(page: Page, timeline: Timeline, unit: CountKey): void {
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

function cutNote(page: Page, { uncounted }: Ranking, unit: CountKey): void {
  if (uncounted.records === 0) return
  page.sentence(
    `the list was full: the values of ${counted(uncounted[unit], unit.slice(0, -1))} are not in it; its counts are exact`,
    '  ',
  )
}

/** Rows for what is not in the list. */
function restOf(ranking: Ranking | FacetList, units: readonly CountKey[]): readonly TableRow[] {
  const { others } = ranking
  const numbersOf = (count: Count): readonly number[] => units.map((unit) => count[unit])
  const untold = 'untold' in ranking ? numbersOf(ranking.untold) : []
  return [
    ...(others.values > 0 ? [{ names: [`${others.values} more`], numbers: numbersOf(others) }] : []),
    ...(untold.some((number) => number > 0) ? [{ names: ['(unknown)'], numbers: untold }] : []),
  ]
}

/** The names in a row of `--by`, from the JSON list that was counted. */
function fieldsOf(value: string): readonly string[] {
  const values: readonly unknown[] = JSON.parse(value)
  return values.map((one) => {
    if (one === null) return '-'
    return typeof one === 'string' ? one : JSON.stringify(one)
  })
}

function rateOf(row: ChartRow, unit: CountKey, seconds: number): string {
  const rate = row[unit] / seconds
  return `${rate === 0 || rate >= 100 ? Math.round(rate) : rate.toFixed(1)}/s`
}

function clockNote({ clock, inputs }: Timeline): string {
  if (clock === 'ts' || clock === 'realtime') return 'UTC'
  const of = inputs > 1 ? `, of ${inputs} inputs whose clocks may differ` : ''
  return clock === 'local' ? `local times of an unknown zone${of}` : `clock: ${clock}${of}`
}

function lossSentences({ losses, lossesLeft }: Summary): readonly string[] {
  const more = lossesLeft > 0 ? [`${counted(lossesLeft, 'more record')} of losses, of other inputs`] : []
  return [...losses.map(lossSentence), ...more]
}

/** `472 records (ring_full), reported in 3 records`. */
function lossSentence({ unit, cause, mode, origin, path, count, records, uncounted }: LossCount): string {
  const what = unit.replaceAll('_', ' ')
  const number = count === undefined ? `an unknown number of ${what}` : counted(count, what.replace(/s$/, ''))
  const where = origin === undefined ? cause : `${origin}, ${cause}`
  const report =
    mode === 'total'
      ? `a running total, at the end of ${path === undefined ? 'the input' : inputName(path)}`
      : `reported in ${counted(records, 'record')}`
  const gaps = count !== undefined && uncounted > 0 ? `, ${uncounted} of them without a number` : ''
  return `${number} (${where}), ${report}${gaps}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
