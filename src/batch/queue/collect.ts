import { randomUUID } from 'node:crypto'
import { Calm } from './calm.ts'
import { listJob } from './filed-jobs.ts'
import type { FiledJob } from './job.ts'
import type { Leasing } from './leasing.ts'
import type { Queue } from './queue.ts'
import { forgetResult, keepResult, linesOfResult } from './results.ts'

/** What waits for results. */
export interface Collector {
  readonly queue: Queue
  readonly leasing: Leasing
  /** The jobs by key. There may be more of them each time. */
  readonly jobs: ReadonlyMap<string, FiledJob>
  /** No more jobs will be there. */
  readonly isFiled: () => boolean
  /** Takes over the lines of a job. False: its outputs are not there, or are not what the lines say. */
  readonly accept: (one: FiledJob, lines: string) => Promise<boolean>
  /** The manifest lines of a file that could not be converted. */
  readonly failed: (one: FiledJob, why: string) => string
  readonly stop: AbortSignal
}

/**
 * Waits until every job has a result, or `stop`. That the queue is empty means nothing: a server that was killed keeps
 * messages that it gives to nobody, and forgets others. So what has no result when nothing happens any more is filed
 * again. Throws InputError.
 */
export async function collect(collector: Collector): Promise<void> {
  const { queue, leasing, jobs, isFiled, stop } = collector
  const calm = new Calm(queue, leasing)
  const results = new ResultsOfJobs(collector)
  while (!stop.aborted) {
    const { made, keys } = await queue.results.changes()
    await results.take(made)
    if (isFiled() && results.missing.length === 0) return
    if (await calm.look(`${made} ${keys} ${jobs.size}`)) {
      await results.take(made, 'all')
      await results.fileAgain()
    }
    await calm.pause()
  }
}

/** The results that were taken over, and how often the other jobs were filed again. */
class ResultsOfJobs {
  private readonly collector: Collector
  private readonly accepted = new Set<string>()
  private readonly filings = new Map<string, number>()
  private seen = 0

  constructor(collector: Collector) {
    this.collector = collector
  }

  get missing(): readonly FiledJob[] {
    const { jobs } = this.collector
    if (this.accepted.size === jobs.size) return []
    return [...jobs.values()].filter(({ job }) => !this.accepted.has(job.key))
  }

  /** Takes over what is new. `made`: changes of the table; a server that was killed may have forgotten some. */
  async take(made: number, extent: 'new' | 'all' = made < this.seen ? 'all' : 'new'): Promise<void> {
    const { results } = this.collector.queue
    if (extent === 'new' && made === this.seen) return
    const entries = extent === 'all' ? await results.entries() : await results.since(this.seen + 1)
    for (const [key, kept] of entries) {
      const one = this.collector.jobs.get(key)
      if (one !== undefined && !this.accepted.has(key)) await this.accept(one, kept)
    }
    this.seen = made
  }

  /** Files jobs again, each under a new message id; a job for which that was done too often has failed. */
  async fileAgain(): Promise<void> {
    const { queue, leasing, failed } = this.collector
    // What is left in the stream is what nobody is given any more.
    await queue.jobs.clear()
    for (const one of this.missing) {
      const { job } = one
      const filings = (this.filings.get(job.key) ?? 0) + 1
      await listJob(queue, one)
      if (filings > leasing.filings) await keepResult(queue, job.key, failed(one, 'worker lost'))
      else if ((await queue.jobs.file(job, `${job.key}-${randomUUID()}`)) === 'full') return
      this.filings.set(job.key, filings)
    }
  }

  private async accept(one: FiledJob, kept: string): Promise<void> {
    const { queue, accept } = this.collector
    const { key } = one.job
    const lines = await linesOfResult(queue, key, kept)
    if (lines !== undefined && (await accept(one, lines))) this.accepted.add(key)
    else await forgetResult(queue, key)
  }
}
