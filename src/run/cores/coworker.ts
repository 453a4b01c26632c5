import type { FileSlices } from '../../input/file-slices.ts'
import { ShownWindow } from '../../read/window.ts'
import { NOWHERE } from '../../shapes/nowhere.ts'
import type { Conversion } from '../convert-input.ts'
import { type InputOutcome, isPlain, takeOutcome } from '../outcome.ts'
import { Pipeline } from '../pipeline.ts'
import type { ReaderState } from '../reader-states.ts'
import type { Wired } from '../wire.ts'
import type { Board, Stretch, TakenStretch } from './board.ts'
import { Collected } from './collected.ts'

/** What a stretch came to. */
export interface Converted {
  readonly stretch: Stretch
  /** Undefined: it holds what only the run itself can convert. */
  readonly made: MadePiece | undefined
}

/** The counts of a stretch. */
interface CountedPiece {
  readonly outcome: InputOutcome
  readonly untimed: ReaderState['stamp']['untimed']
  readonly namesByIndex: boolean
}

/** What a stretch came to in which nothing is to be said but records and counts. It is plain data. */
export interface MadePiece extends CountedPiece {
  /** What the reader knew at the beginning, as it was supposed. */
  readonly before: string
  /** What the reader knew at the end. */
  readonly after: string
  /** Lines that are not blank. */
  readonly lines: number
  /** About times; the run must know them all. */
  readonly hints: readonly string[]
  /** So many bytes the product made of the records; the board has them. */
  readonly outputBytes: number
}

/** Where the stretches of a coworker are from. */
export interface SharedInput {
  readonly path: string
  readonly source: FileSlices
  /** So many bytes the run has read before the first stretch: the coworker reads them, too, to know what they teach. */
  readonly headBytes: number
  /** Where in the run the stretches are: at the beginning, until as many lines were checked as the first ones are. */
  readonly place: 'beginning' | 'midst'
}

/**
 * Converts stretches of an input as the run would. What its reader knows at the beginning of a stretch is supposed:
 * what it knew at the end of the last one that it read, and what the unit before the stretch teaches. The run compares
 * that with what its own reader knows.
 */
export class Coworker {
  private readonly input: SharedInput
  private readonly board: Board
  private readonly output = new Collected()
  private readonly job: Conversion
  private pipeline: Pipeline | undefined
  private isBeginning = false

  constructor(input: SharedInput, { conversion, openProduct }: Wired, board: Board) {
    this.board = board
    this.input = input
    this.job = {
      ...conversion,
      sink: openProduct(this.output, input.place).sink,
      // The stretch is not plain: no more of it is read.
      rejected: () => !this.isBeginning,
    }
  }

  /** Throws InputError where the file cannot be read. */
  async convert({ lead, bytes, ...stretch }: TakenStretch): Promise<Converted> {
    this.pipeline ??= await this.begun()
    const made = await this.made(this.pipeline, stretch, lead, bytes)
    // It may have learned what holds for this stretch alone: it begins anew, with the head of the input.
    if (made === undefined) this.pipeline = undefined
    return { stretch, made }
  }

  private async begun(): Promise<Pipeline> {
    const { source, path, headBytes } = this.input
    const pipeline = new Pipeline({ seekable: source }, path, this.job)
    this.isBeginning = true
    // The run has the output of the head.
    this.output.begin(Buffer.alloc(0))
    await pipeline.windows.take(source.slice(0, headBytes))
    this.isBeginning = false
    if (pipeline.seams.current !== undefined) countedBy(pipeline, pipeline.seams.current)
    return pipeline
  }

  private async made(
    pipeline: Pipeline,
    stretch: Stretch,
    lead: Buffer,
    bytes: Buffer,
  ): Promise<MadePiece | undefined> {
    const { books, windows, headers } = pipeline
    const state = pipeline.seams.current
    const before = state === undefined ? undefined : memoryAfter(state, lead)
    if (state === undefined || before === undefined) return undefined
    const { all, prompts } = books.lines
    const { learned } = headers
    books.moveTo(stretch.begin, stretch.line)
    this.output.begin(this.board.output(stretch.ticket))
    await windows.take(bytes)
    const after = memoryOf(state)
    const counted = countedBy(pipeline, state)
    const { bytes: outputBytes } = this.output
    const isSame = pipeline.seams.current === state && headers.learned === learned && books.lines.prompts === prompts
    const isWhole = windows.isClear && !books.stopped && books.nextOffset === stretch.end
    if (!isSame || !isWhole || !isPlain(counted.outcome) || state.source.time.remembersLocal) return undefined
    if (after === undefined || outputBytes === undefined) return undefined
    const hints = [...state.source.time.hints]
    return { before, after, ...counted, lines: books.lines.all - all, hints, outputBytes }
  }
}

/** What the reader knows once it has read these lines, too. Undefined: it does not say. */
function memoryAfter(state: ReaderState, lines: Buffer): string | undefined {
  if (lines.length > 0) state.reader.read(new ShownWindow(lines, false), NOWHERE)
  state.shortcut?.checkEpoch()
  return state.reader.memory
}

/** What the reader knows of all lines that were taken. Undefined: it does not say. */
export function memoryOf({ reader, shortcut }: ReaderState): string | undefined {
  shortcut?.catchUp()
  return reader.memory
}

/** What was counted since the last call. */
function countedBy({ outcome }: Pipeline, state: ReaderState): CountedPiece {
  state.shortcut?.writeBooks()
  const { untimed, namesByIndex } = state.stamp
  const counted = { outcome: takeOutcome(outcome), untimed: { ...untimed }, namesByIndex }
  untimed.zone = 0
  untimed.clock = 0
  return counted
}
