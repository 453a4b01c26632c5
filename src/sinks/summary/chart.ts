import { type Timeline, WIDTHS_MS } from './timeline.ts'
import type { Count } from './value-counts.ts'

/** A row of a chart over time: the count of one span. */
export interface ChartRow extends Count {
  readonly label: string
}

/** A chart over time, one row for each span. */
export interface Chart {
  /** The length of a span for people: `10 s`. */
  readonly width: string
  /** The same in seconds. */
  readonly seconds: number
  readonly rows: readonly ChartRow[]
}

const MOST_ROWS = 16

/** The chart of a timeline: as many rows as fit, including those of empty spans. */
export function chartOf({ clock, widthMs: narrow, buckets }: Timeline): Chart {
  const first = buckets[0]?.startMs ?? 0
  const last = buckets.at(-1)?.startMs ?? 0
  const rowsAt = (width: number): number => Math.floor(last / width) - Math.floor(first / width) + 1
  const widthMs = WIDTHS_MS.find((width) => width >= narrow && rowsAt(width) <= MOST_ROWS) ?? WIDTHS_MS.at(-1) ?? narrow
  const start = Math.floor(first / widthMs)
  const rows = Array.from({ length: rowsAt(widthMs) }, (_, at) => ({
    label: labelOf(clock, (start + at) * widthMs, widthMs),
    packets: 0,
    records: 0,
  }))
  for (const { startMs, packets, records } of buckets) {
    const row = rows[Math.floor(startMs / widthMs) - start]
    if (row === undefined) continue
    row.packets += packets
    row.records += records
  }
  return { width: spanOf(widthMs), seconds: widthMs / 1000, rows }
}

/** The date where it is known, else the seconds of the clock. */
function labelOf(clock: string, ms: number, widthMs: number): string {
  if (clock !== 'ts' && clock !== 'local' && clock !== 'realtime')
    return `${(ms / 1000).toFixed(widthMs < 1000 ? 3 : 0)} s`
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return `${(ms / 1000).toFixed(0)} s`
  const text = date
    .toISOString()
    .replace('T', ' ')
    .slice(0, widthMs < 1000 ? 23 : widthMs < 60_000 ? 19 : 16)
  return clock === 'ts' || clock === 'realtime' ? `${text}Z` : text
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

function spanOf(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? ['ms', 1]
  return `${ms / size} ${unit}`
}
