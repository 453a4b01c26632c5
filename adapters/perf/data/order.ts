// Records in the order of time, in bounded memory. perf drains one ring buffer after another, each in the order of
// time but for a few records, so that a round consists of few ascending runs, which are merged. perf itself sorts a
// list of all records of two rounds (tools/perf/util/ordered-events.c, 6.1 and 6.12).
import { type RecordBytes, Run, type RunSource } from './run.ts'
import { isBefore, RunHeap } from './run-heap.ts'

/** Who gets the records in their order. */
export interface InTurn {
  /** A number that grows with the time; undefined: this record has no place in the order, and was taken before. */
  keyOf(view: DataView, at: number, end: number): number | undefined
  take(bytes: RecordBytes, at: number, end: number): void
}

/**
 * So many bytes wait where they cannot be read again, and so many runs. Then the older half is given, as perf does it
 * when memory is short.
 */
const MOST_BYTES = 40 * 1024 * 1024
const MOST_RUNS = 64 * 1024
/** Records that are given at once, before the output is waited for: half a MiB or so of lines. */
const MOST_AT_ONCE = 1024

export class TimeOrder {
  /** Records that came after later ones were given. */
  late = 0
  /** Runs that the input does not have any more: it became shorter. */
  gone = 0
  private readonly heap = new RunHeap()
  private open: Run | undefined
  private runs = 0
  private waitingBytes = 0
  /** Keys: of the record added last, the newest added, the last given, the newest before the last end of a round. */
  private last = Number.NEGATIVE_INFINITY
  private newest = Number.NEGATIVE_INFINITY
  private given = Number.NEGATIVE_INFINITY
  private settled = Number.NEGATIVE_INFINITY
  /** What is not newer than this is to be given. */
  private due = Number.NEGATIVE_INFINITY
  /** How many more are given at once. */
  private left = 0
  private readonly source: RunSource
  private readonly turn: InTurn

  constructor(source: RunSource, turn: InTurn) {
    this.source = source
    this.turn = turn
  }

  /**
   * A record of these bytes. It is due at the second end of a round after it at the latest. What is due is given before
   * the next one is added.
   */
  add(key: number, bytes: RecordBytes, at: number, end: number): void {
    const { open } = this
    if (open === undefined || !open.isBefore(bytes, at) || !open.extend(key, this.last, bytes.offset + end)) {
      this.close()
      this.open = new Run(key, this.runs++, bytes, at, end)
    }
    this.last = key
    if (key > this.newest) this.newest = key
    if (bytes.isKept) this.waitingBytes += end - at
    if (this.waitingBytes > MOST_BYTES || this.heap.size > MOST_RUNS) this.olderHalfIsDue()
  }

  /** Bytes that have no place in the order: the run goes on after them. */
  pass(bytes: RecordBytes, at: number, end: number): void {
    if (this.open?.isBefore(bytes, at) === true) this.open.pass(bytes.offset + end)
  }

  /** No record that follows is older than the newest before the end of the round before. */
  endRound(): void {
    this.close()
    this.due = Math.max(this.due, this.settled)
    this.settled = this.newest
  }

  /** No records follow. */
  finish(): void {
    this.close()
    this.due = Number.POSITIVE_INFINITY
  }

  get isDue(): boolean {
    const { first } = this.heap
    return first !== undefined && first.key <= this.due
  }

  /** Gives some of what is due. False: nothing is. */
  give(): boolean {
    if (!this.isDue) return false
    const { heap, due } = this
    this.left = MOST_AT_ONCE
    for (let run = heap.first; run !== undefined && run.key <= due && this.left > 0; run = heap.first) {
      heap.takeFirst()
      if (!run.begin(this.source)) this.gone++
      else if (this.giveRun(run, due, heap.first)) heap.push(run)
    }
    if (!this.isDue) heap.forget()
    return true
  }

  private close(): void {
    const { open } = this
    this.open = undefined
    if (open !== undefined) this.heap.push(open)
  }

  private olderHalfIsDue(): void {
    this.close()
    const oldest = this.heap.first?.key ?? this.newest
    this.due = Math.max(this.due, oldest + (this.newest - oldest) / 2)
  }

  /** Gives records of a run as long as no record of another one is before them. True: there are more. */
  private giveRun(run: Run, most: number, next: Run | undefined): boolean {
    const { source, turn } = this
    for (;;) {
      const { bytes, at, recordEnd } = run
      if (run.key < this.given) this.late++
      else this.given = run.key
      if (bytes.isKept) this.waitingBytes -= recordEnd - at
      turn.take(bytes, at, recordEnd)
      this.left--
      let key: number | undefined
      do {
        if (!run.advance(source)) {
          if (run.isCut) this.gone++
          return false
        }
        key = turn.keyOf(run.bytes.view, run.at, run.recordEnd)
      } while (key === undefined)
      run.key = key
      if (this.left <= 0 || key > most || (next !== undefined && isBefore(next, run))) return true
    }
  }
}
