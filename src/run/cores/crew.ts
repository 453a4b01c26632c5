import { setImmediate } from 'node:timers/promises'
import { FIRST_CHECKED } from '../../event/spot-check.ts'
import type { FileSlices } from '../../input/file-slices.ts'
import type { Patience } from '../../input/patience.ts'
import type { Output } from '../../output/output.ts'
import { UNREAD_BYTES } from '../../read/window.ts'
import { addCounts } from '../outcome.ts'
import type { Pipeline } from '../pipeline.ts'
import type { Wired } from '../wire.ts'
import { Board, type Stretch, type TakenStretch } from './board.ts'
import { type Converted, Coworker, type MadePiece, memoryOf, type SharedInput } from './coworker.ts'

/** Another thread at work. */
export interface Hired {
  stop(): void
}

/** Where the pieces of another thread come in. */
export interface Arrivals {
  piece(piece: Converted): void
  /** The thread has failed: a bug of ours. */
  failed(error: Error): void
}

/** How an input is shared. */
export interface Sharing {
  /** Threads, this one among them. */
  readonly jobs: number
  /** The most bytes of a stretch. */
  readonly stretchBytes: number
  /** So many bytes teach what holds for all of the input, as its header does. */
  readonly headBytes: number
  /** Smaller inputs are not worth the start of a thread. */
  readonly leastBytes: number
  /** Starts a thread that takes stretches from the board. */
  readonly hire: (board: Board, input: SharedInput, to: Arrivals) => Hired
}

/** Pieces that do not fit cost of it, and those that fit give back, before this thread reads the rest alone. */
const CREDIT = 6
const PRICE = 2

/**
 * The threads of one input. This one takes stretches like the others, and brings all pieces together in their order.
 */
export class Crew {
  private readonly pieces = new Map<number, Converted>()
  private readonly output: Output
  private readonly patience: Patience
  private readonly source: FileSlices
  private readonly pipeline: Pipeline
  private readonly board: Board
  private readonly buffer: Buffer
  private readonly own: Coworker
  private readonly hired: readonly Hired[]
  private readonly taughtFirst: number
  /** So many bytes the run has read, or others for it. */
  private position: number
  private ticket = 0
  private credit = CREDIT
  private failure: Error | undefined
  private wake = nothing

  constructor(
    wired: Wired,
    output: Output,
    { jobs, stretchBytes, hire }: Sharing,
    patience: Patience,
    source: FileSlices,
    pipeline: Pipeline,
  ) {
    this.output = output
    this.patience = patience
    this.source = source
    this.pipeline = pipeline
    const { nextOffset, nextLine } = pipeline.books
    this.position = nextOffset
    this.taughtFirst = this.taught
    const input = { path: pipeline.outcome.path, source, headBytes: nextOffset, place: placeOf(pipeline) } as const
    this.board = new Board(source, { bytes: stretchBytes, ahead: 2 * jobs })
    this.board.begin(nextOffset, nextLine)
    this.buffer = this.board.buffer()
    this.own = new Coworker(input, wired, this.board)
    this.hired = Array.from({ length: jobs - 1 }, () => hire(this.board, input, this.arrivals()))
  }

  /** What the run itself has to read. Before each chunk it gets all pieces that come before. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = await this.next(); piece !== undefined; piece = await this.next()) {
        const { stretch, made } = piece
        const isFit = made !== undefined && this.fits(stretch, made)
        if (isFit) await this.add(stretch, made)
        else yield* this.slices(stretch.end)
        this.ticket++
        this.board.merged()
        this.credit = Math.min(CREDIT, isFit ? this.credit + 1 : this.credit - PRICE)
        if (this.pipeline.books.stopped) return
        if (this.credit <= 0 || this.taught !== this.taughtFirst) break
      }
    } finally {
      this.board.close()
      for (const thread of this.hired) thread.stop()
    }
    yield* this.slices(Number.POSITIVE_INFINITY)
  }

  private arrivals(): Arrivals {
    return {
      piece: (piece) => {
        this.pieces.set(piece.stretch.ticket, piece)
        this.wake()
      },
      failed: (error) => {
        this.failure = error
        this.wake()
      },
    }
  }

  /** The piece whose turn it is. Undefined: no stretch is left. */
  private async next(): Promise<Converted | undefined> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure
      const piece = this.pieces.get(this.ticket)
      if (piece !== undefined) {
        this.pieces.delete(this.ticket)
        return piece
      }
      const taken = this.board.take(this.buffer)
      if (typeof taken === 'object') await this.convert(taken)
      else if (this.ticket === this.board.tickets) return undefined
      else
        await this.patience.wait(
          new Promise<void>((resolve) => {
            this.wake = resolve
          }),
        )
    }
  }

  /** In this thread. */
  private async convert(taken: TakenStretch): Promise<void> {
    this.pieces.set(taken.ticket, await this.own.convert(taken))
    // What others send comes in when the event loop turns.
    await setImmediate()
  }

  /** True where the piece is what the run itself would make. */
  private fits({ begin, line }: Stretch, { before, hints }: MadePiece): boolean {
    const { books, windows, seams } = this.pipeline
    const { current } = seams
    if (current === undefined || !windows.isClear || books.nextOffset !== begin || books.nextLine !== line) return false
    const { time } = current.source
    return memoryOf(current) === before && !time.remembersLocal && hints.every((hint) => time.hints.has(hint))
  }

  private async add({ ticket, end, line, lineEnds }: Stretch, made: MadePiece): Promise<void> {
    const { books, outcome, seams, windows } = this.pipeline
    const { current } = seams
    if (current === undefined) return
    current.reader.memory = made.after
    current.shortcut?.checkEpoch()
    const { stamp } = current
    stamp.untimed.zone += made.untimed.zone
    stamp.untimed.clock += made.untimed.clock
    stamp.namesByIndex ||= made.namesByIndex
    books.moveTo(end, line + lineEnds)
    books.lines.all += made.lines
    addCounts(outcome, made.outcome)
    this.output.writeBytes(this.board.output(ticket).subarray(0, made.outputBytes))
    this.position = end
    await windows.flush()
  }

  /** How often something was learned that is not in the memory of the reader. */
  private get taught(): number {
    const { headers, outcome } = this.pipeline
    return headers.learned + outcome.readers.length + outcome.more.readers
  }

  /** The bytes up to `end`, or to the end of the file. */
  private *slices(end: number): Generator<Uint8Array> {
    while (this.position < end) {
      const length = this.source.read(
        this.buffer.subarray(0, Math.min(UNREAD_BYTES, end - this.position)),
        this.position,
      )
      if (length === 0) return
      this.position += length
      yield this.buffer.subarray(0, length)
    }
  }
}

function nothing(): void {}

function placeOf({ outcome }: Pipeline): SharedInput['place'] {
  return outcome.ledger.written < FIRST_CHECKED ? 'beginning' : 'midst'
}
