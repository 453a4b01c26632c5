import { openCaptures, type Unpacking } from '../input/captures.ts'
import { memoryStdin } from '../input/stdin.ts'
import { loadSideFile } from '../run/side-files.ts'
import { shownName } from '../text/file-name.ts'
import { inputName } from '../text/printable.ts'
import { convertCapture } from './convert-capture.ts'
import { type FileFacts, factsOf } from './file-facts.ts'
import { type FileEntries, type ManifestEntry, pathMembers, sideInputs } from './manifest.ts'
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
  const known = facts ?? (await factsOf(file.path, patience))
  if ('failure' in known)
    return withoutResult(file, batch, { status: 'failed', failure: known.failure }, started, clock())
  const captures = openCaptures(file.path, { stdin: NO_STDIN, patience, unpacking: UNPACKING, isLast: true })
  const { value: first } = await captures.next()
  if (first === undefined || first.as === 'skipped' || first.bytes.isMember) {
    const failure = `${inputName(file.path)}: an archive is not read in a batch`
    return withoutResult(file, batch, { status: 'failed', failure }, started, clock())
  }
  const { bytes } = first
  const side = file.side.used.flatMap((one) => loadSideFile(one) ?? [])
  const task = { bytes, path: shownName(file.path), place: file.place, doubts: file.side.doubts }
  const { status, ...converted } = await convertCapture(task, await bench.wired(side), bench)
  await captures.return(undefined)
  const times = { started: timeOf(started), ended: timeOf(clock()), ...known.identity }
  const about = { ...aboutFile(file, batch), side_inputs: sideInputs(side) }
  return [{ ...about, status, size: known.size, content_sha256: known.sha256, ...converted, times }]
}

const NO_STDIN = memoryStdin([])
const UNPACKING: Unpacking = { limits: { bytes: 2 ** 40, ratio: 100_000 }, folder: '/tmp', searchPath: '' }

/** What became of a file of which there is no result. The times are milliseconds since 1970. */
export function withoutResult(
  file: TreeFile,
  batch: BatchPlan,
  why: { readonly status: 'failed' | 'bug'; readonly failure: string },
  started: number,
  ended: number,
): FileEntries {
  const times = { started: timeOf(started), ended: timeOf(ended) }
  return [{ ...aboutFile(file, batch), ...why, size: file.size, times }]
}

type AboutFile = Pick<ManifestEntry, 'v' | 'path' | 'path_base64' | 'version' | 'options_sha256' | 'side_inputs'>

function aboutFile({ path, side }: TreeFile, { version, optionsSha256 }: BatchPlan): AboutFile {
  return { v: 1, ...pathMembers(path), version, options_sha256: optionsSha256, side_inputs: sideInputs(side.used) }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
