import { type FileEntries, type ManifestEntry, pathMembers } from '../manifest.ts'
import type { QueueJob } from './job.ts'

/** The entries of a file that no worker could convert. Times are those of its failure. */
export function failedEntries(job: QueueJob, why: string, now: string): FileEntries {
  const { path, size, content_sha256, options_sha256, version } = job
  const entry: ManifestEntry = {
    v: 1,
    ...pathMembers(path),
    status: 'failed',
    version,
    size,
    ...(content_sha256 !== UNREADABLE && { content_sha256 }),
    options_sha256,
    side_inputs: [],
    failure: why,
    times: { started: now, ended: now },
  }
  return [entry]
}

/** The content of a file that cannot be read. */
export const UNREADABLE = '0'.repeat(64)
