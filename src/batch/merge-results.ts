import { join } from 'node:path'
import { openCaptures, type Unpacking } from '../input/captures.ts'
import type { Patience } from '../input/patience.ts'
import { memoryStdin } from '../input/stdin.ts'
import type { Output } from '../output/output.ts'
import { outputsOf } from './manifest.ts'
import type { ManifestFile } from './manifest-file.ts'

const NO_STDIN = memoryStdin([])
const LINE_END = 10

export interface MergeWish {
  /** Of the results. */
  readonly folder: string
  /** Files, in the order in which their records are to come. */
  readonly paths: readonly string[]
  /** Each result begins with a line of column names, which the whole has once. */
  readonly hasHeader: boolean
  readonly unpacking: Unpacking
  readonly patience: Patience
}

/** Writes the records of all results to one output. Throws Interrupted, InputError, and what the output throws. */
export async function mergeResults(manifest: ManifestFile, wish: MergeWish, output: Output): Promise<void> {
  const { folder, paths, hasHeader, patience } = wish
  let isFirst = true
  for (const place of paths.flatMap((path) => outputsOf(manifest.entriesOf(path) ?? []))) {
    let isHeader = hasHeader && !isFirst
    isFirst = false
    for await (const chunk of bytesOf(join(folder, place), wish)) {
      const start = isHeader ? chunk.indexOf(LINE_END) + 1 : 0
      if (isHeader && start === 0) continue
      isHeader = false
      output.writeBytes(chunk.subarray(start))
      const room = output.flush()
      if (room !== undefined) await patience.wait(room)
      await patience.pause()
    }
  }
}

/** Of a result, without its packing. */
async function* bytesOf(path: string, { unpacking, patience }: MergeWish): AsyncGenerator<Uint8Array> {
  for await (const capture of openCaptures(path, { stdin: NO_STDIN, patience, unpacking, isLast: true })) {
    if (capture.as === 'capture') yield* capture.bytes
  }
}
