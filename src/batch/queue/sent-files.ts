// Where machines share no disk, files go over the queue: inputs and side files to the worker, results back.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../../errors.ts'
import { attempt } from '../../output/fault.ts'
import { Replacement } from '../../output/replacement.ts'
import { pathOf } from '../../text/file-name.ts'
import type { FileEntries, ManifestEntry } from '../manifest.ts'
import type { TreeFile } from '../tree.ts'
import type { BatchPlan } from '../workbench.ts'
import type { FiledJob } from './job.ts'
import type { Queue } from './queue.ts'
import type { WorkSlot } from './slot.ts'

/** Puts the file of a job there, and its side files. One that cannot be read has no bytes to send. */
export async function sendInput({ shelf }: Queue, { job, file }: FiledJob): Promise<void> {
  const inputs = inputsOf(job.key, file)
  const sides = file.side.used.map(({ sha256, file: path }) => ({ name: sideName(sha256), path }))
  for (const { name, path } of [...sides, ...inputs]) {
    if (!(await shelf.has(name))) await shelf.putFile(name, path)
  }
}

/** Takes results over into their folders. False: one is not there. */
export async function fetchResults(
  { shelf }: Queue,
  key: string,
  entries: FileEntries,
  batch: BatchPlan,
): Promise<boolean> {
  for (const { name, folder, place } of resultsOf(key, entries, batch)) {
    const path = join(folder, place)
    attempt(path, () => mkdirSync(pathOf(dirname(path)), { recursive: true }))
    // Its bytes as they are: they may be packed already.
    const file = new Replacement(path, path, undefined)
    try {
      if (!(await shelf.read(name, (bytes) => attempt(path, () => writeAll(file.fd, bytes))))) return false
      await file.sync()
      file.takePlace()
      await file.syncFolder()
    } finally {
      file.discard()
    }
  }
  return true
}

/** Removes what was sent for a job whose results were taken over. */
export async function forgetSent(
  { shelf }: Queue,
  { job: { key }, file }: FiledJob,
  entries: FileEntries,
  batch: BatchPlan,
): Promise<void> {
  for (const { name } of [...inputsOf(key, file), ...resultsOf(key, entries, batch)])
    if (await shelf.has(name)) await shelf.delete(name)
}

/** Converts a file that was sent, in a new folder `scratch`, and sends its results. Throws InputError. */
export async function convertSent(
  { shelf, shown }: Queue,
  slot: WorkSlot,
  { job: { key, path }, file }: FiledJob,
  batch: BatchPlan,
  scratch: string,
): Promise<FileEntries> {
  const fetched = async (name: string, to: string): Promise<string> => {
    const at = join(scratch, to)
    const fd = attempt(at, () => openSync(pathOf(at), 'w'))
    try {
      const isWhole = await shelf.read(name, (bytes) => attempt(at, () => writeAll(fd, bytes)))
      if (!isWhole) throw new InputError(`${path}: its bytes are not in ${shown}`, 'run --enqueue again')
    } finally {
      closeSync(fd)
    }
    return at
  }
  mkdirSync(scratch)
  try {
    const at = join(scratch, 'input')
    if (file.parts !== undefined) mkdirSync(at)
    for (const { name, part } of inputsOf(key, file)) await fetched(name, join('input', part))
    const used = []
    for (const [number, side] of file.side.used.entries())
      used.push({ ...side, file: await fetched(sideName(side.sha256), `side-${number}`) })
    const own = { ...batch, folder: join(scratch, 'results'), quarantine: batch.quarantine && join(scratch, 'rejects') }
    const entries = await slot.convert({ ...file, at, side: { ...file.side, used } }, own)
    for (const { name, folder, place } of resultsOf(key, entries, own)) await shelf.putFile(name, join(folder, place))
    return entries
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A folder of this process for the files of its jobs, which nobody else can enter. */
export function scratchFolder({ unpacking }: BatchPlan): string {
  return attempt(unpacking.folder, () => mkdtempSync(join(unpacking.folder, 'tracenorm-')))
}

interface SentResult {
  /** On the shelf. */
  readonly name: string
  readonly folder: string
  readonly place: string
}

function resultsOf(key: string, entries: readonly ManifestEntry[], batch: BatchPlan): readonly SentResult[] {
  return entries.flatMap(({ output, quarantine }, number) => [
    ...(output === undefined ? [] : [{ name: `result-${key}-${number}`, folder: batch.folder, place: output }]),
    ...(quarantine === undefined || batch.quarantine === undefined
      ? []
      : [{ name: `rejects-${key}-${number}`, folder: batch.quarantine, place: quarantine }]),
  ])
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
}

interface SentInput {
  /** On the shelf. */
  readonly name: string
  readonly path: string
  /** Its name in a folder that is one recording; else empty. */
  readonly part: string
}

function inputsOf(key: string, { path, parts }: TreeFile): readonly SentInput[] {
  if (parts === undefined) return [{ name: `input-${key}`, path, part: '' }]
  return parts.map((part, number) => ({ name: `input-${key}-${number}`, path: join(path, part), part }))
}

function sideName(sha256: string): string {
  return `side-${sha256}`
}
