import { trimmedEnd } from '../../../src/text/blank.ts'
import { contentOf, lineAt } from '../../../src/text/lines.ts'
import { withoutCr } from '../decode/matched-text.ts'
import type { EntryValue, MapEntry } from '../decode/metric.ts'
import { framesEnd } from '../match/stack.ts'
import { type DamagedRow, type EntryFinding, type EntryHead, foundEntries, foundEntry } from './found-entries.ts'
import { areWhole, type HistogramRow, isLikeRow, readRow, shapeOf } from './histogram.ts'

const INTERVAL = /^([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?) .{53} (-|-?[0-9]{1,20})$/

/** The least and the greatest value, above and below the graph of a series. */
const NUMBERS = /^\s*-?[0-9]+(?:\s+-?[0-9]+)?\s*$/

/** The frame above and below the graph of a series: `hh:mm:ss.ms |____|`, `v____v`. */
const FRAME = /^(?:[ 0-9a-z.:]*[|v]_+[|v]\s*|<no data>)$/

/** How an interval of a series begins. */
const SERIES_ROW = /^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? [|*]/

/** A person left rows out. */
const ELISION = /^\s*(?:\.{2,}|\[\.{2,}\]|\xe2\x80\xa6)\s*$/

/**
 * What is drawn from `start` on, below the name of a map: a histogram, a series, a stack. An empty line after the
 * first two belongs to them.
 */
export function drawingAt(text: string, start: number, last: boolean, head: EntryHead): EntryFinding {
  const first = lineAt(text, start, last)
  if (first === undefined || first === 'pause') return first
  const content = contentOf(first)
  if (isLikeRow(content)) return histogramAt(text, start, last, head)
  if (isSeriesHead(content)) return seriesAt(text, start, last, head)
  if (NUMBERS.test(content)) {
    const second = lineAt(text, first.next, last)
    if (second === 'pause') return 'pause'
    if (second !== undefined && isSeriesHead(contentOf(second))) return seriesAt(text, start, last, head)
  }
  const frames = framesEnd(text, start, text.length, 1)
  if (lineAt(text, frames, last) === 'pause') return 'pause'
  if (frames === start) return undefined
  return foundEntry(head, { kind: 'text', bytes: trimmedEnd(withoutCr(text.slice(start, frames))) }, frames)
}

function isSeriesHead(line: string): boolean {
  return /\|_+\|$/.test(line) || line === '<no data>' || INTERVAL.test(line)
}

function histogramAt(text: string, start: number, last: boolean, { name, key }: EntryHead): EntryFinding {
  const rows: HistogramRow[] = []
  const damages: DamagedRow[] = []
  let isElided = false
  for (let at = start; ; ) {
    const line = lineAt(text, at, last)
    if (line === 'pause') return 'pause'
    const content = line && contentOf(line)
    if (line !== undefined && content !== undefined) {
      const isElision = rows.length > 0 && ELISION.test(content)
      const row = isElision ? undefined : readRow(content)
      if (isElision || row !== undefined || isLikeRow(content)) {
        if (isElision) isElided = true
        else if (row === undefined) damages.push({ start: at, end: line.next })
        else rows.push(row)
        at = line.next
        continue
      }
    }
    if (rows.length === 0) return undefined
    const value: EntryValue = { kind: 'buckets', buckets: rows.map(({ bucket }) => bucket) }
    return {
      entries: [{ name, key, value, shows: shapeOf(rows) }],
      end: line !== undefined && content === '' ? line.next : at,
      damages,
      // An empty line ends a histogram. Where the input ends earlier, more rows may have followed.
      isIncomplete: line === undefined || isElided || damages.length > 0 || !areWhole(rows),
      note: rows.map(({ note }) => note).find((note) => note !== undefined),
    }
  }
}

/** Only the times of a series and their values are read, not its graph. */
function seriesAt(text: string, start: number, last: boolean, { name, key }: EntryHead): EntryFinding {
  const entries: MapEntry[] = []
  const damages: DamagedRow[] = []
  for (let at = start; ; ) {
    const line = lineAt(text, at, last)
    if (line === 'pause') return 'pause'
    const content = line === undefined ? '' : contentOf(line)
    const [, time, digits] = INTERVAL.exec(content) ?? []
    const isPart = time !== undefined || FRAME.test(content) || NUMBERS.test(content)
    const isDamaged = !isPart && SERIES_ROW.test(content)
    if (line === undefined || !(isPart || isDamaged)) {
      return { ...foundEntries(entries, line !== undefined && content === '' ? line.next : at), damages }
    }
    if (isDamaged) damages.push({ start: at, end: line.next })
    if (time !== undefined) {
      const value: EntryValue = { kind: 'interval', start: time, digits: digits === '-' ? undefined : digits }
      entries.push({ name, key, value, shows: 'tseries' })
    }
    at = line.next
  }
}
