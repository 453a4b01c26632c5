import { NO_SIDE_FILES } from '../../run/side-files.ts'
import { hashOf } from '../options.ts'
import { placeOf } from '../places.ts'
import type { TreeFile } from '../tree.ts'

/** What a worker is asked to do: to convert one file of a tree, with all captures that it holds. */
export interface QueueJob {
  readonly v: 1
  /** As it will be in `capture.path`. */
  readonly path: string
  readonly size: number
  /** Of a file that cannot be read: zeros. */
  readonly content_sha256: string
  /** Names the settings of the run, which are on the shelf. */
  readonly options_sha256: string
  /** Of the program that filed it; workers are of the same. */
  readonly version: string
  /** Names the result: it is the same for equal inputs alone. */
  readonly key: string
  /** As of the TreeFile. */
  readonly root: string
  /** As of the TreeFile, where they do not follow from the path: another file has that name. */
  readonly place?: string
  readonly folder?: string
}

/** What the results of a file depend on, beside its path. */
export interface JobFacts {
  readonly content_sha256: string
  readonly options_sha256: string
  readonly version: string
  /** SHA-256 of what is used beside the file. */
  readonly side_sha256: string
}

/** The job of a file. `ending` is that of results. */
export function jobOf(file: TreeFile, ending: string, facts: JobFacts): QueueJob {
  const { path, size, root, place, folder } = file
  const { content_sha256, options_sha256, version, side_sha256 } = facts
  const regular = placeOf(path, ending)
  return {
    v: 1,
    path,
    size,
    content_sha256,
    options_sha256,
    version,
    key: hashOf([content_sha256, path, options_sha256, version, side_sha256, root, place, folder]),
    root,
    ...(place !== regular + ending && { place }),
    ...(folder !== regular && { folder }),
  }
}

/** The file that a job is about. */
export function fileOf({ path, size, root, place, folder }: QueueJob, ending: string): TreeFile {
  const regular = placeOf(path, ending)
  return { path, size, root, place: place ?? regular + ending, folder: folder ?? regular, side: NO_SIDE_FILES }
}

export function jobText(job: QueueJob): string {
  return JSON.stringify(job)
}

/** Reads what `jobText` wrote. Undefined: it is something else. */
export function jobIn(text: string): QueueJob | undefined {
  const job = jsonIn(text)
  return isJob(job) ? job : undefined
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const TEXTS = ['path', 'content_sha256', 'options_sha256', 'version', 'key', 'root'] as const
const OPTIONAL_TEXTS = ['place', 'folder'] as const

function isJob(job: unknown): job is QueueJob {
  if (typeof job !== 'object' || job === null) return false
  const of = (name: string): unknown => Reflect.get(job, name)
  return (
    of('v') === 1 &&
    Number.isSafeInteger(of('size')) &&
    TEXTS.every((name) => typeof of(name) === 'string') &&
    OPTIONAL_TEXTS.every((name) => ['string', 'undefined'].includes(typeof of(name)))
  )
}
