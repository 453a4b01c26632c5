import { sentenceOf } from '../../errors.ts'
import { listedJob } from './filed-jobs.ts'
import type { FiledJob } from './job.ts'
import type { GivenJob } from './job-queue.ts'
import { Leases, type Leasing } from './leasing.ts'
import type { Queue } from './queue.ts'
import { hasResult, keepResult } from './results.ts'

/** What takes jobs from a queue. */
export interface QueueWorker {
  readonly queue: Queue
  readonly leasing: Leasing
  /**
   * Each converts one job at a time, while one more waits here for its turn. What they do must not keep this thread
   * busy: its timers keep the leases.
   */
  readonly slots: readonly JobSlot[]
  /** The manifest line of a file that could not be converted. */
  readonly failed: (one: FiledJob, why: string) => string
  /** No more jobs are taken; those that have begun are left to others. */
  readonly stop: AbortSignal
}

/** Converts a file and puts its outputs in their place. Returns its manifest lines, with line ends. */
export type JobSlot = (one: FiledJob) => Promise<string>

/** After a fault at its first delivery a job waits for this part of a lease, and four times as long after each more. */
const FIRST_PAUSE = 1 / 32
const GROWTH = 4

/** Takes jobs until the queue is no more, or `stop`. Throws InputError when the server stays away. */
export async function work(worker: QueueWorker): Promise<void> {
  const leases = new Leases(worker.leasing)
  const stopped = new Promise<'stopped'>((resolve) => {
    worker.stop.addEventListener('abort', () => resolve('stopped'), { once: true })
  })
  const take = (): Promise<GivenJob | undefined> => nextJob(worker, leases, stopped)
  try {
    await Promise.all(worker.slots.map((convert) => serve(worker, convert, leases, take)))
  } finally {
    leases.end()
  }
}

/** One slot. While it converts a job it asks for the next one. */
async function serve(
  worker: QueueWorker,
  convert: JobSlot,
  leases: Leases,
  take: () => Promise<GivenJob | undefined>,
): Promise<void> {
  let ahead = take()
  for (let given = await ahead; given !== undefined; given = await ahead) {
    ahead = take()
    // Its fault is seen when its turn comes; until then it is no unhandled one.
    ahead.catch(() => {})
    await finish(worker, convert, given).finally(() => leases.release(given))
  }
}

/** Undefined: there will be no more. */
async function nextJob(
  { queue, stop }: QueueWorker,
  leases: Leases,
  stopped: Promise<'stopped'>,
): Promise<GivenJob | undefined> {
  while (!stop.aborted) {
    const asked = queue.jobs.next()
    const next = await Promise.race([asked, stopped])
    if (next === 'gone') return undefined
    if (next === 'stopped') void asked.then(giveBack, () => {})
    else if (next !== 'none') {
      leases.hold(next)
      return next
    }
  }
  return undefined
}

function giveBack(next: GivenJob | 'none' | 'gone'): void {
  if (typeof next === 'object') next.again(0)
}

async function finish(worker: QueueWorker, convert: JobSlot, given: GivenJob): Promise<void> {
  const { queue, stop } = worker
  const { job } = given
  if (stop.aborted) return given.again(0)
  if (await hasResult(queue, job.key)) return given.done()
  const filed = await listedJob(queue, job)
  // Its file was filed again, with other bytes.
  if (filed === undefined) return given.done()
  const lines = await linesOf(worker, convert, given, filed)
  if (lines === undefined) return
  await keepResult(queue, job.key, lines)
  await given.done()
}

/** Undefined: somebody is to try it again. */
async function linesOf(
  { failed, leasing, stop }: QueueWorker,
  convert: JobSlot,
  given: GivenJob,
  filed: FiledJob,
): Promise<string | undefined> {
  const { attempt } = given
  try {
    return await convert(filed)
  } catch (error) {
    if (attempt >= leasing.deliveries && !stop.aborted) return failed(filed, sentenceOf(error))
    given.again(stop.aborted ? 0 : leasing.ackWaitMs * FIRST_PAUSE * GROWTH ** (attempt - 1))
    return undefined
  }
}
