import { readFileSync } from 'node:fs'
import { type Contender, compare, type Figure, medianOf, type Quantity, ratioOf } from './measure.ts'

/** The program as users run it. */
export const TRACENORM = programOf(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** How a bench is run. */
export interface Setting {
  /** Small inputs, for a loaded machine. */
  readonly isQuick: boolean
  /** Rounds that count, instead of those of the question. */
  readonly rounds: number | undefined
  /** The program of another build, measured beside this one's. */
  readonly before: string | undefined
}

/** What is wanted of a contender: a quantity by event as a part of a peer's. */
export interface Aim {
  readonly what: string
  readonly who: string
  /** Without a peer, the quantity itself is meant. */
  readonly peer?: string
  readonly by: Quantity
  /** The rate is meant, so more is better: the peer's time by our time. */
  readonly isRate?: boolean
  /** What it takes more than its peer is meant: milliseconds an event. */
  readonly isMore?: boolean
  readonly must: number
  readonly aim: number
}

/** An aim with what was measured: NaN where the contender or the peer was not there. */
export interface Verdict {
  readonly aim: Aim
  readonly measured: number
}

export interface Question {
  readonly title: string
  readonly contenders: readonly Contender[]
  /** The contender that the ratios of the table are to. */
  readonly base: string
  readonly aims?: readonly Aim[]
  /** Rounds that count; by default 5, or 3 with small inputs. */
  readonly rounds?: number
}

/** Our program on some words. */
export function ours(name: string, events: number, words: readonly string[]): Contender {
  return { name, events, command: ['node', TRACENORM, ...words, '-q'] }
}

/** What a contender is called where the program of the other build runs. */
export function nameBefore(name: string): string {
  return `${name}, before`
}

/** A pipeline of the shell. */
export function shell(name: string, events: number, pipeline: string): Contender {
  return { name, events, command: ['sh', '-c', pipeline] }
}

/** Measures all contenders, prints their table, and compares them with the aims. */
export async function ask(setting: Setting, question: Question): Promise<readonly Verdict[]> {
  const { title, base, aims = [] } = question
  const { before } = setting
  const rounds = setting.rounds ?? question.rounds ?? (setting.isQuick ? 3 : 5)
  const contenders = before === undefined ? question.contenders : withThoseOf(before, question.contenders)
  const figures = await compare(contenders, rounds)
  console.log(`${title}\n\n${table(figures, base)}\n`)
  return aims.map((aim) => ({ aim, measured: measured(aim, figures) }))
}

/** Ratios that were measured, with what is wanted; for the end of a run. */
export function scores(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ aim: { what, peer, by, isRate, isMore, must, aim }, measured }) => [
    what,
    peer ?? '',
    isRate === true
      ? `rate by ${UNITS[by].name}`
      : isMore === true
        ? `more ${UNITS[by].name}, ms`
        : `${UNITS[by].name}${peer === undefined ? UNITS[by].unit : ''}`,
    ...[measured, must, aim].map(shown),
  ])
  return tableOf(['what', 'against', 'measure', 'measured', 'must', 'aim'], rows)
}

const UNITS: Readonly<Record<Quantity, { readonly name: string; readonly unit: string }>> = {
  cpuSeconds: { name: 'CPU time', unit: ', s' },
  wallSeconds: { name: 'wall time', unit: ', s' },
  peakMiB: { name: 'peak memory', unit: ', MiB' },
}

function table(figures: readonly Figure[], base: string): string {
  const peer = figures.find(({ name }) => name === base)
  const rows = figures.map((figure) => {
    const { name, events } = figure
    const wall = medianOf(figure, 'wallSeconds')
    const to = (quantity: Quantity): string => (peer === undefined ? '' : shown(ratioOf(figure, peer, quantity)))
    return [
      name,
      String(events),
      events === 1 ? '' : `${(events / wall / 1000).toFixed(0)} k/s`,
      `${shown(wall)} s`,
      to('wallSeconds'),
      `${shown(medianOf(figure, 'cpuSeconds'))} s`,
      to('cpuSeconds'),
      `${medianOf(figure, 'peakMiB').toFixed(0)} MiB`,
    ]
  })
  return tableOf(['who', 'events', 'rate', 'wall', `to ${base}`, 'CPU', `to ${base}`, 'peak memory'], rows)
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) =>
    cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | '),
  )
  return lines.map((line) => `| ${line} |`).join('\n')
}

function measured({ who, peer, by, isRate, isMore }: Aim, figures: readonly Figure[]): number {
  const figure = figures.find(({ name }) => name === who)
  const other = figures.find(({ name }) => name === peer)
  if (figure === undefined) return Number.NaN
  if (peer === undefined) return medianOf(figure, by)
  if (other === undefined) return Number.NaN
  if (isMore === true) return 1000 * (medianOf(figure, by) / figure.events - medianOf(other, by) / other.events)
  return isRate === true ? 1 / ratioOf(figure, other, by) : ratioOf(figure, other, by)
}

/** Without a peer's time, or where that is too short for the clock, there is no ratio. */
function shown(value: number): string {
  if (!Number.isFinite(value)) return 'not measured'
  if (value >= 10) return value.toFixed(0)
  return value >= 0.1 || value === 0 ? value.toFixed(2) : value.toPrecision(2)
}

/** Each contender that runs our program, followed by the same with the other build's. */
function withThoseOf(before: string, contenders: readonly Contender[]): readonly Contender[] {
  return contenders.flatMap((one) => {
    const [program, ...words] = one.command
    const other = words.map((word) => word.replaceAll(TRACENORM, before))
    const isOurs = other.some((word, index) => word !== words[index])
    return isOurs ? [one, { ...one, name: nameBefore(one.name), command: [program, ...other] as const }] : [one]
  })
}

function programOf(manifest: string): string {
  const { bin } = JSON.parse(manifest)
  return String(bin.tracenorm)
}
