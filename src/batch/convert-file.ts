import type { OpenedCapture } from '../input/captures.ts'
import { loadSideFile } from '../run/side-files.ts'
import { shownName } from '../text/file-name.ts'
import { convertArchive } from './convert-archive.ts'
import { convertCapture } from './convert-capture.ts'
import { type FileFacts, factsOf } from './file-facts.ts'
import { type AboutFile, type FileEntries, pathMembers, sideInputs, timesOf } from './manifest.ts'
import { captureSource } from './source.ts'
import type { TreeFile } from './tree.ts'
import type { BatchPlan, Workbench } from './workbench.ts'

/**
 * Converts all captures of a file, in this thread. Their results are on the disk, under their names, when this
 * returns. A file that cannot be read is an entry that says so. `facts`: where the file was read for them already.
 * Throws Interrupted, and InputError where a result cannot be written.
 */
export async function convertFile(file: TreeFile, bench: Workbench, facts?: FileFacts): Promise<FileEntries> {
  const { batch, surroundings } = bench
  const { clock, patience } = surroundings
  const started = clock()
  const known = facts ?? (await factsOf(file, patience))
  if ('failure' in known)
    return withoutResult(file, batch, { status: 'failed', failure: known.failure }, started, clock())
  const { size, sha256, identity } = known
  const about = { ...aboutFile(file, batch), content_sha256: sha256 }
  const captures = captureSource(file, bench)
  try {
    const { value: first } = await captures.next()
    if (first === undefined || first.as === 'skipped' || first.bytes.isMember)
      return await convertArchive({ file, about, size, identity, started }, first, captures, bench)
    const entry = await convertAlone(file, first, bench)
    return [{ ...about, size, ...entry, times: { ...timesOf(started, clock()), ...identity } }]
  } finally {
    await captures.return(undefined)
  }
}

async function convertAlone(
  { path, place, side }: TreeFile,
  { bytes }: OpenedCapture,
  bench: Workbench,
): Promise<Awaited<ReturnType<typeof convertCapture>> & Pick<AboutFile, 'side_inputs'>> {
  const used = side.used.flatMap((one) => loadSideFile(one) ?? [])
  const task = { bytes, path: shownName(path), place, doubts: side.doubts }
  const converted = await convertCapture(task, await bench.wired(used), bench)
  return { ...converted, side_inputs: sideInputs(used) }
}

/** What became of a file of which there is no result. The times are milliseconds since 1970. */
export function withoutResult(
  file: TreeFile,
  batch: BatchPlan,
  why: { readonly status: 'failed' | 'bug'; readonly failure: string },
  started: number,
  ended: number,
): FileEntries {
  return [{ ...aboutFile(file, batch), ...why, size: file.size, times: timesOf(started, ended) }]
}

function aboutFile({ path, side }: TreeFile, { version, optionsSha256 }: BatchPlan): AboutFile {
  return { v: 1, ...pathMembers(path), version, options_sha256: optionsSha256, side_inputs: sideInputs(side.used) }
}
