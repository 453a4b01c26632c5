import { createHash } from 'node:crypto'

/** What a worker is asked to do: to convert one file of the tree, with all captures that it holds. */
export interface QueueJob {
  readonly v: 1
  /** As it will be in `capture.path`. */
  readonly path: string
  readonly size: number
  readonly content_sha256: string
  /** Names the settings of the run, which are in the object store. */
  readonly options_sha256: string
  /** Of the program that filed it; workers are of the same. */
  readonly version: string
  /** Names the result: it is the same for equal inputs alone. */
  readonly key: string
}

/** What makes a result what it is. */
export type JobFacts = Omit<QueueJob, 'v' | 'size' | 'key'> & {
  /** Hashes of what is used beside the file, in the order of their paths. */
  readonly side_sha256: readonly string[]
}

/** SHA-256 over all facts, as hex digits. */
export function keyOf({ content_sha256, path, options_sha256, version, side_sha256 }: JobFacts): string {
  const facts = [content_sha256, path, options_sha256, version, ...side_sha256]
  return sha256(JSON.stringify(facts))
}

/** SHA-256 of a text's UTF-8 bytes, as hex digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

export function jobText(job: QueueJob): string {
  const { v, path, size, content_sha256, options_sha256, version, key } = job
  return JSON.stringify({ v, path, size, content_sha256, options_sha256, version, key })
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

function isJob(job: unknown): job is QueueJob {
  return (
    typeof job === 'object' &&
    job !== null &&
    'v' in job &&
    job.v === 1 &&
    'path' in job &&
    typeof job.path === 'string' &&
    'size' in job &&
    typeof job.size === 'number' &&
    ['content_sha256', 'options_sha256', 'key'].every((name) => isHash(Reflect.get(job, name))) &&
    'version' in job &&
    typeof job.version === 'string'
  )
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
