import type { Reject } from '../contract.ts'
import { faultOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import type { Unfit } from '../event/unfit.ts'
import type { Books } from '../read/books.ts'
import type { Rejected } from '../read/intake.ts'
import type { LeftOut } from '../read/ledger.ts'
import type { Unit } from '../read/unit.ts'
import { membersReadBy, type Stage, Unjudged } from '../stages/stage.ts'
import type { Stamp } from '../stages/stamp.ts'
import type { Conversion } from './convert-input.ts'
import { DropCount } from './drop-count.ts'
import { addBug, count, type InputOutcome } from './outcome.ts'
import type { ReaderState } from './reader-states.ts'
import { TOO_LONG } from './rejects.ts'
import { joinedLine, judgesAlike, leafRooms, Repetition } from './repeated-record.ts'
import type { UnknownLines } from './unknown-lines.ts'

/** What becomes of a record: stamp → stages → sink, each step counted. And of what was rejected. */
export class Delivery {
  private readonly job: Conversion
  private readonly books: Books
  private readonly unknown: UnknownLines
  private readonly outcome: InputOutcome
  private readonly drops: DropCount
  private readonly isMember: boolean
  /** Another number: what is known of the capture changed. */
  epoch = 0
  /** Why the record that came last is not in the output; undefined also where it was refused. */
  private fate: LeftOut | 'written' | undefined
  private readonly uncounted: Repetition[] = []
  /** The line that the next record must have: one like it was not written. */
  private expected: string | undefined
  private readonly canRepeat: boolean
  /** A rejected unit was handed on. */
  hasRejected = false

  constructor(job: Conversion, books: Books, unknown: UnknownLines, outcome: InputOutcome, isMember: boolean) {
    this.job = job
    this.books = books
    this.unknown = unknown
    this.outcome = outcome
    this.drops = new DropCount(outcome)
    this.isMember = isMember
    const { provenance, id } = job.stamp
    this.canRepeat = provenance === 'line' && id === undefined && judgesAlike(membersReadBy(job.stages))
  }

  /** Of the unit `of`, by the reader in `state`. */
  record(record: EventRecord, form: string | undefined, of: Unit, state: ReaderState | undefined): void {
    const { books, job } = this
    if (record.source === undefined) state?.stamp.stamp(record, of, form)
    this.fate = undefined
    if (this.expected !== undefined) this.compare(record, this.expected, of)
    const fault = faultOf(record)
    if (fault !== undefined) {
      this.refuseInvalid(fault, of, state)
      return
    }
    this.drops.add(record)
    for (const stage of job.stages) {
      const kept = this.keptBy(stage, record, of, state)
      if (stage.isDone?.() === true) books.stopped = true
      if (kept === undefined || kept === 'unjudged') {
        books.ledger.leftOut[stage.cause]++
        if (kept === undefined) this.fate = stage.cause
        if (kept === undefined) this.watch(record, stage.cause, of, state)
        return
      }
    }
    const refusal = job.sink.write(record)
    if (refusal !== undefined) {
      if (typeof refusal === 'string') this.refuseInvalid(refusal, of, state)
      else this.refuseUnfit(refusal, of, state)
      return
    }
    this.fate = 'written'
    books.ledger.written++
    count(this.outcome.kinds, record.kind)
    this.watch(record, undefined, of, state)
  }

  /** A way to write records like the one that came last; undefined: one of them may be judged otherwise. */
  repeat(record: EventRecord, stamp: Stamp | undefined): Repetition | undefined {
    const { fate, canRepeat, epoch, books } = this
    const { repeats } = this.job.sink
    if (!canRepeat || fate === undefined || repeats === undefined) return undefined
    const wallClock = stamp?.offsetOf(record)
    // Of a time beyond what the clock can have: others of the same clock may have a `ts`.
    if ((record.ts === undefined) !== (wallClock === undefined)) return undefined
    const pieces = repeats.piecesOf(record)
    const rooms = pieces && leafRooms(pieces)
    if (pieces === undefined || rooms === undefined) return undefined
    return new Repetition(record, fate === 'written' ? undefined : fate, joinedLine(pieces), rooms, wallClock, {
      write: fate === 'written' ? (line) => repeats.writeBytes(line) : undefined,
      isOver: () => books.stopped || this.epoch !== epoch,
      counted: (repetition) => this.uncounted.push(repetition),
      expects: (line) => {
        this.expected = line
      },
    })
  }

  /** Counts the records that were written so. */
  settle(stamp: Stamp | undefined): void {
    const { uncounted, books } = this
    for (const repetition of uncounted) {
      const { like, times, leftOut } = repetition
      repetition.times = 0
      books.ledger.made += times
      if (stamp !== undefined) this.repeated(like, times, leftOut, stamp)
    }
    uncounted.length = 0
  }

  /** A line that would have been written must be that of its record. */
  private compare(record: EventRecord, expected: string, of: Unit): void {
    this.expected = undefined
    const pieces = this.job.sink.repeats?.piecesOf(record)
    if (pieces !== undefined && joinedLine(pieces) === expected) return
    addBug(this.outcome, `byte ${of.offset}: a record that repeats another one has another line`)
  }

  /** So many records like this one went the same way, without their reader. */
  repeated(like: EventRecord, times: number, leftOut: LeftOut | undefined, stamp: Stamp): void {
    this.drops.add(like, times)
    if (!like.isPublished) stamp.countUntimed(like, times)
    if (leftOut !== undefined) {
      this.books.ledger.leftOut[leftOut] += times
      return
    }
    this.books.ledger.written += times
    count(this.outcome.kinds, like.kind, times)
  }

  private watch(record: EventRecord, leftOut: LeftOut | undefined, of: Unit, state: ReaderState | undefined): void {
    const fault = state?.shortcut?.delivered(record, leftOut, of)
    if (fault !== undefined) addBug(this.outcome, `line ${of.line}: ${fault}`)
  }

  rejected(unit: Rejected, state: ReaderState | undefined): void {
    // Binary files in an archive have such lines.
    if (this.isMember && state?.found === undefined && unit.why === TOO_LONG) return
    this.hasRejected = true
    if (unit.line !== undefined) this.unknown.add(unit.line, unit.bytes)
    if (this.job.rejected(unit, state?.found?.adapter.name, this.outcome.path)) this.books.stopped = true
  }

  private keptBy(
    stage: Stage,
    record: EventRecord,
    of: Unit,
    state: ReaderState | undefined,
  ): EventRecord | 'unjudged' | undefined {
    try {
      return stage.take(record)
    } catch (error) {
      if (!(error instanceof Unjudged)) throw error
      this.outcome.unjudged++
      this.rejectRecord({ word: 'unsupported', text: error.message }, of, state)
      return 'unjudged'
    }
  }

  private refuseInvalid(fault: string, of: Unit, state: ReaderState | undefined): void {
    this.books.ledger.leftOut.invalid++
    const place = of.line === undefined ? `byte ${of.offset}` : `line ${of.line}`
    addBug(this.outcome, `${place}: a record of ours fails the schema: ${fault}`)
    this.rejectRecord({ word: 'invalid', text: fault }, of, state)
  }

  private refuseUnfit({ unfit }: Unfit, of: Unit, state: ReaderState | undefined): void {
    this.books.ledger.leftOut.unfit++
    this.outcome.unjudged++
    this.rejectRecord({ word: 'unsupported', text: unfit }, of, state)
  }

  /** Of a unit that is data. */
  private rejectRecord(why: Reject, of: Unit, state: ReaderState | undefined): void {
    this.rejected({ why, line: of.line, offset: of.offset, bytes: of.bytes(), column: 1 }, state)
  }
}
