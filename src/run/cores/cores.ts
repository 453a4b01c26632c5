// Several threads on one input: a plain file whose reader says what it remembers.
import { FileSlices } from '../../input/file-slices.ts'
import { ENDLESS, type Patience } from '../../input/patience.ts'
import type { Output } from '../../output/output.ts'
import type { Cores } from '../convert-input.ts'
import type { Pipeline } from '../pipeline.ts'
import type { Plan } from '../plan.ts'
import type { Wired } from '../wire.ts'
import { borderIn } from './board.ts'
import { Crew, type Sharing } from './crew.ts'
import { hiring } from './thread.ts'

/** Lines of so many bytes take some milliseconds: long enough that threads seldom wait for each other. */
const STRETCH_BYTES = 512 * 1024
/** A header of perf script has some tens of KiB. */
const HEAD_BYTES = 256 * 1024
const LEAST_BYTES = 8 * 2 ** 20

/** What threads share. */
export interface SharedRun {
  readonly jobs: number
  readonly plan: Plan
  /** Of the program. */
  readonly script: URL
  readonly wired: Wired
  readonly output: Output
  readonly patience: Patience
}

/** True where records are judged and written one by one. */
export function isShareable({ stages, product, implied }: Plan): boolean {
  const areAlone = stages.every(({ stage }) => stage === 'kind' || stage === 'where' || stage === 'select')
  return areAlone && (product.as === 'ndjson' || product.as === 'csv') && implied === undefined
}

/** Threads for a run. */
export function openCores({ jobs, plan, script, wired, output, patience }: SharedRun): Cores {
  const hire = hiring(script, plan)
  const sharing = { jobs, hire, stretchBytes: STRETCH_BYTES, headBytes: HEAD_BYTES, leastBytes: LEAST_BYTES }
  return coresOf(wired, output, sharing, patience)
}

/** Shares plain files with other threads. `output` is where the sink of the conversion writes to. */
export function coresOf(wired: Wired, output: Output, sharing: Sharing, patience: Patience = ENDLESS): Cores {
  return {
    async *share(chunks, pipeline) {
      const source = chunks[Symbol.asyncIterator]()
      const rest = { [Symbol.asyncIterator]: () => source }
      let bytes = 0
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        const chunk = next.value
        const missing = sharing.headBytes - bytes
        bytes += chunk.length
        const border = missing > chunk.length ? chunk.length : borderIn(Buffer.from(chunk.subarray(0, missing)))
        yield chunk.subarray(0, border)
        if (missing > chunk.length) continue
        const { seekable } = chunks
        if (seekable instanceof FileSlices && seekable.size >= sharing.leastBytes && canShare(pipeline)) {
          await source.return?.()
          yield* new Crew(wired, output, sharing, patience, seekable, pipeline).chunks()
        } else {
          yield chunk.subarray(border)
          yield* rest
        }
        return
      }
    },
  }
}

/** The reader knows what the lines so far taught, and says it. */
function canShare({ seams, windows, books }: Pipeline): boolean {
  const { current } = seams
  if (current?.reader.memory === undefined || current.source.time.remembersLocal) return false
  return windows.isClear && books.form === 'line' && !books.stopped
}
