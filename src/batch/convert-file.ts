import { openCapture } from '../input/open.ts'
import { memoryStdin } from '../input/stdin.ts'
import { shownName } from '../text/file-name.ts'
import { convertCapture } from './convert-capture.ts'
import { factsOf } from './file-facts.ts'
import { type FileEntries, pathMembers } from './manifest.ts'
import type { TreeFile } from './tree.ts'
import type { Workbench } from './workbench.ts'

/**
 * Converts all captures of a file, in this thread. Their results are on the disk, under their names, when this
 * returns. A file that cannot be read is an entry that says so. Throws Interrupted, and InputError where a result
 * cannot be written.
 */
export async function convertFile(file: TreeFile, bench: Workbench): Promise<FileEntries> {
  const { batch, surroundings } = bench
  const started = timeOf(surroundings.clock())
  const about = {
    v: 1,
    ...pathMembers(file.path),
    version: batch.version,
    options_sha256: batch.optionsSha256,
    side_inputs: [],
  } as const
  const facts = await factsOf(file.path, surroundings.patience)
  if ('failure' in facts) {
    const { failure } = facts
    const times = { started, ended: timeOf(surroundings.clock()) }
    return [{ ...about, status: 'failed', size: file.size, failure, times }]
  }
  const bytes = openCapture(file.path, NO_STDIN, surroundings.patience)
  const task = { bytes, path: shownName(file.path), place: file.place }
  const { status, ...converted } = await convertCapture(task, await bench.wired(), bench)
  const times = { started, ended: timeOf(surroundings.clock()), ...facts.identity }
  return [{ ...about, status, size: facts.size, content_sha256: facts.sha256, ...converted, times }]
}

const NO_STDIN = memoryStdin([])

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
