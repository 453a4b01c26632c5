import type { Adapter } from '../contract.ts'
import type { Patience } from '../input/patience.ts'
import type { InputBytes } from '../read/books.ts'
import type { GivenReader } from '../read/detect.ts'
import type { Rejected } from '../read/intake.ts'
import type { ShapeMachines } from '../shapes/machines.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Stage } from '../stages/stage.ts'
import type { StampOptions } from '../stages/stamp.ts'
import type { Timekeeper } from '../time/clock.ts'
import type { ReaderKnowledge } from './knowledge.ts'
import type { InputOutcome } from './outcome.ts'
import { Pipeline } from './pipeline.ts'

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
  /** For shapes of lines; one input after the other has them. */
  readonly machines: ShapeMachines
  readonly sink: Sink
  /** Undefined: nothing interrupts. */
  readonly patience?: Patience
  /** Undefined: this thread alone converts. */
  readonly cores?: Cores | undefined
  /** Hears of each rejected unit and of each record that was refused; true: stop. */
  readonly rejected: (unit: Rejected, reader: string | undefined, path: string) => boolean
}

/** The bytes of an input in their order. */
export interface InputChunks extends AsyncIterable<Uint8Array>, InputBytes {
  /** After it, nothing is asked of the input. */
  close?(): void
}

/** Threads that share an input. */
export interface Cores {
  /** The chunks that `pipeline` still has to read; between them it gets what others converted. */
  share(chunks: InputChunks, pipeline: Pipeline): AsyncIterable<Uint8Array>
}

/**
 * Converts one input. An input that fails is read as far as it came, and `failure` says why; what the output throws is
 * thrown.
 */
export async function convertInput(chunks: InputChunks, path: string, job: Conversion): Promise<InputOutcome> {
  const pipeline = new Pipeline(chunks, path, job)
  try {
    await pipeline.windows.readAll(job.cores?.share(chunks, pipeline) ?? chunks)
  } finally {
    chunks.close?.()
  }
  return pipeline.end()
}
