import { inputName } from '../text/printable.ts'
import type { BatchTally, WorstCapture } from './tally.ts'

/** What a batch came to, as a table for people. */
export function tableOf(tally: BatchTally, kept: number): string {
  const rows: readonly (readonly [name: string, count: number, more: string])[] = [
    ['captures', tally.captures, kept > 0 ? `${grouped(kept)} files were converted before` : ''],
    ['events', tally.records, ''],
    ['packets dropped', tally.packetsDropped, ''],
    ['losses', tally.losses, ''],
    ['rejected', tally.rejected, ''],
    ['not recognised', tally.notRecognised, ''],
    ['skipped', tally.skipped, tally.skipped > 0 ? 'links, devices, names that lead elsewhere' : ''],
    ['failed', tally.failed, ''],
  ]
  const width = Math.max(...rows.map(([, count]) => grouped(count).length))
  const lines = rows.map(([name, count, more]) =>
    `${name.padEnd(16)}${grouped(count).padStart(width)}  ${more}`.trimEnd(),
  )
  return `${[...lines, ...worstLines(tally.worst)].join('\n')}\n`
}

function worstLines(worst: readonly WorstCapture[]): readonly string[] {
  if (worst.length === 0) return []
  return ['', 'The worst:', ...worst.map(worstLine)]
}

function worstLine({ path, status, rejected, why }: WorstCapture): string {
  const words = status === 'rejected' && rejected > 0 ? `${grouped(rejected)} rejected` : WORDS[status]
  // A failure begins with the name of its input.
  const name = inputName(path)
  const reason =
    why === undefined ? '' : `: ${firstLine(why.startsWith(`${name}: `) ? why.slice(name.length + 2) : why)}`
  return `  ${words.padEnd(16)} ${name}${reason}`
}

const WORDS: Readonly<Record<WorstCapture['status'], string>> = {
  bug: 'a bug of ours',
  failed: 'failed',
  stopped: 'stopped',
  rejected: 'not understood',
  done: 'done',
  archive: 'archive',
  'not-recognised': 'not recognised',
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1)
  return line
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 1234567 → 1,234,567 */
export function grouped(count: number): string {
  return GROUPED.format(count)
}
