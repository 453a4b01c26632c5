import { type CaptureSource, openCaptures } from '../input/captures.ts'
import { memoryStdin } from '../input/stdin.ts'
import { shapeOfCaptures } from '../run/seeking.ts'
import type { TreeFile } from './tree.ts'
import type { Workbench } from './workbench.ts'

const NO_STDIN = memoryStdin([])

/** What a file of a batch is opened with. */
function sourceOf({ batch, surroundings }: Workbench, { at, parts }: TreeFile): CaptureSource {
  const { needsSeeking } = shapeOfCaptures(surroundings.adapters)
  return {
    stdin: NO_STDIN,
    patience: surroundings.patience,
    unpacking: batch.unpacking,
    needsSeeking,
    filesOfFolder: parts && (() => parts),
    isLast: true,
    at,
  }
}

/** The captures of a file, as `openCaptures` gives them. */
export function captureSource(file: TreeFile, bench: Workbench): ReturnType<typeof openCaptures> {
  return openCaptures(file.path, sourceOf(bench, file))
}
