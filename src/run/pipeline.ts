import { Books, type InputBytes } from '../read/books.ts'
import { Intake } from '../read/intake.ts'
import { imbalance } from '../read/ledger.ts'
import { Takers } from '../read/takers.ts'
import type { InputNames } from '../stages/stamp.ts'
import type { Conversion } from './convert-input.ts'
import { Delivery } from './deliver.ts'
import { HeaderFacts } from './header-facts.ts'
import { addAssumption, addBug, addHint, emptyOutcome, type InputOutcome } from './outcome.ts'
import { Pace } from './pace.ts'
import { ReaderStates, reportState } from './reader-states.ts'
import { Seams } from './seams.ts'
import { UnknownLines, unknownHint } from './unknown-lines.ts'
import { Windows } from './windows.ts'

/**
 * One input, wired through: bytes → windows → reader → records → stamp → stages → sink. Data goes one way and
 * synchronously from window to sink; the only waiting is between two windows.
 */
export class Pipeline {
  readonly outcome: InputOutcome
  readonly books: Books
  readonly headers: HeaderFacts
  readonly seams: Seams
  readonly windows: Windows
  private readonly states: ReaderStates
  private readonly unknown = new UnknownLines()
  private readonly delivery: Delivery
  private readonly isMember: boolean

  constructor(source: InputBytes, path: string, job: Conversion) {
    const outcome = emptyOutcome(path)
    const input: InputNames = { path, firstLine: '' }
    const books = new Books(outcome.ledger, source)
    const { unknown } = this
    const { isMember = false } = source
    const takers = new Takers(books)
    const intake = new Intake(books, takers, {
      record: (record, form, of) => delivery.record(record, form, of, seams.current),
      repeat: (record) => delivery.repeat(record, seams.current?.stamp),
      settle: () => delivery.settle(seams.current?.stamp),
      rejected: (unit) => delivery.rejected(unit, seams.current),
      foreign: (text) => unknown.add(books.unit.line ?? 1, text),
      isHeard: () => !isMember || seams.current?.found !== undefined,
      learn: (facts) => {
        delivery.epoch++
        headers.learn(facts, seams.current)
      },
      hint: (text) => addHint(outcome, text),
      assume: (text) => addAssumption(outcome, text),
      isLoaded: (seam) => states.isLoaded(seam),
      readAside: (seam, end) => seams.readAside(seam, end),
    })
    const states = new ReaderStates(job, input, source, outcome, (...counted) => delivery.repeated(...counted))
    const headers = new HeaderFacts(states, books, outcome)
    const delivery = new Delivery(job, books, unknown, outcome, isMember)
    const seams = new Seams(job, states, intake, books, takers, outcome)
    this.windows = new Windows(seams, intake, books, new Pace(job.sink, job.patience), input, outcome, isMember)
    this.outcome = outcome
    this.books = books
    this.headers = headers
    this.seams = seams
    this.states = states
    this.delivery = delivery
    this.isMember = isMember
  }

  /** What became of the input, which was read to where it stopped. */
  end(): InputOutcome {
    const { outcome } = this
    this.delivery.settle(this.seams.current?.stamp)
    for (const state of this.states.all) reportState(state, outcome)
    this.states.end()
    const { failure, cut, ledger } = outcome
    const isRead = failure === undefined && cut === undefined && ledger.bytesRead > 0
    if (this.isNobodys) outcome.notRecognised ||= isRead
    else judge(this.books, this.unknown, outcome)
    checkBooks(outcome)
    return outcome
  }

  /** A file out of an archive of which no reader knew a line. */
  private get isNobodys(): boolean {
    return this.isMember && this.outcome.readers.length === 0 && !this.delivery.hasRejected
  }
}

/** Whether the input was understood. */
function judge({ lines, ledger }: Books, { first }: UnknownLines, outcome: InputOutcome): void {
  const { foreign, prompts, all } = lines
  const onlyUndecoded = ledger.undecoded + ledger.ambiguous > 0 && ledger.made === ledger.units.message.units
  const mostlyForeign = foreign > 0 && 2 * foreign >= all
  const onlyAround = all > 0 && foreign + prompts === all
  outcome.notUnderstood = mostlyForeign || onlyAround || onlyUndecoded
  const isAll = ledger.units.data.units === 0 && first?.form !== undefined
  if (first !== undefined && (outcome.notUnderstood || isAll)) addHint(outcome, unknownHint(outcome.path, first))
}

function checkBooks(outcome: InputOutcome): void {
  const fault = imbalance(outcome.ledger)
  if (fault !== undefined) addBug(outcome, `the books do not balance: ${fault}`)
}
