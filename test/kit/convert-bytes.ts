// A conversion of bytes in process, in chosen chunks, by a plan that is wired as the program wires it.
import { Blocks } from '../../src/output/blocks.ts'
import type { Rejected } from '../../src/read/intake.ts'
import { convertInput } from '../../src/run/convert-input.ts'
import type { InputOutcome } from '../../src/run/outcome.ts'
import type { Wired } from '../../src/run/wire.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import type { Stage } from '../../src/stages/stage.ts'

export interface RejectedBy extends Rejected {
  /** The name of the reader that rejected it. */
  readonly reader: string | undefined
}

export interface ConvertedBytes {
  /** What the product wrote, latin1. */
  readonly output: string
  readonly rejected: readonly RejectedBy[]
  readonly outcome: InputOutcome
}

export interface Circumstances {
  /** The name of the input in its records. */
  readonly path?: string
  /** Bytes of the chunks, the last one again and again. */
  readonly sizes?: readonly number[]
  /** The bytes are those of a plain file, which a reader can read at any offset. */
  readonly isSeekable?: boolean
  /** The folder of the input, for files that are looked for beside it. */
  readonly folder?: string
  /** Stages before those of the plan. */
  readonly stages?: readonly Stage[]
  /** The sink, in the place of the plan's. */
  readonly openSink?: ((output: Blocks) => Sink) | undefined
}

/** Converts one input. The product's end (a summary's page) is not written. */
export async function convertBytes(
  { conversion, openProduct }: Wired,
  bytes: Uint8Array,
  { path = 'input.txt', sizes = [64 * 1024], isSeekable = false, folder, stages = [], openSink }: Circumstances = {},
): Promise<ConvertedBytes> {
  const blocks: string[] = []
  const rejected: RejectedBy[] = []
  const output = new Blocks((block) => blocks.push(block.toString('latin1')))
  const slice = (start: number, end: number): Uint8Array => Uint8Array.prototype.slice.call(bytes, start, end)
  const offered = isSeekable ? { seekable: { size: bytes.length, slice } } : {}
  const outcome = await convertInput(Object.assign(chunksOf(bytes, sizes), offered), path, {
    ...conversion,
    knowledge: (name) => conversion.knowledge(folder === undefined ? name : `${folder}/${name}`),
    stages: [...stages, ...conversion.stages],
    sink: openSink === undefined ? openProduct(output).sink : openSink(output),
    rejected(unit, reader) {
      rejected.push({ ...unit, reader })
      return false
    },
  })
  return { output: blocks.join(''), rejected, outcome }
}

/** The events of NDJSON (latin1). `T`: what the test looks at of them; the schema has judged the rest. */
export function eventsIn<T>(ndjson: string): readonly T[] {
  return Buffer.from(ndjson, 'latin1')
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): T => JSON.parse(line))
}

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0
  for (let index = 0; start < bytes.length; index++) {
    const end = start + (sizes[index] ?? sizes.at(-1) ?? bytes.length)
    // A chunk is good until the next one is asked for: a copy, that is spoilt then.
    const chunk = Uint8Array.prototype.slice.call(bytes, start, end)
    yield chunk
    chunk.fill(0)
    start = end
  }
}
