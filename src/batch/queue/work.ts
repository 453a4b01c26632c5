import { sentenceOf } from '../../errors.ts'
import type { QueueJob } from './job.ts'
import type { GivenJob } from './job-queue.ts'
import { Leases, type Leasing } from './leasing.ts'
import type { Queue } from './queue.ts'
import { hasResult, keepResult } from './results.ts'

/** What takes jobs from a queue. */
export interface QueueWorker {
  readonly queue: Queue
  readonly leasing: Leasing
  /** So many jobs are converted at once; for each, one more waits here for its turn. */
  readonly slots: number
  /**
   * Converts a file and puts its outputs in their place. Returns its manifest lines, with line ends. Must not keep
   * this thread busy: its timers keep the leases.
   */
  readonly convert: (job: QueueJob, attempt: number) => Promise<string>
  /** The manifest line of a file that could not be converted. */
  readonly failed: (job: QueueJob, why: string) => string
  /** No more jobs are taken; those that have begun are left to others. */
  readonly stop: AbortSignal
}

/** After a fault of the first delivery a job waits for this part of a lease, and four times as long after each more. */
const FIRST_PAUSE = 1 / 32
const GROWTH = 4

/** Takes jobs until the queue is no more, or `stop`. Throws InputError when the server stays away. */
export async function work(worker: QueueWorker): Promise<void> {
  const leases = new Leases(worker.leasing)
  try {
    await Promise.all(Array.from({ length: worker.slots }, () => serve(worker, leases)))
  } finally {
    leases.end()
  }
}

/** One slot. While it converts a job it asks for the next one. */
async function serve(worker: QueueWorker, leases: Leases): Promise<void> {
  let ahead = take(worker, leases)
  for (let delivery = await ahead; delivery !== undefined; delivery = await ahead) {
    ahead = take(worker, leases)
    // Its fault is seen when its turn comes; until then it is no unhandled one.
    ahead.catch(() => {})
    await finish(worker, delivery).finally(() => leases.release(delivery))
  }
}

/** Undefined: there will be no more. */
async function take({ queue, stop }: QueueWorker, leases: Leases): Promise<GivenJob | undefined> {
  const stopped = new Promise<'stopped'>((resolve) => stop.addEventListener('abort', () => resolve('stopped')))
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

async function finish(worker: QueueWorker, delivery: GivenJob): Promise<void> {
  const { queue, stop } = worker
  const { job } = delivery
  if (stop.aborted) return delivery.again(0)
  if (!(await hasResult(queue, job.key))) {
    const lines = await linesOf(worker, delivery)
    if (lines === undefined) return
    await keepResult(queue, job.key, lines)
  }
  await delivery.done()
}

/** Undefined: somebody is to try it again. */
async function linesOf(worker: QueueWorker, delivery: GivenJob): Promise<string | undefined> {
  const { convert, failed, leasing, stop } = worker
  const { job, attempt } = delivery
  try {
    return await convert(job, attempt)
  } catch (error) {
    if (attempt >= leasing.deliveries && !stop.aborted) return failed(job, sentenceOf(error))
    delivery.again(stop.aborted ? 0 : leasing.ackWaitMs * FIRST_PAUSE * GROWTH ** (attempt - 1))
    return undefined
  }
}
