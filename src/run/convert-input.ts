import type { Adapter } from '../contract.ts'
import type { Patience } from '../input/patience.ts'
import { Books, type InputBytes } from '../read/books.ts'
import type { GivenReader } from '../read/detect.ts'
import { Intake, type Rejected } from '../read/intake.ts'
import { imbalance } from '../read/ledger.ts'
import { Takers } from '../read/takers.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Stage } from '../stages/stage.ts'
import type { InputNames, StampOptions } from '../stages/stamp.ts'
import type { Timekeeper } from '../time/clock.ts'
import { Delivery } from './deliver.ts'
import { HeaderFacts } from './header-facts.ts'
import type { ReaderKnowledge } from './knowledge.ts'
import { addAssumption, addBug, addHint, emptyOutcome, type InputOutcome } from './outcome.ts'
import { Pace } from './pace.ts'
import { ReaderStates, reportState } from './reader-states.ts'
import { Seams } from './seams.ts'
import { UnknownLines, unknownHint } from './unknown-lines.ts'
import { Windows } from './windows.ts'

/** What one input is converted with. */
export interface Conversion {
  readonly adapters: readonly Adapter[]
  /** The reader that the user named: no other is tried. */
  readonly from: GivenReader | undefined
  /** The adapter that a flag implies (`--program`): it has the lines that no adapter is sure of. */
  readonly implied?: Adapter | undefined
  /** Fresh for each reader of an input, like the timekeeper. */
  readonly knowledge: (path: string) => ReaderKnowledge
  readonly stamp: StampOptions
  readonly timekeeper: () => Timekeeper
  readonly stages: readonly Stage[]
  readonly sink: Sink
  /** Undefined: nothing interrupts. */
  readonly patience?: Patience
  /** Hears of each rejected unit and of each record that was refused; true: stop. */
  readonly rejected: (unit: Rejected, reader: string | undefined, path: string) => boolean
}

/** The bytes of an input in their order. */
export interface InputChunks extends AsyncIterable<Uint8Array>, InputBytes {
  /** After it, nothing is asked of the input. */
  close?(): void
}

/**
 * Wires one input through: bytes → windows → reader → records → stamp → stages → sink. Data goes one way and
 * synchronously from window to sink; the only waiting is between two windows. An input that fails is read as far as it
 * came, and `failure` says why; what the output throws is thrown.
 */
export async function convertInput(chunks: InputChunks, path: string, job: Conversion): Promise<InputOutcome> {
  const outcome = emptyOutcome(path)
  const input: InputNames = { path, firstLine: '' }
  const books = new Books(outcome.ledger, chunks)
  const unknown = new UnknownLines()
  const takers = new Takers(books)
  const intake = new Intake(books, takers, {
    record: (record, form, of) => delivery.record(record, form, of, seams.current),
    rejected: (unit) => delivery.rejected(unit, seams.current),
    foreign: (text) => unknown.add(books.unit.line ?? 1, text),
    learn: (facts) => headers.learn(facts, seams.current),
    hint: (text) => addHint(outcome, text),
    assume: (text) => addAssumption(outcome, text),
    isLoaded: (seam) => states.isLoaded(seam),
    readAside: (seam, end) => seams.readAside(seam, end),
  })
  const states = new ReaderStates(job, input, chunks, outcome, (...counted) => delivery.repeated(...counted))
  const headers = new HeaderFacts(states, books, outcome)
  const delivery = new Delivery(job, books, unknown, outcome)
  const seams = new Seams(job, states, intake, books, takers, outcome)
  const windows = new Windows(seams, intake, books, new Pace(job.sink, job.patience), input, outcome)
  try {
    await windows.readAll(chunks)
  } finally {
    chunks.close?.()
  }
  for (const state of states.all) reportState(state, outcome)
  judge(books, unknown, outcome)
  return outcome
}

/** Whether the input was understood, and whether its books balance. */
function judge({ lines, ledger }: Books, { first }: UnknownLines, outcome: InputOutcome): void {
  const { foreign, prompts, all } = lines
  const onlyUndecoded = ledger.undecoded + ledger.ambiguous > 0 && ledger.made === ledger.units.message.units
  const mostlyForeign = foreign > 0 && 2 * foreign >= all
  const onlyAround = all > 0 && foreign + prompts === all
  outcome.notUnderstood = mostlyForeign || onlyAround || onlyUndecoded
  const isAll = ledger.units.data.units === 0 && first?.form !== undefined
  if (first !== undefined && (outcome.notUnderstood || isAll)) addHint(outcome, unknownHint(outcome.path, first))
  const fault = imbalance(ledger)
  if (fault !== undefined) addBug(outcome, `the books do not balance: ${fault}`)
}
