import { hashOf } from '../options.ts'
import type { TreeFile } from '../tree.ts'
import type { BatchPlan } from '../workbench.ts'

/** What a worker is asked to do: to convert one file of a tree, with all captures that it holds. */
export interface QueueJob {
  readonly v: 1
  /** As it will be in `capture.path`. */
  readonly path: string
  readonly size: number
  /** Of a file that cannot be read: zeros. */
  readonly content_sha256: string
  readonly options_sha256: string
  /** Of the program that filed it; workers are of the same. */
  readonly version: string
  /** Names the result: it is the same for equal inputs alone. */
  readonly key: string
}

/** A job, and all that is known of its file. It is plain data. */
export interface FiledJob {
  readonly job: QueueJob
  readonly file: TreeFile
}

const UNREADABLE = '0'.repeat(64)

/** The job of a file. `contentSha256`: undefined where it cannot be read. */
export function jobOf(file: TreeFile, contentSha256: string | undefined, batch: BatchPlan): FiledJob {
  const { path, size, ...rest } = file
  const { version, optionsSha256: options_sha256 } = batch
  const content_sha256 = contentSha256 ?? UNREADABLE
  const key = hashOf([content_sha256, path, options_sha256, version, rest])
  return { job: { v: 1, path, size, content_sha256, options_sha256, version, key }, file }
}

/** The SHA-256 of the bytes that a job is about; undefined where they cannot be read. */
export function contentOf({ content_sha256 }: QueueJob): string | undefined {
  return content_sha256 === UNREADABLE ? undefined : content_sha256
}

/** Reads a message. Undefined: it is no job. */
export function jobIn(text: string): QueueJob | undefined {
  const job = jsonIn(text)
  return isJob(job) ? job : undefined
}

/** Reads an entry of the list of jobs. */
export function filedIn(text: string): FiledJob | undefined {
  const filed = jsonIn(text)
  return isFiled(filed) ? filed : undefined
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const TEXTS = ['path', 'content_sha256', 'options_sha256', 'version', 'key'] as const

function isJob(job: unknown): job is QueueJob {
  if (typeof job !== 'object' || job === null) return false
  const of = (name: string): unknown => Reflect.get(job, name)
  return of('v') === 1 && Number.isSafeInteger(of('size')) && TEXTS.every((name) => typeof of(name) === 'string')
}

/** The rest of the file is as a program of the same version wrote it. */
function isFiled(filed: unknown): filed is FiledJob {
  return (
    typeof filed === 'object' &&
    filed !== null &&
    'job' in filed &&
    isJob(filed.job) &&
    'file' in filed &&
    typeof filed.file === 'object'
  )
}
