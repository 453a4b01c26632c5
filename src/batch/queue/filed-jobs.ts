import { hashOf } from '../options.ts'
import { jobIn, jobText, type QueueJob } from './job.ts'
import type { Queue } from './queue.ts'

const BEGUN = 'begun'
const ENDED = 'ended'

/** From now on the list of jobs is not whole. The same filing, begun again, has the same name. */
export async function beginFiling({ filings }: Queue, name: string): Promise<void> {
  await filings.put(hashOf(name), BEGUN)
}

export async function endFiling({ filings }: Queue, name: string): Promise<void> {
  await filings.put(hashOf(name), ENDED)
}

/** True while somebody files, or has begun and not ended. */
export async function isFiling({ filings }: Queue): Promise<boolean> {
  return [...(await filings.entries()).values()].includes(BEGUN)
}

/** A path has one job: the one that was filed last. */
export async function listJob({ filed }: Queue, job: QueueJob): Promise<void> {
  await filed.put(hashOf(job.path), jobText(job))
}

export async function listedJobs({ filed }: Queue): Promise<readonly QueueJob[]> {
  return [...(await filed.entries()).values()].flatMap((text) => jobIn(text) ?? [])
}
