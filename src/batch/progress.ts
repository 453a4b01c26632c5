import { inputName, printable } from '../text/printable.ts'
import { grouped } from './table.ts'
import { addFile, emptyTally } from './tally.ts'
import type { FileTask, TaskOutcome } from './task.ts'

/** How often a terminal gets its line anew, and how often anything else gets another line. */
const TERMINAL_MS = 200
const ELSEWHERE_MS = 30_000

/** Where the progress of a batch is shown. */
export interface ProgressPlace {
  write(text: string): void
  /** Undefined: it is no terminal. */
  readonly columns: number | undefined
  /** Only failures are said. */
  readonly isQuiet: boolean
}

/** Says how far a batch is: one line of a terminal that changes, or a line now and then. */
export class BatchProgress {
  private readonly place: ProgressPlace
  /** Milliseconds since 1970. */
  private readonly clock: () => number
  private readonly started: number
  private readonly files: number
  private readonly bytes: number
  private readonly reading = new Set<string>()
  private readonly tally = emptyTally()
  private doneFiles = 0
  private doneBytes = 0
  private timer: NodeJS.Timeout | undefined

  constructor(tasks: readonly FileTask[], place: ProgressPlace, clock: () => number) {
    this.place = place
    this.clock = clock
    this.started = clock()
    this.files = tasks.length
    this.bytes = tasks.reduce((sum, { file }) => sum + file.size, 0)
    if (place.isQuiet) return
    this.timer = setInterval(() => this.show(), place.columns === undefined ? ELSEWHERE_MS : TERMINAL_MS)
    this.timer.unref()
  }

  begun({ file }: FileTask): void {
    this.reading.add(file.path)
  }

  done({ file }: FileTask, outcome: TaskOutcome): void {
    this.reading.delete(file.path)
    this.doneFiles++
    this.doneBytes += file.size
    if (outcome !== 'unchanged') addFile(this.tally, outcome.entries)
  }

  /** A sentence that stays. */
  say(sentence: string): void {
    this.clear()
    this.place.write(`tracenorm: ${printable(sentence)}\n`)
  }

  end(): void {
    clearInterval(this.timer)
    this.clear()
  }

  private clear(): void {
    if (this.place.columns !== undefined) this.place.write('\r\x1b[K')
  }

  private show(): void {
    const { columns } = this.place
    const line = printable(this.line())
    if (columns === undefined) this.place.write(`tracenorm: ${line}\n`)
    else this.place.write(`\r\x1b[K${line.slice(0, Math.max(0, columns - 1))}`)
  }

  private line(): string {
    const { doneFiles, files, doneBytes, bytes, tally, reading } = this
    const seconds = Math.max(0.001, (this.clock() - this.started) / 1000)
    const left = doneBytes === 0 ? undefined : (seconds * (bytes - doneBytes)) / doneBytes
    const [first] = reading
    return [
      `${grouped(doneFiles)} of ${grouped(files)} files, ${grouped(tally.captures)} captures`,
      `${mebibytes(doneBytes)} of ${mebibytes(bytes)} MiB`,
      `${grouped(tally.records / seconds)} events/s`,
      ...(left === undefined ? [] : [`${duration(left)} left`]),
      ...(first === undefined ? [] : [inputName(first)]),
    ].join(', ')
  }
}

function mebibytes(bytes: number): string {
  return grouped(bytes / 2 ** 20)
}

/** 75 → `1 min 15 s` */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
