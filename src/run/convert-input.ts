import type { Adapter, Facts, Reject } from '../contract.ts'
import { InputError } from '../errors.ts'
import { faultOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import { Interrupted, type Patience } from '../input/patience.ts'
import { findReader, type GivenReader, givenReader } from '../read/detect.ts'
import { type ImpliedBeside, Intake, NoClaim, type Rejected, type Seam } from '../read/intake.ts'
import { imbalance } from '../read/ledger.ts'
import { Unclaimed } from '../read/window.ts'
import type { Sink } from '../sinks/sink.ts'
import { type Stage, Unjudged } from '../stages/stage.ts'
import type { InputNames, StampOptions } from '../stages/stamp.ts'
import { inputName } from '../text/printable.ts'
import type { Timekeeper } from '../time/clock.ts'
import { DropCount } from './drop-count.ts'
import type { ReaderKnowledge } from './knowledge.ts'
import {
  count,
  countConflict,
  emptyOutcome,
  type InputOutcome,
  tellAssumption,
  tellBug,
  tellHint,
  tellReader,
} from './outcome.ts'
import { Pace } from './pace.ts'
import { type ReaderState, ReaderStates } from './reader-states.ts'
import { UnknownLines, unknownHint } from './unknown-lines.ts'

/** What one input is converted with. */
export interface Conversion {
  readonly adapters: readonly Adapter[]
  /** The reader that the user named: no other is tried. */
  readonly from: GivenReader | undefined
  /** The adapter that a flag implies (`--program`): it has the lines that nobody is sure of. */
  readonly implied?: Adapter | undefined
  /** Fresh ones for each reader of an input, like the timekeeper. */
  readonly knowledge: (path: string) => ReaderKnowledge
  readonly stamp: StampOptions
  readonly timekeeper: () => Timekeeper
  readonly stages: readonly Stage[]
  readonly sink: Sink
  /** Undefined: nothing interrupts. */
  readonly patience?: Patience
  /** Told of each rejected unit and of each record that was refused; true: stop. */
  readonly rejected: (unit: Rejected, reader: string | undefined, path: string) => boolean
}

/**
 * Wires one input through: bytes → windows → reader → records → stamp → stages → sink. Data goes one way and synchronously from window
 * to sink; the only waiting is between two windows. An input that fails is read as far as it came, and `failure` says why; what the
 * output throws is thrown.
 */
export async function convertInput(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  job: Conversion,
): Promise<InputOutcome> {
  const run = new InputRun(path, job)
  const source = chunks[Symbol.asyncIterator]()
  while (!run.stopped) {
    let next: IteratorResult<Uint8Array>
    try {
      next = await source.next()
    } catch (error) {
      run.failed(error)
      break
    }
    if (next.done === true) break
    await run.take(next.value)
  }
  await source.return?.()
  await run.finish()
  return run.outcome
}

const TOO_LONG = { word: 'too_long', text: 'longer than 1 MiB' } as const
const NO_ZONE =
  'local times without zone got no ts: give --timezone ZONE (an IANA name, ±HH:MM, or local), or --snapshot of the capturing host'
function noClaim(message: string): Reject {
  return { word: 'invalid', text: `a fault of the reader, please report it: ${message}` }
}

const CUT = { word: 'truncated', text: 'the input ends within it' } as const

class InputRun {
  readonly outcome: InputOutcome
  private readonly job: Conversion
  private readonly input: InputNames
  private readonly unclaimed = new Unclaimed()
  private readonly intake: Intake
  private readonly states: ReaderStates
  private current: ReaderState | undefined
  private seam: Seam | undefined
  /** Adapters that have read here. */
  private readonly heard = new Set<Adapter>()
  private readonly pace: Pace
  /** Within a line longer than a window can be. */
  private inLongLine = false
  private readonly unknown = new UnknownLines()
  private readonly drops: DropCount

  constructor(path: string, job: Conversion) {
    this.job = job
    this.pace = new Pace(job.sink, job.patience)
    this.input = { path, firstLine: '' }
    this.outcome = emptyOutcome(path)
    this.drops = new DropCount(this.outcome)
    this.states = new ReaderStates(job, path, this.input, (conflict) => countConflict(this.outcome, conflict))
    this.intake = new Intake(this.outcome.ledger, {
      record: (record, form) => this.deliver(record, form),
      rejected: (unit) => this.rejected(unit),
      foreign: (text) => this.unknown.add(this.intake.unit.line, text),
      learn: (facts) => this.learn(facts),
      hint: (text) => tellHint(this.outcome, text),
      assume: (text) => tellAssumption(this.outcome, text),
      isOpen: (seam) => this.states.opened(seam) !== undefined,
      readAside: (seam, end) => this.readAside(seam, end),
    })
  }

  get stopped(): boolean {
    return this.intake.stopped
  }

  async take(chunk: Uint8Array): Promise<void> {
    let at = 0
    while (at < chunk.length && !this.stopped) {
      const bytes = chunk.subarray(at, at + this.pace.step(this.unclaimed.room))
      this.unclaimed.append(bytes)
      this.outcome.ledger.bytesRead += bytes.length
      at += bytes.length
      await this.readWindow(false)
      await this.flush()
    }
  }

  /** The input gives no more. Throws what is no fault of it. */
  failed(error: unknown): void {
    const { outcome } = this
    if (error instanceof Interrupted) {
      outcome.cut = error.isWhole ? 'silence' : 'signal'
      if (!error.isWhole) this.intake.stopped = true
    } else if (error instanceof InputError)
      outcome.failure = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`
    else throw error
  }

  /** Reads what is left, and closes the books. */
  async finish(): Promise<void> {
    if (!this.stopped) await this.readWindow(true)
    if (this.stopped) {
      this.intake.show(this.unclaimed.window())
      this.intake.unread()
    }
    if (this.outcome.cut !== 'signal') await this.flush()
    const { outcome } = this
    for (const state of this.states.all) this.keepTold(state)
    const { foreign, prompts, all } = this.intake.lines
    const { ledger } = outcome
    const onlyUndecoded = ledger.undecoded + ledger.ambiguous > 0 && ledger.made === ledger.units.message.units
    const mostlyForeign = foreign > 0 && 2 * foreign >= all
    const onlyAround = all > 0 && foreign + prompts === all
    outcome.notUnderstood = mostlyForeign || onlyAround || onlyUndecoded
    const { first } = this.unknown
    const isAll = ledger.units.data.units === 0 && first?.form !== undefined
    if (first !== undefined && (outcome.notUnderstood || isAll)) tellHint(outcome, unknownHint(outcome.path, first))
    const fault = imbalance(ledger)
    if (fault !== undefined) tellBug(outcome, `the books do not balance: ${fault}`)
  }

  private async flush(): Promise<void> {
    const cut = await this.pace.flush()
    if (cut === undefined) return
    this.outcome.cut = cut
    this.intake.stopped = true
  }

  private async readWindow(last: boolean): Promise<void> {
    for (;;) {
      const text = this.unclaimed.window()
      if (text.length === 0) return
      this.intake.show(text)
      const goesOn = this.inLongLine ? this.skipLongLine(text, last) : await this.readText(text, last)
      this.unclaimed.drop(this.intake.claimed)
      if (!goesOn || this.stopped) return
    }
  }

  /** Shows the window to its reader; true when what is left must be shown again. */
  private async readText(text: string, last: boolean): Promise<boolean> {
    const mark = this.intake.takeMark(last)
    if (mark !== 'none') return mark === 'taken'
    if (this.intake.nextOffset === this.intake.begin) this.input.firstLine = firstLineOf(text)
    if (this.current === undefined) {
      const { from, adapters } = this.job
      const found =
        from === undefined
          ? findReader(text, last, adapters, await this.states.implied())
          : givenReader(from, text, last)
      if (found === 'more') return false
      await this.enter(found === 'unrecognized' ? undefined : found)
    }
    const { intake } = this
    // Lines within its unit may have taught that the snapshot is of another host.
    if (this.current !== undefined) this.current = await this.states.of(this.current.found)
    try {
      this.current?.reader.read({ text, last }, intake)
    } catch (error) {
      if (!(error instanceof NoClaim)) throw error
      return this.refuseLine(text, last, error)
    }
    if (intake.wanted !== undefined) {
      await this.states.of(intake.wanted)
      return true
    }
    if (intake.seam !== undefined) {
      await this.enter(intake.seam)
      return true
    }
    if (this.stopped || intake.claimed === text.length) return false
    if (last) {
      if (intake.claimed > 0) return true
      if (!intake.reject(CUT, text.length, text.length) && intake.seam !== undefined) await this.enter(intake.seam)
      return intake.claimed === 0
    }
    if (intake.claimed > 0 || !this.unclaimed.isFull) return false
    const lf = text.indexOf('\n')
    this.inLongLine = lf < 0
    intake.refuse(TOO_LONG, lf < 0 ? text.length : lf + 1, 0)
    return true
  }

  /** The run goes on behind a line that a reader could not claim, though the reader is at fault. */
  private refuseLine(text: string, last: boolean, { message }: NoClaim): boolean {
    const { intake } = this
    const lf = text.indexOf('\n', intake.claimed)
    const isWhole = lf >= 0 || last || (intake.claimed === 0 && this.unclaimed.isFull)
    if (isWhole) intake.refuse(noClaim(message), lf < 0 ? text.length : lf + 1, intake.claimed)
    return isWhole
  }

  /** Rejects a line that no window can hold, piecewise, to its end. */
  private skipLongLine(text: string, last: boolean): boolean {
    const lf = text.indexOf('\n')
    if (lf < 0 && !last && !this.unclaimed.isFull) return false
    this.inLongLine = lf < 0
    this.intake.refuse(TOO_LONG, lf < 0 ? text.length : lf + 1, 0)
    return true
  }

  /** The reader that takes over. */
  private async enter(found: Seam | undefined): Promise<void> {
    const before = this.seam
    this.seam = found
    const state = await this.states.of(found)
    const { from, adapters } = this.job
    const others = from !== undefined ? [] : adapters.filter((adapter) => adapter !== found?.adapter)
    this.takeOver(state, others, await this.states.impliedBeside(found, before))
  }

  /** `others` may take over from it. */
  private takeOver(state: ReaderState, others: readonly Adapter[], implied?: ImpliedBeside): void {
    const heard = others.filter((adapter) => this.heard.has(adapter))
    const isOther = state !== this.current
    this.current = state
    this.intake.enter(others, heard, implied, state.found?.adapter)
    if (state.found === undefined) return
    const { adapter, verdict } = state.found
    this.heard.add(adapter)
    const { format, why } = verdict
    if (isOther) tellReader(this.outcome, { line: this.intake.nextLine, name: adapter.name, format, why })
  }

  /** Lines up to `end` of the window that stand within a unit of the reader at work, which goes on behind them: by readers that are open. */
  private readAside(first: Seam, end: number): void {
    const { intake, current: outer } = this
    const others = this.job.adapters.filter((adapter) => adapter !== outer?.found?.adapter)
    for (let seam: Seam | undefined = first; intake.claimed < end && !this.stopped; seam = intake.seam) {
      const state = seam === undefined ? undefined : this.states.opened(seam)
      if (state === undefined) intake.enter([])
      else {
        const { adapter } = seam ?? first
        this.takeOver(
          state,
          others.filter((other) => other !== adapter),
        )
      }
      const before = intake.claimed
      this.current?.reader.read({ text: intake.restTo(end), last: true }, intake)
      // As at the end of an input.
      if (intake.seam === undefined && intake.claimed === before) intake.refuse(CUT, end - before, end - before)
    }
    if (outer !== undefined) this.takeOver(outer, [])
  }

  private deliver(record: EventRecord, form: string | undefined): void {
    const { outcome, job } = this
    const { ledger } = outcome
    if (record.source === undefined) this.current?.stamp.stamp(record, this.intake.unit, form)
    const fault = faultOf(record)
    if (fault !== undefined) {
      this.refuseInvalid(fault)
      return
    }
    this.drops.add(record)
    for (const stage of job.stages) {
      const kept = this.keptBy(stage, record)
      if (stage.isDone?.() === true) this.intake.stopped = true
      if (kept === undefined) {
        ledger.leftOut[stage.cause]++
        return
      }
    }
    const faultInLine = job.sink.write(record)
    if (faultInLine !== undefined) {
      this.refuseInvalid(faultInLine)
      return
    }
    ledger.written++
    count(outcome.kinds, record.kind)
  }

  private keptBy(stage: Stage, record: EventRecord): EventRecord | undefined {
    try {
      return stage.take(record)
    } catch (error) {
      if (!(error instanceof Unjudged)) throw error
      this.outcome.unjudged++
      this.rejectRecord({ word: 'unsupported', text: error.message })
      return undefined
    }
  }

  private refuseInvalid(fault: string): void {
    this.outcome.ledger.leftOut.invalid++
    tellBug(this.outcome, `line ${this.intake.unit.line}: a record of ours fails the schema: ${fault}`)
    this.rejectRecord({ word: 'invalid', text: fault })
  }

  /** Of a unit that is data. */
  private rejectRecord(why: Reject): void {
    const { unit } = this.intake
    this.rejected({ why, line: unit.line, offset: unit.offset, bytes: unit.bytes(), column: 1 })
  }

  private rejected(unit: Rejected): void {
    this.unknown.add(unit.line, unit.bytes)
    if (this.job.rejected(unit, this.current?.found?.adapter.name, this.outcome.path)) this.intake.stopped = true
  }

  private learn(facts: Facts): void {
    const { current } = this
    if (current === undefined) return
    const contradiction = this.states.isSnapshotWithdrawn ? undefined : current.knowledge.host?.contradiction(facts)
    if (contradiction !== undefined) this.withdrawSnapshot(current, contradiction)
    if (facts.host !== undefined) current.source.host = facts.host
    if (facts.kernel !== undefined) {
      current.source.kernel = facts.kernel
      const conflict = current.knowledge.learnKernel(facts.kernel)
      if (conflict !== undefined) countConflict(this.outcome, conflict)
    }
    if (facts.clock !== undefined) current.source.time.learn(facts.clock)
    current.stamp.learned()
  }

  /** What is known of one host is never put on the records of another. */
  private withdrawSnapshot(current: ReaderState, contradiction: string): void {
    const { outcome } = this
    this.states.isSnapshotWithdrawn = true
    current.knowledge.withdraw()
    current.source.time.withdraw()
    current.source.snapshot = undefined
    // Other readers may remember names of its reasons: they begin afresh.
    for (const state of this.states.forgetAllBut(current)) this.keepTold(state)
    if (current.knowledge.host?.isSelf === true) {
      outcome.failure = `${inputName(outcome.path)}: --snapshot self is refused: ${contradiction}`
      this.intake.stopped = true
    } else countConflict(outcome, `the snapshot is not used: ${contradiction}`)
  }

  private keepTold({ source, stamp, knowledge }: ReaderState): void {
    for (const hint of source.time.hints) tellHint(this.outcome, hint)
    this.outcome.untimed.zone += stamp.untimed.zone
    this.outcome.untimed.clock += stamp.untimed.clock
    if (stamp.untimed.zone > 0) tellAssumption(this.outcome, NO_ZONE)
    const { assumption } = knowledge.host ?? {}
    if (stamp.namesByIndex && assumption !== undefined) tellAssumption(this.outcome, assumption)
  }
}

function firstLineOf(text: string): string {
  const lf = text.indexOf('\n')
  return lf < 0 ? text : text.slice(0, lf)
}
