import { TracenormError } from '../errors.ts'
import type { OpenedCapture, openCaptures, SkippedEntry } from '../input/captures.ts'
import { ArchiveSides } from '../run/archive-sides.ts'
import { loadSideFile } from '../run/side-files.ts'
import { shownName } from '../text/file-name.ts'
import { convertCapture } from './convert-capture.ts'
import type { FileIdentity } from './file-facts.ts'
import { type AboutFile, type FileEntries, type ManifestEntry, pathMembers, sideInputs, timesOf } from './manifest.ts'
import { placeWithin, ResultNames } from './places.ts'
import { captureSource } from './source.ts'
import type { TreeFile } from './tree.ts'
import type { Workbench } from './workbench.ts'

/** An archive at work. */
export interface ArchiveTask {
  readonly file: TreeFile
  readonly about: AboutFile
  readonly size: number
  readonly identity: FileIdentity
  /** Milliseconds since 1970. */
  readonly started: number
}

type Entry = OpenedCapture | SkippedEntry

/**
 * Converts all members of an archive, and of the archives in it: its own entry, and those of its captures by path.
 * `first`: what was asked for already. Throws as `convertFile` does.
 */
export async function convertArchive(
  task: ArchiveTask,
  first: Entry | undefined,
  rest: ReturnType<typeof openCaptures>,
  bench: Workbench,
): Promise<FileEntries> {
  const { file, about, size, identity, started } = task
  const { batch, surroundings } = bench
  const outer = file.side.used.flatMap((one) => loadSideFile(one) ?? [])
  const sides = new ArchiveSides({ used: outer, doubts: file.side.doubts })
  if (batch.usesSideFiles) await sides.look(captureSource(file, bench))
  const members = new ArchiveMembers(task, sides, bench)
  for (let entry = first; entry !== undefined; ) {
    await members.take(entry)
    const next = await rest.next()
    entry = next.done === true ? undefined : next.value
  }
  const { entries, notRecognised, skipped, failure } = members
  const own: ManifestEntry = {
    ...about,
    side_inputs: sideInputs(outer),
    status: failure === undefined ? 'archive' : 'failed',
    size,
    members: { captures: entries.length, not_recognised: notRecognised, skipped },
    ...(failure !== undefined && { failure }),
    times: { ...timesOf(started, surroundings.clock()), ...identity },
  }
  return [own, ...entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))]
}

class ArchiveMembers {
  readonly entries: ManifestEntry[] = []
  notRecognised = 0
  skipped = 0
  /** Of the archive as a whole. */
  failure: string | undefined
  private readonly task: ArchiveTask
  private readonly sides: ArchiveSides
  private readonly bench: Workbench
  private readonly names = new ResultNames()

  constructor(task: ArchiveTask, sides: ArchiveSides, bench: Workbench) {
    this.task = task
    this.sides = sides
    this.bench = bench
  }

  async take(entry: Entry): Promise<void> {
    const { path } = this.task.file
    if (entry.as === 'skipped') this.skipped++
    else if (entry.path === path) this.failure ??= await failureOf(entry)
    else if (!this.sides.has(entry.path)) await this.convert(entry)
  }

  private async convert({ path, bytes }: OpenedCapture): Promise<void> {
    const { task, bench, names } = this
    const { file, about, identity } = task
    const { clock } = bench.surroundings
    const { ending } = bench.batch
    const started = clock()
    const { used, doubts } = this.sides.of(path)
    const within = path.slice(file.path.length + 1)
    const place = names.file(placeWithin(file.folder, within.replaceAll('!', '/'), ending), ending)
    const capture = { bytes, path: shownName(path), place, doubts }
    const { status, ...converted } = await convertCapture(capture, await bench.wired(used), bench)
    if (status === 'not-recognised') {
      this.notRecognised++
      return
    }
    this.entries.push({
      ...about,
      ...pathMembers(path),
      side_inputs: sideInputs(used),
      status,
      size: converted.report?.bytes ?? 0,
      ...converted,
      times: { ...timesOf(started, clock()), ...identity },
    })
  }
}

/** Why an archive cannot be read on. */
async function failureOf({ bytes }: OpenedCapture): Promise<string | undefined> {
  try {
    for await (const _ of bytes);
    return undefined
  } catch (error) {
    if (error instanceof TracenormError) return error.sentence
    throw error
  }
}
