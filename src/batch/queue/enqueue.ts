import { setTimeout } from 'node:timers/promises'
import { beginFiling, endFiling, listJob } from './filed-jobs.ts'
import type { FiledJob } from './job.ts'
import type { Queue } from './queue.ts'

/** So many jobs are on their way to the server at once. */
const TOGETHER = 16
/** A full queue is tried again after this time. */
const PAUSE_MS = 250

/**
 * Files jobs. A full queue is waited for. `filing` names this filing: the same inputs, filed again after an
 * interruption, have the same name. Throws InputError when the server stays away.
 */
export async function enqueue(
  queue: Queue,
  filing: string,
  jobs: Iterable<FiledJob> | AsyncIterable<FiledJob>,
  stop: AbortSignal,
): Promise<void> {
  await beginFiling(queue, filing)
  const under = new Set<Promise<void>>()
  let fault: unknown
  for await (const filed of jobs) {
    if (stop.aborted || fault !== undefined) break
    const one = file(queue, filed, stop)
      .catch((error) => {
        fault = error
      })
      .finally(() => under.delete(one))
    under.add(one)
    if (under.size >= TOGETHER) await Promise.race(under)
  }
  await Promise.all(under)
  if (fault !== undefined) throw fault
  if (!stop.aborted) await endFiling(queue, filing)
}

/** It is on the list before it is a message: what is on the list and has no result is filed again. */
async function file(queue: Queue, one: FiledJob, stop: AbortSignal): Promise<void> {
  await listJob(queue, one)
  while (!stop.aborted && (await queue.jobs.file(one.job, one.job.key)) === 'full') await setTimeout(PAUSE_MS)
}
