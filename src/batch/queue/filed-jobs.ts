// The list of what was filed. It says more of a file than a message does, and outlives the messages.
import { InputError } from '../../errors.ts'
import { hashOf } from '../options.ts'
import { type FiledJob, filedIn, type QueueJob } from './job.ts'
import type { Queue } from './queue.ts'

const BEGUN = 'begun'
const ENDED = 'ended'

/** From now on the list is not whole. The same filing, begun again, has the same name. */
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
export async function listJob({ filed }: Queue, one: FiledJob): Promise<void> {
  await filed.put(hashOf(one.job.path), JSON.stringify(one))
}

/** Undefined: the path has another job by now, or none. */
export async function listedJob({ filed }: Queue, { path, key }: QueueJob): Promise<FiledJob | undefined> {
  const one = filedIn((await filed.get(hashOf(path))) ?? '')
  return one?.job.key === key ? one : undefined
}

export async function listedJobs({ filed, shown }: Queue): Promise<readonly FiledJob[]> {
  return [...(await filed.entries()).values()].map((text) => {
    const one = filedIn(text)
    if (one === undefined) throw new InputError(`${shown}: an entry of its list is no job`, 'file the jobs again')
    return one
  })
}
