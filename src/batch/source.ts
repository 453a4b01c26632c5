import { type CaptureSource, openCaptures } from '../input/captures.ts'
import { memoryStdin } from '../input/stdin.ts'
import { shapeOfCaptures } from '../run/seeking.ts'
import type { Workbench } from './workbench.ts'

const NO_STDIN = memoryStdin([])

/** What files of a batch are opened with. */
function sourceOf({ batch, surroundings }: Workbench): CaptureSource {
  const { needsSeeking } = shapeOfCaptures(surroundings.adapters)
  return { stdin: NO_STDIN, patience: surroundings.patience, unpacking: batch.unpacking, needsSeeking, isLast: true }
}

/** The captures of a file, as `openCaptures` gives them. */
export function captureSource(path: string, bench: Workbench): ReturnType<typeof openCaptures> {
  return openCaptures(path, sourceOf(bench))
}
